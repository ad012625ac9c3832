// lienthong coverage: over many messages, the fields whose values reached no output.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/message_file.h"
#include "gateway/app/problem_lines.h"
#include "gateway/app/progress.h"
#include "gateway/convert/explain.h"

namespace lienthong::app {
namespace {

constexpr Bilingual kHead = {"values\tmessages\tfield\tfirst seen", "giá trị\tbản tin\ttrường\tgặp lần đầu"};
constexpr Bilingual kConditionOnly = {"read by a condition only", "chỉ dùng trong điều kiện"};

struct Field {
  std::uint64_t values = 0;
  std::uint64_t messages = 0;
  std::uint64_t last_message = 0;
  std::string first_place;
  bool condition = true;  // every value of it was read by a condition
};

struct Totals {
  std::map<std::string, Field> fields;
  std::uint64_t values = 0, unread = 0, messages = 0;

  void add(const convert::Explanation& explanation, const std::string& file) {
    ++messages;
    values += explanation.value_count;
    unread += explanation.unread.size();
    for (const auto& one : explanation.unread) {
      auto& field = fields[one.path];
      if (field.values++ == 0) field.first_place = fmt::format("{} {}", file, one.place);
      if (field.last_message != messages) ++field.messages;
      field.last_message = messages;
      field.condition = field.condition && one.used_in_condition;
    }
  }
};

void print_totals(const Invocation& call, const Totals& totals) {
  std::vector<std::pair<std::string, const Field*>> rows;
  for (const auto& [path, field] : totals.fields) rows.emplace_back(path, &field);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second->values > b.second->values; });
  std::puts(std::string(call.in(kHead)).c_str());
  for (const auto& [path, field] : rows) {
    const auto note = field->condition ? fmt::format(" ({})", call.in(kConditionOnly)) : std::string();
    std::puts(fmt::format("{}\t{}\t{}{}\t{}", field->values, field->messages, path, note, field->first_place)
                  .c_str());
  }
  const auto mapped = totals.values - std::min(totals.values, totals.unread);
  const auto share =
      totals.values == 0 ? 100.0 : 100.0 * static_cast<double>(mapped) / static_cast<double>(totals.values);
  const Bilingual kSum = {"{} messages, {} values, {:.1f} % reached the output\n",
                          "{} bản tin, {} giá trị, {:.1f} % có trong kết quả\n"};
  std::fputs(fmt::format(fmt::runtime(call.in(kSum)), totals.messages, totals.values, share).c_str(), stderr);
}

int run(const Invocation& call) {
  const MappingTools tools(call.language, locations_of(call));
  const auto program = tools.load(call, call.text("--profile"));
  if (!program) return kCallWrong;
  const auto settings = settings_of(call, program->profile());
  auto converter = convert::make_converter(program, settings);
  if (!converter) return call.say(converter.error()), kCallWrong;

  ProblemLines lines(tools.catalogue(), call.language);
  ProblemSink problems;
  Totals totals;
  bool refused = false;
  Progress progress(size_of_files(call.arguments));
  std::uint64_t before = 0;
  for (const auto& file : call.arguments) {
    const auto done = each_message(file, **converter, problems, [&](const FileMessage& message) {
      progress.update(before + message.offset);
      if (message.trailer) return;
      if (message.malformed) return static_cast<void>(refused = true);
      const auto explanation =
          convert::explain(program, settings, message.bytes, receipt_of_tools(), problems);
      if (explanation) return totals.add(*explanation, file);
      refused = true;
      lines.write(file, message.number, explanation.error());
    });
    if (!done) {
      refused = true;
      call.say(done.error());
    }
    before += size_of_files({file});
  }
  print_totals(call, totals);
  return refused ? kInputRefused : kAllDone;
}

}  // namespace

Command coverage_command() {
  return {"coverage",
          "FILE…",
          1,
          kAnyNumber,
          {"lists the fields whose values reached no output, by frequency",
           "liệt kê các trường có giá trị không xuất hiện trong kết quả, theo tần suất"},
          "lienthong coverage --profile hl7v2 messages/*.hl7",
          {kProfileOption, kFacilityOption, kMappingsOption, kAdaptersOption},
          run};
}

}  // namespace lienthong::app
