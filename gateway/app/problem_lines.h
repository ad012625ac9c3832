#pragma once
// Problems as lines of JSON: {"file","message","severity","code","where","text"}.

#include <cstdint>
#include <cstdio>
#include <string>

#include "gateway/app/command.h"
#include "gateway/base/catalogue.h"
#include "gateway/base/problem.h"

namespace lienthong::app {

// Where the lines of one command go: standard error, or the file of --problems. One thread.
class ProblemLines {
 public:
  ProblemLines(const Catalogue& catalogue, Language language);
  ~ProblemLines();
  ProblemLines(const ProblemLines&) = delete;
  ProblemLines& operator=(const ProblemLines&) = delete;

  // From now on into this file. False (said on standard error) when it cannot be made.
  bool open(const Invocation& call, const std::string& file);

  void write(const std::string& file, std::uint64_t message, const Problem& problem);
  // Something that could not be done, of category `error`.
  void write(const std::string& file, std::uint64_t message, const Error& error);

 private:
  void write_line(const std::string& file, std::uint64_t message, std::string_view severity,
                  const std::string& code, std::string_view where, const std::string& text);

  const Catalogue& catalogue_;
  Language language_;
  std::FILE* out_ = stderr;
};

}  // namespace lienthong::app
