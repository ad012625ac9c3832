#include "gateway/app/setting_value.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "fhir-model/definitions/definitions.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/quantity.h"
#include "gateway/net/endpoint.h"

namespace lienthong::app {
namespace {

using Kind = TomlNode::Kind;

bool is_small_name(std::string_view text) {
  if (text.empty() || text.size() > 60 || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_charset(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_url(std::string_view text) {
  const auto host = text.starts_with("https://")  ? text.substr(8)
                    : text.starts_with("http://") ? text.substr(7)
                                                  : "";
  return !host.empty() && host.front() != '/' && text.find_first_of(" \t\"<>") == std::string_view::npos;
}

bool is_resource(std::string_view text) {
  if (text == "*") return true;
  const auto& r4 = fhir::Definitions::r4();
  const auto* type = r4.find_type(text);
  const auto* resource = r4.find_type("Resource");
  return type != nullptr && resource != nullptr && !text.empty() &&
         text.find('.') == std::string_view::npos && r4.is_a(type->id, resource->id);
}

// The problem number of a text that has not its form; 0 = it has. An empty text always stands for "not set".
std::uint16_t check_form(std::string_view text, TextForm form) {
  net::AllowList blocks;
  switch (form) {
    case TextForm::Any:
    case TextForm::Path:
      return 0;
    case TextForm::Name:
      return is_small_name(text) ? 0 : kMustBeName;
    case TextForm::Endpoint:
      return net::parse_endpoint(text) ? 0 : kMustBeEndpoint;
    case TextForm::AddressBlock:
      return blocks.add(text) ? 0 : kMustBeBlock;
    case TextForm::Url:
      return is_url(text) ? 0 : kMustBeUrl;
    case TextForm::UtcOffset:
      return parse_utc_offset(text) ? 0 : kMustBeUtcOffset;
    case TextForm::ResourceType:
      return is_resource(text) ? 0 : kMustBeResource;
    case TextForm::Charset:
      return is_charset(text) ? 0 : kMustBeCharset;
  }
  return 0;
}

std::string resolve_path(const std::string& path, const std::string& folder) {
  constexpr std::string_view kCredential = "credential:";
  if (path.empty()) return path;
  if (path.starts_with(kCredential)) {
    const auto* credentials = std::getenv("CREDENTIALS_DIRECTORY");
    return (credentials != nullptr ? std::string(credentials) : "$CREDENTIALS_DIRECTORY") + '/' +
           path.substr(kCredential.size());
  }
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::optional<SettingValue> read_text(const TomlNode& node, const Setting& setting, const std::string& folder,
                                      Problem& problem) {
  problem.number = kMustBeText;
  if (node.kind != Kind::Text) return std::nullopt;
  if (node.text.starts_with("-----BEGIN")) {
    problem.number = kSecretInFile;
    return std::nullopt;
  }
  if (node.text.empty()) {
    problem.number = kMustNotBeEmpty;
    return setting.required ? std::nullopt : std::optional<SettingValue>(node.text);
  }
  problem.number = check_form(node.text, setting.form);
  if (problem.number != 0) return std::nullopt;
  return setting.form == TextForm::Path ? resolve_path(node.text, folder) : node.text;
}

std::optional<SettingValue> read_choice(const TomlNode& node, const Setting& setting, Problem& problem) {
  problem.number = kMustBeChoice;
  problem.arguments.push_back(join(setting.choices));
  const auto found = std::find(setting.choices.begin(), setting.choices.end(), node.text);
  if (node.kind != Kind::Text || found == setting.choices.end()) return std::nullopt;
  return std::int64_t{found - setting.choices.begin()};
}

std::optional<std::int64_t> read_number(const TomlNode& node, SettingKind kind) {
  if (kind == SettingKind::Count || (kind == SettingKind::Size && node.kind == Kind::Integer)) {
    return node.kind == Kind::Integer ? std::optional(node.integer) : std::nullopt;
  }
  if (kind == SettingKind::Size && node.kind == Kind::Text) {
    const auto size = parse_size(node.text);
    return size ? std::optional(static_cast<std::int64_t>(*size)) : std::nullopt;
  }
  if (kind == SettingKind::Duration && node.kind == Kind::Text) {
    const auto duration = parse_duration(node.text);
    return duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt;
  }
  const bool zero = kind == SettingKind::Duration && node.kind == Kind::Integer && node.integer == 0;
  return zero ? std::optional<std::int64_t>(0) : std::nullopt;
}

std::optional<SettingValue> read_quantity(const TomlNode& node, const Setting& setting, Problem& problem) {
  problem.number = setting.kind == SettingKind::Count  ? kMustBeCount
                   : setting.kind == SettingKind::Size ? kMustBeSize
                                                       : kMustBeDuration;
  problem.arguments.push_back(render_bound(setting, setting.minimum));
  problem.arguments.push_back(render_bound(setting, setting.maximum));
  const auto number = read_number(node, setting.kind);
  if (!number || *number < setting.minimum || *number > setting.maximum) return std::nullopt;
  return *number;
}

std::optional<SettingValue> read_list(const TomlNode& node, const Setting& setting, Problem& problem) {
  problem.number = kMustBeTextList;
  if (node.kind != Kind::List) return std::nullopt;
  std::vector<std::string> list;
  for (const auto& item : node.children) {
    if (item.kind != Kind::Text) return std::nullopt;
    if (const auto wrong = check_form(item.text, setting.form); wrong != 0) {
      problem.number = wrong;
      return std::nullopt;
    }
    list.push_back(item.text);
  }
  return list;
}

std::optional<SettingValue> read_table(const TomlNode& node, Problem& problem) {
  problem.number = kMustBeTextTable;
  if (node.kind != Kind::Table) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> table;
  for (const auto& member : node.children) {
    if (member.kind != Kind::Text || member.text.empty()) return std::nullopt;
    table.emplace_back(member.key, member.text);
  }
  return table;
}

std::optional<SettingValue> read_schedule(const TomlNode& node, Problem& problem) {
  problem.number = kMustBeSchedule;
  if (node.kind != Kind::Text) return std::nullopt;
  const auto schedule = parse_schedule(node.text);
  return schedule ? std::optional<SettingValue>(*schedule) : std::nullopt;
}

}  // namespace

std::optional<SettingValue> read_value(const TomlNode& node, const Setting& setting,
                                       const std::string& folder, Problem& problem) {
  problem.arguments = {setting.name};
  switch (setting.kind) {
    case SettingKind::Text:
      return read_text(node, setting, folder, problem);
    case SettingKind::Choice:
      return read_choice(node, setting, problem);
    case SettingKind::Boolean:
      problem.number = kMustBeBoolean;
      return node.kind == Kind::Boolean ? std::optional<SettingValue>(node.boolean) : std::nullopt;
    case SettingKind::Count:
    case SettingKind::Size:
    case SettingKind::Duration:
      return read_quantity(node, setting, problem);
    case SettingKind::TextList:
      return read_list(node, setting, problem);
    case SettingKind::TextTable:
      return read_table(node, problem);
    case SettingKind::Schedule:
      return read_schedule(node, problem);
  }
  return std::nullopt;
}

std::string join(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

std::string render_bound(const Setting& setting, std::int64_t bound) {
  switch (setting.kind) {
    case SettingKind::Count:
      return std::to_string(bound);
    case SettingKind::Size:
      return format_size(static_cast<std::uint64_t>(bound));
    case SettingKind::Duration:
      return format_duration(std::chrono::milliseconds(bound));
    default:
      return {};
  }
}

}  // namespace lienthong::app
