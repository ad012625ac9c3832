// lienthong explain: for each element of the output where it came from; then what went nowhere.

#include <fmt/format.h>

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/message_file.h"
#include "gateway/app/problem_lines.h"
#include "gateway/convert/explain.h"

namespace lienthong::app {
namespace {

constexpr Bilingual kItself = {"(the mapping itself)", "(do ánh xạ ghi sẵn)"};
constexpr Bilingual kNowhere = {"went nowhere", "không đi tới đâu"};
constexpr Bilingual kOfValues = {"values of the message", "giá trị của bản tin"};
constexpr Bilingual kCondition = {"read by a condition only", "chỉ dùng trong điều kiện"};
constexpr Bilingual kBytes = {"bytes", "byte"};

void print_element(const Invocation& call, const convert::Explained& element, bool values) {
  const auto place = element.place.empty() ? std::string(call.in(kItself)) : element.place;
  const auto written_by =
      element.file.empty() ? std::string() : fmt::format("{}:{}", element.file, element.line);
  auto line = fmt::format("{}\t{}\t{}", element.element, place, written_by);
  if (values) line += '\t' + element.value;
  std::puts(line.c_str());
}

void print_unread(const Invocation& call, const convert::Unread& unread, bool values) {
  auto line = fmt::format("{}\t{}\t{} {}", unread.place, unread.path, unread.length, call.in(kBytes));
  if (unread.used_in_condition) line += fmt::format(" ({})", call.in(kCondition));
  if (values) line += '\t' + unread.value;
  std::puts(line.c_str());
}

void print_explanation(const Invocation& call, std::uint64_t number,
                       const convert::Explanation& explanation) {
  const bool values = call.has("--values");
  std::puts(fmt::format("# {}", number).c_str());
  for (const auto& element : explanation.elements) print_element(call, element, values);
  std::puts(fmt::format("# {}: {}/{} {}", call.in(kNowhere), explanation.unread.size(),
                        explanation.value_count, call.in(kOfValues))
                .c_str());
  for (const auto& unread : explanation.unread) print_unread(call, unread, values);
}

int run(const Invocation& call) {
  const MappingTools tools(call.language, locations_of(call));
  const auto [program, settings, converter] = open_profile(call, tools);
  if (converter == nullptr) return kCallWrong;

  ProblemLines lines(tools.catalogue(), call.language);
  ProblemSink problems;
  bool refused = false;
  const auto& file = call.arguments.front();
  const auto done = each_message(file, *converter, problems, [&](const FileMessage& message) {
    if (message.trailer) {
      for (const auto& problem : problems.problems()) lines.write(file, message.number, problem);
      return;
    }
    auto explanation = message.malformed ? Result<convert::Explanation>(fail(Category::Incorrect, 0, ""))
                                         : convert::explain(*converter, message.stream, message.bytes,
                                                            receipt_of_tools(), problems);
    if (explanation) print_explanation(call, message.number, *explanation);
    for (const auto& problem : problems.problems()) lines.write(file, message.number, problem);
    if (!explanation && !problems.has_errors()) lines.write(file, message.number, explanation.error());
    refused = refused || !explanation;
  });
  if (!done) return call.say(done.error()), kCallWrong;
  return refused ? kInputRefused : kAllDone;
}

}  // namespace

Command explain_command() {
  return {"explain",
          "FILE",
          1,
          1,
          {"shows where each element came from, and what went nowhere",
           "cho biết mỗi mục lấy từ đâu, và giá trị nào không đi tới đâu"},
          "lienthong explain --profile hl7v2 adt.hl7",
          {kProfileOption,
           {"--values",
            "",
            {"show the values too: they are patients' data", "hiện cả giá trị: đó là dữ liệu người bệnh"}},
           kFacilityOption,
           kMappingsOption,
           kAdaptersOption},
          run};
}

}  // namespace lienthong::app
