#include "gateway/app/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "gateway/app/nearest.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/version.h"

namespace lienthong::app {
namespace {

constexpr std::string_view kLanguageOption = "--lang";

std::optional<Language> parse_language(std::string_view text) {
  if (text.starts_with("vi")) return Language::Vietnamese;
  if (text.starts_with("en")) return Language::English;
  return std::nullopt;
}

Language language_of_environment() {
  for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const auto* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return parse_language(value).value_or(Language::English);
  }
  return Language::English;
}

void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

const Command* find_command(std::string_view name) {
  const auto& commands = all_commands();
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

void say_no_command(const Invocation& call, const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& command : all_commands()) names.push_back(command.name);
  const auto meant = nearest(name, names);
  if (meant.empty()) return call.say(kNoSuchCommand, {name});
  call.say(kCommandMeant, {name, std::string(meant)});
}

void say_no_option(const Invocation& call, const Command& command, const std::string& name) {
  std::vector<std::string_view> names = {"--help", kLanguageOption};
  for (const auto& option : command.options) names.push_back(option.name);
  const auto meant = nearest(name, names);
  if (meant.empty()) return call.say(kNoSuchOption, {name, std::string(command.name)});
  call.say(kOptionMeant, {name, std::string(meant), std::string(command.name)});
}

// Takes --lang VALUE and --lang=VALUE out of the words, wherever they stand. False when the value is wrong.
bool take_language(std::vector<std::string>& words, Language& language) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const bool alone = words[i] == kLanguageOption;
    if (!alone && !words[i].starts_with("--lang=")) continue;
    const auto value = alone ? (i + 1 < words.size() ? words[i + 1] : std::string()) : words[i].substr(7);
    const auto parsed = parse_language(value);
    if (!parsed) {
      Invocation call;
      call.say(kBadChoice, {value, "en, vi"});
      return false;
    }
    language = *parsed;
    const auto at = words.begin() + static_cast<std::ptrdiff_t>(i);
    words.erase(at, at + (alone ? 2 : 1));
    --i;
  }
  return true;
}

// "-" is standard input, "-1 + 2" an expression.
bool is_option(std::string_view word) noexcept {
  if (word.size() < 2 || word[0] != '-') return false;
  return word[1] == '-' || (word[1] >= 'a' && word[1] <= 'z') || (word[1] >= 'A' && word[1] <= 'Z');
}

class CallParser {
 public:
  CallParser(const Command& command, Invocation& call) : command_(command), call_(call) {}

  bool parse(const std::vector<std::string>& words) {
    bool options_end = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto& word = words[i];
      if (options_end || !is_option(word)) {
        call_.arguments.push_back(word);
      } else if (word == "--") {
        options_end = true;
      } else if (!take_option(words, i)) {
        return false;
      }
    }
    return check();
  }

 private:
  bool take_option(const std::vector<std::string>& words, std::size_t& i) {
    const auto equals = words[i].find('=');
    const auto name = words[i].substr(0, equals);
    const auto option = std::find_if(command_.options.begin(), command_.options.end(),
                                     [&](const Option& o) { return o.name == name; });
    if (option == command_.options.end()) return say_no_option(call_, command_, name), false;
    const bool has_value = equals != std::string::npos;
    if (option->argument.empty()) {
      if (has_value) return call_.say(kOptionTakesNone, {name}), false;
      call_.options[name] = "";
      return true;
    }
    if (!has_value && i + 1 >= words.size()) return call_.say(kOptionNeedsValue, {name}), false;
    call_.options[name] = has_value ? words[i].substr(equals + 1) : words[++i];
    return true;
  }

  bool check() {
    const std::string name(command_.name);
    for (const auto& option : command_.options) {
      if (option.required && !call_.has(option.name)) {
        return call_.say(kOptionRequired, {std::string(option.name), name}), false;
      }
    }
    if (call_.arguments.size() < command_.least_arguments) return call_.say(kTooFewArguments, {name}), false;
    if (call_.arguments.size() > command_.most_arguments) {
      return call_.say(kTooManyArguments, {call_.arguments[command_.most_arguments]}), false;
    }
    return true;
  }

  const Command& command_;
  Invocation& call_;
};

bool asks_for_help(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (word == "--") return false;
    if (word == "--help" || word == "-h") return true;
  }
  return false;
}

}  // namespace

std::string Invocation::text(std::string_view option, std::string_view otherwise) const {
  const auto found = options.find(option);
  return found == options.end() ? std::string(otherwise) : found->second;
}

std::optional<std::int64_t> Invocation::number(std::string_view option, std::int64_t minimum,
                                               std::int64_t maximum, std::int64_t otherwise) const {
  const auto found = options.find(option);
  if (found == options.end()) return otherwise;
  const auto& value = found->second;
  std::int64_t parsed = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (code == std::errc() && end == value.data() + value.size() && parsed >= minimum && parsed <= maximum) {
    return parsed;
  }
  say(kBadNumber, {std::string(option), std::to_string(minimum), std::to_string(maximum)});
  return std::nullopt;
}

void Invocation::say(std::uint16_t number, std::vector<std::string> words) const {
  Problem problem;
  problem.number = number;
  problem.arguments = std::move(words);
  const auto& catalogue = Catalogue::gateway();
  auto line = "lienthong: " + catalogue.text(problem, language) + '\n';
  if (const auto remedy = catalogue.remedy(problem, language); !remedy.empty())
    line += "    " + remedy + '\n';
  print(stderr, line);
}

void Invocation::say(const Error& error) const {
  print(stderr, "lienthong: " + to_string(error) + '\n');
}

std::optional<Invocation> parse_call(const Command& command, const std::vector<std::string>& words,
                                     Language language) {
  Invocation call;
  call.language = language;
  call.command = command.name;
  if (!CallParser(command, call).parse(words)) return std::nullopt;
  return call;
}

int run_program(const std::vector<std::string>& all_words) {
  auto words = all_words;
  Language language = language_of_environment();
  if (!take_language(words, language)) return kCallWrong;
  if (words.empty()) {
    print(stderr, overall_help(language));
    return kCallWrong;
  }
  const auto name = words.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print(stdout, overall_help(language));
    return kAllDone;
  }
  if (name == "--version") {
    print(stdout, fmt::format("lienthong {}\n", kVersion));
    return kAllDone;
  }
  Invocation nobody;
  nobody.language = language;
  const auto* command = find_command(name);
  if (command == nullptr) {
    say_no_command(nobody, name);
    return kCallWrong;
  }
  words.erase(words.begin());
  if (asks_for_help(words)) {
    print(stdout, command_help(*command, language));
    return kAllDone;
  }
  const auto call = parse_call(*command, words, language);
  return call ? command->run(*call) : kCallWrong;
}

}  // namespace lienthong::app
