#include "adapters/tabular/settings.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "adapters/sdk/nearest.h"
#include "adapters/tabular/problems.h"

namespace lienthong::tabular {
namespace {

constexpr std::string_view kOptions[] = {
    "separator",  "header",     "columns", "group_by", "control_id",   "required",
    "time",       "sender",     "numbers", "times",    "type",         "charset",
    "skip_lines", "short_rows", "empty",   "max_rows", "max_row_bytes"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class SettingsReader {
 public:
  SettingsReader(sdk::Host host, std::span<const lt_option> options, Settings& out)
      : host_(host), options_(options), out_(out) {}

  lt_status read() {
    std::string fingerprint;
    for (const lt_option& option : options_) {
      const std::string_view name = sdk::view(option.name);
      if (std::find(std::begin(kOptions), std::end(kOptions), name) == std::end(kOptions))
        return host_.refuse_option(number(ProblemNumber::OptionUnknown), name, sdk::nearest(name, kOptions));
      fingerprint.append(name).append(1, '\0').append(sdk::view(option.value)).append(1, '\0');
    }
    const std::vector<std::string> columns = lines_of(value_of("columns"));
    out_.names = ColumnNames::of(fingerprint, columns);
    if (out_.names == nullptr) return LT_LIMIT;
    for (const lt_option& option : options_) {
      const std::string_view name = sdk::view(option.name);
      if (!set(name, sdk::view(option.value)))
        return host_.refuse_option(number(ProblemNumber::OptionWrong), name, sdk::view(option.value));
    }
    if (!out_.has_header && columns.empty())
      return host_.refuse_option(number(ProblemNumber::OptionWrong), "columns", "");
    return LT_OK;
  }

 private:
  std::string_view value_of(std::string_view name) const {
    for (const lt_option& option : options_) {
      if (sdk::view(option.name) == name) return sdk::view(option.value);
    }
    return {};
  }

  bool set(std::string_view name, std::string_view value) {
    if (name == "separator") return set_separator(value);
    if (name == "header") return set_choice(value, "row", "none", out_.has_header, true);
    if (name == "short_rows") return set_choice(value, "fill", "refuse", out_.fill_short_rows, true);
    if (name == "columns") return !lines_of(value).empty();
    if (name == "group_by") return set_columns(value, out_.group_by);
    if (name == "control_id") return set_columns(value, out_.control_id);
    if (name == "required") return set_columns(value, out_.required);
    if (name == "time") return set_column(value, out_.time);
    if (name == "sender") return set_column(value, out_.sender);
    if (name == "numbers") return set_formats(value, &ValueFormat::parse_number);
    if (name == "times") return set_formats(value, &ValueFormat::parse_time);
    if (name == "type") return set_text(value, out_.type);
    if (name == "charset") return set_text(value, out_.charset);
    if (name == "skip_lines") return set_number(value, 0, 1'000, out_.skip_lines);
    if (name == "max_rows") return set_number(value, 1, 1'000'000, out_.max_rows);
    if (name == "max_row_bytes") return set_number(value, 64, 64U << 20, out_.max_row_bytes);
    out_.empty_texts = lines_of(value);  // "empty"
    return true;
  }

  bool set_separator(std::string_view value) {
    constexpr std::string_view kNames[] = {"auto", "comma", "semicolon", "tab", "pipe"};
    constexpr char kCharacters[] = {'\0', ',', ';', '\t', '|'};
    for (std::size_t i = 0; i < std::size(kNames); ++i) {
      const bool is_character = i != 0 && value.size() == 1 && value[0] == kCharacters[i];
      if (value != kNames[i] && !is_character) continue;
      out_.separator = kCharacters[i];
      return true;
    }
    return false;
  }

  static bool set_choice(std::string_view value, std::string_view yes, std::string_view no, bool& out,
                         bool when_yes) {
    if (value != yes && value != no) return false;
    out = (value == yes) == when_yes;
    return true;
  }

  static bool set_text(std::string_view value, std::string& out) {
    out = trimmed(value);
    return !out.empty();
  }

  static bool set_number(std::string_view value, std::uint32_t least, std::uint32_t most,
                         std::uint32_t& out) {
    const auto read = std::from_chars(value.data(), value.data() + value.size(), out);
    return read.ec == std::errc() && read.ptr == value.data() + value.size() && out >= least && out <= most;
  }

  bool set_column(std::string_view value, lt_path& out) {
    std::string_view nearest;
    value = trimmed(value);
    if (!out_.names->declared().empty() && !out_.names->is_declared(value, nearest)) return false;
    out = out_.names->add(value);
    return out != 0;
  }

  bool set_columns(std::string_view value, std::vector<lt_path>& out) {
    for (const std::string& name : lines_of(value)) {
      lt_path column = 0;
      if (!set_column(name, column)) return false;
      out.push_back(column);
    }
    return true;
  }

  // "Column = example or pattern", one a line.
  bool set_formats(std::string_view value, bool (*parse)(std::string_view, ValueFormat&)) {
    for (const std::string& line : lines_of(value)) {
      const std::size_t equals = line.rfind('=');
      ColumnFormat one;
      if (equals == std::string::npos || !set_column(line.substr(0, equals), one.column)) return false;
      if (!parse(std::string_view(line).substr(equals + 1), one.format)) return false;
      out_.formats.push_back(std::move(one));
    }
    return true;
  }

  sdk::Host host_;
  std::span<const lt_option> options_;
  Settings& out_;
};

}  // namespace

lt_status read_settings(sdk::Host host, const lt_option* options, std::size_t count, Settings& out) {
  return SettingsReader(host, {options, count}, out).read();
}

}  // namespace lienthong::tabular
