#pragma once
// From the words of a call to the command that runs.

#include <string>
#include <vector>

#include "gateway/app/command.h"

namespace lienthong::app {

// Runs the program: parses `words` (without the program's own name), shows help or runs the command. Returns
// the exit code. Language: --lang, else LC_ALL, LC_MESSAGES, LANG.
int run_program(const std::vector<std::string>& words);

// Parses the words behind a command's name. Nothing (and a message on standard error) when they are wrong.
std::optional<Invocation> parse_call(const Command& command, const std::vector<std::string>& words,
                                     Language language);

// Help, ready to print.
std::string overall_help(Language language);
std::string command_help(const Command& command, Language language);

}  // namespace lienthong::app
