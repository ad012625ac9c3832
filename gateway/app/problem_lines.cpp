#include "gateway/app/problem_lines.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "gateway/app/problem_numbers.h"
#include "gateway/base/json_text.h"

namespace lienthong::app {

ProblemLines::ProblemLines(const Catalogue& catalogue, Language language)
    : catalogue_(catalogue), language_(language) {}

ProblemLines::~ProblemLines() {
  if (out_ != stderr) std::fclose(out_);
}

bool ProblemLines::open(const Invocation& call, const std::string& file) {
  auto* opened = std::fopen(file.c_str(), "wb");
  if (opened == nullptr) {
    call.say(kCannotWrite, {file, std::strerror(errno)});
    return false;
  }
  out_ = opened;
  return true;
}

void ProblemLines::write(const std::string& file, std::uint64_t message, const Problem& problem) {
  write_line(file, message, name_of(problem.severity), code_of(problem), problem.where_input,
             catalogue_.text(problem, language_));
}

void ProblemLines::write(const std::string& file, std::uint64_t message, const Error& error) {
  write_line(file, message, "error", fmt::format("LT-{}", error.number), "", error.text);
}

void ProblemLines::write_line(const std::string& file, std::uint64_t message, std::string_view severity,
                              const std::string& code, std::string_view where, const std::string& text) {
  std::string line = "{\"file\":";
  append_json_string(line, file);
  line += fmt::format(",\"message\":{},\"severity\":\"{}\",\"code\":", message, severity);
  append_json_string(line, code);
  line += ",\"where\":";
  append_json_string(line, where);
  line += ",\"text\":";
  append_json_string(line, text);
  line += "}\n";
  std::fwrite(line.data(), 1, line.size(), out_);
}

}  // namespace lienthong::app
