#include "gateway/app/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "gateway/app/file.h"
#include "gateway/app/nearest.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/setting_value.h"
#include "gateway/app/settings.h"

namespace lienthong::app {
namespace {

constexpr std::uint64_t kLongestConfig = std::uint64_t{4} << 20;

// What people write when they put a secret itself where its file or variable belongs.
constexpr std::array<std::string_view, 5> kSecretWords = {"token", "secret", "password", "value", "key"};

class Reader {
 public:
  Reader(ConfigOutcome& outcome, std::string folder) : outcome_(outcome), folder_(std::move(folder)) {}

  void read(const TomlNode& root) {
    for (const auto& member : root.children) read_top(member);
    auto& config = outcome_.config;
    for (const auto id : {SectionId::Gateway, SectionId::Store, SectionId::Http, SectionId::Repository}) {
      if (const auto& section = section_of(id); root.find(section.path) == nullptr) {
        require_all(section, {}, Position{});
      }
    }
    if (outcome_.ok()) check_config(config, outcome_.problems);
  }

 private:
  using Seen = std::set<std::string, std::less<>>;

  void read_top(const TomlNode& node) {
    auto& config = outcome_.config;
    if (node.key == "gateway") return read_one(SectionId::Gateway, node, &config.gateway);
    if (node.key == "store") return read_one(SectionId::Store, node, &config.store);
    if (node.key == "http") return read_one(SectionId::Http, node, &config.http);
    if (node.key == "repository") return read_one(SectionId::Repository, node, &config.repository);
    if (node.key == "source") return read_many(SectionId::Source, node, config.sources);
    if (node.key == "destination") return read_many(SectionId::Destination, node, config.destinations);
    std::vector<std::string_view> names;
    for (const auto& section : all_sections()) names.push_back(section.path);
    say_unknown(node, node.key, "", names);
  }

  void read_one(SectionId id, const TomlNode& node, void* object) {
    const auto& section = section_of(id);
    if (node.kind != TomlNode::Kind::Table) return say(node.key_position, kNotASection, {node.key});
    read_section(section, std::string(section.path), node, object);
  }

  template <class S>
  void read_many(SectionId id, const TomlNode& node, std::vector<S>& objects) {
    const auto& section = section_of(id);
    const auto is_table = [](const TomlNode& item) { return item.kind == TomlNode::Kind::Table; };
    if (node.kind != TomlNode::Kind::List ||
        !std::all_of(node.children.begin(), node.children.end(), is_table)) {
      return say(node.key_position, kNotARepeated, {std::string(section.path)});
    }
    for (const auto& item : node.children) {
      const auto place = fmt::format("{}[{}]", section.path, objects.size());
      read_section(section, place, item, &objects.emplace_back());
    }
  }

  void read_section(const Section& section, const std::string& place, const TomlNode& node, void* object) {
    outcome_.config.locations[place] = node.position;
    Seen seen;
    for (const auto& member : node.children) read_member(section, place, member, member.key, object, seen);
    require_all(section, seen, node.position);
  }

  // `name`: the member's name within the section, with dots ("tls.key").
  void read_member(const Section& section, const std::string& place, const TomlNode& node,
                   const std::string& name, void* object, Seen& seen) {
    const auto found = std::find_if(section.settings.begin(), section.settings.end(),
                                    [&](const Setting& setting) { return setting.name == name; });
    if (found != section.settings.end()) {
      seen.insert(name);
      outcome_.config.locations[place + '.' + name] = node.position;
      return read_setting(*found, node, object);
    }
    if (section.id == SectionId::Http && name == "token") {
      return read_many(SectionId::Token, node, outcome_.config.http.tokens);
    }
    const auto is_group =
        std::any_of(section.settings.begin(), section.settings.end(),
                    [&](const Setting& setting) { return setting.name.starts_with(name + '.'); });
    if (is_group && node.kind == TomlNode::Kind::Table) {
      for (const auto& child : node.children) {
        read_member(section, place, child, name + '.' + child.key, object, seen);
      }
      return;
    }
    say_unknown_setting(section, node, name);
  }

