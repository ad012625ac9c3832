#include "adapters/tabular/layout.h"

#include <algorithm>

#include "adapters/sdk/nearest.h"
#include "adapters/tabular/problems.h"
#include "adapters/tabular/row_scan.h"

namespace lienthong::tabular {
namespace {

constexpr char kSeparators[] = {'\t', ';', '|', ','};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
  }
  return out;
}

std::vector<std::string> split(std::string_view row, char separator) {
  std::vector<std::string> fields;
  const RowRules rules{separator, row.size() + 1, 0};
  scan_row(row, 0, true, rules, [&](std::uint32_t, std::size_t begin, std::size_t end, FieldForm form) {
    const std::string_view text = row.substr(begin, end - begin);
    fields.push_back(form == FieldForm::Escaped ? unescaped(text) : std::string(text));
  });
  return fields;
}

bool is_named(const ColumnNames& names, std::string_view heading) {
  const std::string fold = fold_heading(heading);
  for (std::uint32_t i = 0; i < names.count(); ++i) {
    if (names.at(i).text == heading || (!fold.empty() && names.at(i).fold == fold)) return true;
  }
  return false;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

char tell_separator(const Settings& settings, std::string_view row) {
  if (settings.separator != '\0') return settings.separator;
  char best = ',';
  std::size_t most_known = 0, most_fields = 0;
  for (const char separator : kSeparators) {
    const std::vector<std::string> fields = split(row, separator);
    const auto known =
        static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), [&](const std::string& f) {
          return is_named(*settings.names, trimmed(f));
        }));
    if (known < most_known || (known == most_known && fields.size() <= most_fields)) continue;
    best = separator;
    most_known = known;
    most_fields = fields.size();
  }
  return best;
}

std::string place_text(std::uint32_t row, std::uint32_t column, std::string_view name) {
  std::string text = "row " + std::to_string(row);
  if (column == kNoColumn) return text;
  text += ", column " + std::to_string(column + 1);
  if (!name.empty()) text.append(" (").append(name).append(")");
  return text;
}

bool Layout::read_headings(sdk::Host host, const Settings& settings, std::string_view header) {
  lt_text utf8 = sdk::text(header);
  if (!is_ascii(header) && host.decode(settings.charset, header, utf8) != LT_OK) utf8 = sdk::text(header);
  headings_ = split(sdk::view(utf8), separator_);
  while (headings_.size() > 1 && trimmed(headings_.back()).empty()) headings_.pop_back();
  if (headings_.size() > kMostColumns) return false;
  for (std::string& heading : headings_) {
    heading = std::string(trimmed(heading));
    folds_.push_back(fold_heading(heading));
  }
  return true;
}

bool Layout::read_header(sdk::Host host, const Settings& settings, std::string_view header, char separator,
                         std::uint32_t row) {
  header_ = header;
  separator_ = separator;
  if (!read_headings(host, settings, header)) {
    const std::string most = std::to_string(kMostColumns), where = place_text(row, kNoColumn, {});
    const lt_text arguments[] = {sdk::text(most)};
    host.report({.severity = LT_FATAL,
                 .number = number(ProblemNumber::TooManyColumns),
                 .where = where,
                 .arguments = arguments});
    return false;
  }
  refresh(settings);
  return check(host, settings, row);
}

bool Layout::take_declared(sdk::Host, const Settings& settings, std::string_view first_row) {
  separator_ = settings.separator;
  if (separator_ == '\0') {
    separator_ = ',';
    for (const char one : kSeparators) {
      if (split(first_row, one).size() == settings.names->declared().size()) separator_ = one;
    }
  }
  for (const std::string& name : settings.names->declared()) {
    headings_.push_back(name);
    folds_.push_back(fold_heading(name));
  }
  refresh(settings);
  return true;
}

