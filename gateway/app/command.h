#pragma once
// The frame of the command line: what a command is, and one call of it. The contract is docs/command-line.md.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/bilingual.h"
#include "gateway/base/result.h"

namespace lienthong::app {

// What the program ends with.
inline constexpr int kAllDone = 0;
inline constexpr int kInputRefused = 1;  // each with a problem
inline constexpr int kCallWrong = 2;     // the call or the configuration

struct Option {
  std::string_view name;      // "--profile"
  std::string_view argument;  // "NAME"; empty = a flag
  Bilingual help;
  bool required = false;
};

// One call of a command: its options and arguments, already checked against the command's list.
class Invocation {
 public:
  Language language = Language::English;
  std::string command;
  std::map<std::string, std::string, std::less<>> options;  // "--profile" → "hl7v2"; flags → ""
  std::vector<std::string> arguments;

  bool has(std::string_view option) const { return options.contains(option); }
  std::string text(std::string_view option, std::string_view otherwise = {}) const;
  // Says on standard error what is wrong, and returns nothing, when the value is no number within the bounds.
  std::optional<std::int64_t> number(std::string_view option, std::int64_t minimum, std::int64_t maximum,
                                     std::int64_t otherwise) const;
  // Says a problem of problems.tsv with its remedy on standard error, in the language of the call.
  void say(std::uint16_t number, std::vector<std::string> arguments) const;
  void say(const Error& error) const;
  // Chooses between two texts.
  std::string_view in(Bilingual text) const { return text.in(language); }
};

struct Command {
  std::string_view name;
  std::string_view arguments;  // as help shows them: "[FILE…]"
  std::size_t least_arguments, most_arguments;
  Bilingual summary;
  std::string_view example;
  std::vector<Option> options;
  int (*run)(const Invocation&);
};

inline constexpr std::size_t kAnyNumber = 1'000'000;

// Every command, in the order of the help.
const std::vector<Command>& all_commands();

}  // namespace lienthong::app
