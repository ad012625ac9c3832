#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "gateway/app/command_line.h"

int main(int argc, char** argv) {
  // A closed pipe or connection is an error of a write, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return lienthong::app::run_program({argv + 1, argv + argc});
  } catch (const std::exception& exception) {
    // Exceptions are for broken set-ups at the start only.
    std::fprintf(stderr, "lienthong: %s\n", exception.what());
    return lienthong::app::kCallWrong;
  }
}