std::uint32_t Layout::find(const ColumnName& name) const {
  for (const bool exact : {true, false}) {
    std::uint32_t ordinal = std::max<std::uint32_t>(name.ordinal, 1);
    for (std::uint32_t i = 0; i < headings_.size(); ++i) {
      const bool same = exact ? headings_[i] == name.text : !name.fold.empty() && folds_[i] == name.fold;
      if (same && --ordinal == 0) return i;
    }
  }
  return kNoColumn;
}

void Layout::refresh(const Settings& settings) {
  const ColumnNames& names = *settings.names;
  const std::uint32_t count = names.count();
  if (columns_.size() == count && !formats_.empty()) return;
  for (auto i = static_cast<std::uint32_t>(columns_.size()); i < count; ++i)
    columns_.push_back(find(names.at(i)));
  formats_.assign(headings_.size(), nullptr);
  for (const ColumnFormat& one : settings.formats) {
    const std::uint32_t column = column_of(one.column);
    if (column != kNoColumn) formats_[column] = &one.format;
  }
  group_columns_.clear();
  for (const lt_path path : settings.group_by) {
    if (column_of(path) != kNoColumn) group_columns_.push_back(column_of(path));
  }
  std::sort(group_columns_.begin(), group_columns_.end());
}

std::string_view Layout::known_name(const Settings& settings, std::uint32_t column) const noexcept {
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] == column) return settings.names->at(i).text;
  }
  return {};
}

// Unless the mapping says which of them it means.
bool Layout::is_doubled(const ColumnNames& names, const ColumnName& name) const {
  for (std::uint32_t i = 0; i < names.count(); ++i) {
    if (names.at(i).ordinal != 0 && names.at(i).fold == name.fold) return false;
  }
  const auto exact = std::count(headings_.begin(), headings_.end(), name.text);
  return exact > 1 ||
         (exact == 0 && !name.fold.empty() && std::count(folds_.begin(), folds_.end(), name.fold) > 1);
}

bool Layout::check(sdk::Host host, const Settings& settings, std::uint32_t row) const {
  const ColumnNames& names = *settings.names;
  const std::string where = place_text(row, kNoColumn, {});
  const bool finds_any =
      std::any_of(columns_.begin(), columns_.end(), [](std::uint32_t column) { return column != kNoColumn; });
  if (names.count() > 0 && !finds_any) {
    host.report({.severity = LT_FATAL, .number = number(ProblemNumber::HeaderNotFound), .where = where});
    return false;
  }
  bool usable = true;
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    const lt_text arguments[] = {sdk::text(names.at(i).text)};
    const bool doubled = is_doubled(names, names.at(i));
    if (columns_[i] != kNoColumn && !doubled) continue;
    const auto holds = [&](const std::vector<lt_path>& list) {
      return std::find(list.begin(), list.end(), kFirstColumnPath + i) != list.end();
    };
    const bool required = holds(settings.required) || holds(settings.group_by) || holds(settings.control_id);
    const ProblemNumber problem = doubled    ? ProblemNumber::ColumnDoubled
                                  : required ? ProblemNumber::RequiredMissing
                                             : ProblemNumber::ColumnMissing;
    const bool fatal = doubled || required;
    usable = usable && !fatal;
    host.report({.severity = fatal ? LT_FATAL : LT_WARNING,
                 .number = number(problem),
                 .where = where,
                 .arguments = arguments});
  }
  if (usable) report_unknown(host, settings, row);
  return usable;
}

// Only where the profile says which columns there are.
void Layout::report_unknown(sdk::Host host, const Settings& settings, std::uint32_t row) const {
  if (settings.names->declared().empty()) return;
  for (std::uint32_t i = 0; i < headings_.size(); ++i) {
    if (headings_[i].empty() || is_named(*settings.names, headings_[i])) continue;
    const std::string place = place_text(row, i, {}), column = std::to_string(i + 1);
    const lt_text arguments[] = {sdk::text(column)};
    host.report({.severity = LT_INFORMATION,
                 .number = number(ProblemNumber::ColumnUnknown),
                 .where = place,
                 .value = headings_[i],
                 .arguments = arguments});
  }
}

}  // namespace lienthong::tabular