  void read_setting(const Setting& setting, const TomlNode& node, void* object) {
    Problem problem;
    const auto value = read_value(node, setting, folder_, problem);
    if (value) return setting.assign(object, *value);
    outcome_.problems.push_back({node.position, std::move(problem)});
  }

  void say_unknown_setting(const Section& section, const TomlNode& node, const std::string& name) {
    const auto secret = std::find(kSecretWords.begin(), kSecretWords.end(), node.key) != kSecretWords.end();
    if (secret && node.kind == TomlNode::Kind::Text) return say(node.position, kSecretInFile, {name});
    std::vector<std::string_view> names;
    for (const auto& setting : section.settings) names.push_back(setting.name);
    say_unknown(node, name, section.path, names);
  }

  void say_unknown(const TomlNode& node, const std::string& name, std::string_view section,
                   const std::vector<std::string_view>& names) {
    const auto meant = nearest(name, names);
    const auto where = std::string(section.empty() ? "…" : section);
    if (meant.empty()) return say(node.key_position, kUnknownSetting, {name, where});
    say(node.key_position, kDidYouMean, {name, where, std::string(meant)});
  }

  void require_all(const Section& section, const Seen& seen, Position position) {
    for (const auto& setting : section.settings) {
      if (!setting.required || seen.contains(setting.name)) continue;
      say(position, kRequired, {setting.name, std::string(section.path)});
    }
  }

  void say(Position position, std::uint16_t number, std::vector<std::string> arguments) {
    Problem problem;
    problem.number = number;
    problem.arguments = std::move(arguments);
    outcome_.problems.push_back({position, std::move(problem)});
  }

  ConfigOutcome& outcome_;
  std::string folder_;
};

ConfigOutcome failed(Position position, std::uint16_t number, std::vector<std::string> arguments) {
  Problem problem;
  problem.number = number;
  problem.arguments = std::move(arguments);
  ConfigOutcome outcome;
  outcome.problems.push_back({position, std::move(problem)});
  return outcome;
}

// With its byte order mark, or by the zero beside the first letter.
bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         (text.size() > 1 && (text[0] == '\0' || text[1] == '\0'));
}

}  // namespace

bool ConfigOutcome::ok() const noexcept {
  return std::none_of(problems.begin(), problems.end(),
                      [](const ConfigProblem& p) { return p.problem.severity >= Severity::Error; });
}

ConfigOutcome read_config(std::string_view text, const std::string& file) {
  if (is_utf16(text)) return failed({1, 1}, kNotUtf8, {});
  const auto tree = parse_toml(text);
  if (!tree) {
    const bool bad_bytes = tree.error().text.find("utf-8") != std::string::npos;
    return failed(tree.error().position, bad_bytes ? kNotUtf8 : kNotToml, {tree.error().text});
  }
  ConfigOutcome outcome;
  outcome.config.file = file;
  std::error_code ignored;
  const auto absolute = std::filesystem::absolute(file, ignored);
  Reader(outcome, absolute.parent_path().string()).read(*tree);
  std::stable_sort(outcome.problems.begin(), outcome.problems.end(), [](const auto& a, const auto& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return outcome;
}

ConfigOutcome load_config(const std::string& file) {
  const auto text = read_file(file, kLongestConfig);
  if (!text) {
    const auto& reason = text.error().text;
    const auto colon = reason.rfind(": ");
    return failed({}, kCannotRead, {file, colon == std::string::npos ? reason : reason.substr(colon + 2)});
  }
  return read_config(*text, file);
}

std::string to_string(const ConfigProblem& problem, const std::string& file, Language language) {
  const auto& catalogue = Catalogue::gateway();
  auto out = problem.position.line == 0
                 ? fmt::format("{}: ", file)
                 : fmt::format("{}:{}:{}: ", file, problem.position.line, problem.position.column);
  if (problem.problem.severity == Severity::Warning) {
    out += language == Language::Vietnamese ? "cảnh báo: " : "warning: ";
  }
  out += catalogue.text(problem.problem, language);
  if (const auto remedy = catalogue.remedy(problem.problem, language); !remedy.empty())
    out += "\n    " + remedy;
  return out;
}

}  // namespace lienthong::app
