#include "gateway/app/problem_lines.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "gateway/app/json_text.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {

std::string code_of(const Problem& problem) {
  return fmt::format("{}-{}", problem.catalogue.empty() ? "LT" : problem.catalogue, problem.number);
}

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
  const auto line =
      fmt::format("{{\"file\":{},\"message\":{},\"severity\":\"{}\",\"code\":{},\"where\":{},\"text\":{}}}\n",
                  json_text(file), message, severity, json_text(code), json_text(where), json_text(text));
  std::fwrite(line.data(), 1, line.size(), out_);
}

}  // namespace lienthong::app
