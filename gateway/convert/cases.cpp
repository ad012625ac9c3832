#include "gateway/convert/cases.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "gateway/base/bytes.h"
#include "gateway/base/catalogue.h"
#include "gateway/convert/error_numbers.h"
#include "gateway/convert/mapping_library.h"

namespace lienthong::convert {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kDivider = "\n----\n";

// Receipt of every case: later than any invented event, so that no event lies in the future.
constexpr Instant kReceived{std::chrono::seconds(4102444800)};  // 2100-01-01

struct CaseText {
  std::string head;  // the comment lines, as they stand
  std::string input;
  std::string expected;
};

CaseText split(const std::string& text) {
  CaseText parts;
  std::size_t at = 0;
  while (at < text.size() && text[at] == '#') {
    const auto end = text.find('\n', at);
    at = end == std::string::npos ? text.size() : end + 1;
  }
  parts.head = text.substr(0, at);
  const auto divider = text.find(kDivider, at);
  parts.input = text.substr(at, divider == std::string::npos ? std::string::npos : divider - at);
  if (divider != std::string::npos) parts.expected = text.substr(divider + kDivider.size());
  return parts;
}

// One line an entry: people compare lines.
std::string entry_lines(std::string_view bundle) {
  std::string out(bundle);
  std::size_t at = 0;
  while ((at = out.find("{\"fullUrl\":", at)) != std::string::npos) {
    out.insert(at, "\n");
    at += 2;
  }
  return out + "\n";
}

std::string problem_lines(const ProblemSink& problems) {
  std::string out;
  for (const auto& problem : problems.problems()) {
    out += "problem " + std::string(name_of(problem.severity)) + ' ' + code_of(problem);
    for (const auto* part : {&problem.where_input, &problem.where_output, &problem.value}) {
      if (!part->empty()) out += " " + *part;
    }
    out += "\n";
  }
  return out;
}

std::string convert_all(Converter& converter, const std::string& input) {
  std::string out;
  const PaddedBytes bytes(input);
  const auto stream = converter.open_stream();
  std::size_t at = 0;
  for (;;) {
    ProblemSink problems;
    std::size_t consumed = 0;
    std::string_view message;
    const auto step = stream->next(bytes.view().substr(at), true, consumed, message, problems);
    if (step == MessageStream::Step::End || step == MessageStream::Step::NeedMore ||
        step == MessageStream::Step::Fault)
      break;
    at += consumed;
    if (step == MessageStream::Step::Message) {
      const auto opened = converter.open(message, stream.get(), kReceived, problems);
      const auto converted =
          opened ? converter.convert(problems) : Result<const Conversion*>(forward(opened));
      out += converted ? entry_lines((*converted)->bundle) : "refused " + to_string(converted.error()) + "\n";
    }
    out += problem_lines(problems);
    if (consumed == 0) break;
  }
  return out;
}

std::string first_difference(const std::string& expected, const std::string& actual) {
  std::size_t line = 1, from_expected = 0, from_actual = 0;
  for (;;) {
    const auto end_expected = expected.find('\n', from_expected);
    const auto end_actual = actual.find('\n', from_actual);
    const auto a = expected.substr(
        from_expected, end_expected == std::string::npos ? end_expected : end_expected - from_expected);
    const auto b =
        actual.substr(from_actual, end_actual == std::string::npos ? end_actual : end_actual - from_actual);
    if (a != b) return "line " + std::to_string(line) + "\n  expected: " + a + "\n  was:      " + b;
    if (end_expected == std::string::npos || end_actual == std::string::npos)
      return "line " + std::to_string(line);
    from_expected = end_expected + 1;
    from_actual = end_actual + 1;
    ++line;
  }
}

Result<void> write_file(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) return fail(Category::Unavailable, kFileUnreadable, "the case cannot be written: " + file);
  return {};
}

}  // namespace

Result<CaseResult> run_case(const std::shared_ptr<const Program>& program, const std::string& file,
                            bool accept) {
  const auto text = read_file(file);
  if (!text) return fail(Category::NotFound, kFileUnreadable, "the case cannot be read: " + file);
  auto settings = program->profile().defaults;
  settings.name = "cases";
  auto converter = make_converter(program, settings);
  if (!converter) return forward(converter);
  const auto parts = split(*text);
  const auto actual = convert_all(**converter, parts.input);
  CaseResult result;
  result.file = file;
  result.passed = actual == parts.expected;
  if (result.passed) return result;
  result.difference = first_difference(parts.expected, actual);
  if (!accept) return result;
  if (auto written = write_file(file, parts.head + parts.input + std::string(kDivider) + actual); !written)
    return forward(written);
  result.rewritten = true;
  return result;
}

Result<std::vector<CaseResult>> run_cases(const std::shared_ptr<const Program>& program, bool accept) {
  const auto folder = fs::path(program->profile().folder) / "cases";
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".case") files.push_back(entry.path().string());
  }
  if (failed) return fail(Category::NotFound, kFileUnreadable, "there is no folder " + folder.string());
  std::sort(files.begin(), files.end());
  std::vector<CaseResult> results;
  for (const auto& file : files) {
    auto result = run_case(program, file, accept);
    if (!result) return forward(result);
    results.push_back(std::move(*result));
  }
  return results;
}

}  // namespace lienthong::convert
