// lienthong coverage: over many messages, the fields whose values reached no output.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/message_file.h"
#include "gateway/app/operated.h"
#include "gateway/app/problem_lines.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/progress.h"
#include "gateway/app/replay_selection.h"
#include "gateway/app/source_settings.h"
#include "gateway/base/bytes.h"
#include "gateway/convert/explain.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/store/names.h"

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

// Whether all was read.
bool cover_files(const Invocation& call, const MappingTools& tools, const ReadingTools& reading,
                 Totals& totals) {
  ProblemLines lines(tools.catalogue(), call.language);
  ProblemSink problems;
  bool refused = false;
  Progress progress(size_of_files(call.arguments));
  std::uint64_t before = 0;
  for (const auto& file : call.arguments) {
    const auto done = each_message(file, *reading.converter, problems, [&](const FileMessage& message) {
      progress.update(before + message.offset);
      if (message.trailer) return;
      const auto explanation = message.malformed
                                   ? Result<convert::Explanation>(fail(Category::Incorrect, 0, ""))
                                   : convert::explain(*reading.converter, message.stream, message.bytes,
                                                      receipt_of_tools(), problems);
      if (explanation) return totals.add(*explanation, file);
      refused = true;
      for (const auto& problem : problems.problems()) lines.write(file, message.number, problem);
      if (!problems.has_errors()) lines.write(file, message.number, explanation.error());
    });
    if (!done) {
      refused = true;
      call.say(done.error());
    }
    before += size_of_files({file});
  }
  return !refused;
}

// What a source of a gateway has received; a message is named by its number.
bool cover_journal(const Invocation& call, const Operated& operated, const SourceConfig& source,
                   const std::shared_ptr<const convert::Program>& program, Totals& totals) {
  ReplayCall chosen;
  if (!read_instant(call, operated, "--since", chosen.from)) return false;
  auto& reader = *operated.reader;
  const auto id = store::find_source(reader, source.name);
  if (!id) return true;  // nothing has come by it yet
  auto selection = ReplaySelection::make(reader, chosen, *id, *program, SystemClock().now());
  journal::Dictionaries dictionaries;
  auto loaded = selection ? dictionaries.load(reader) : Result<void>(forward(selection));
  if (!loaded) return call.say(loaded.error()), false;
  const auto settings = source_settings(source, operated.config.gateway);
  for (;;) {
    const auto rows = selection->next(reader);
    if (!rows) return call.say(rows.error()), false;
    if (rows->empty()) return true;
    for (const auto row : *rows) {
      const auto message = journal::read_message(reader, row);
      const auto raw = journal::read_raw(reader, dictionaries, row);
      if (!message || !raw) continue;  // forgotten meanwhile
      ProblemSink ignored;
      const PaddedBytes bytes(*raw);
      const auto said = convert::explain(program, settings, bytes.view(), message->received_at, ignored);
      if (said) totals.add(*said, to_string(message->number.value));
    }
  }
}

int cover_source(const Invocation& call, Totals& totals) {
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  const auto* source = operated->source(call, call.text("--source"));
  if (source == nullptr) return kCallWrong;
  const auto& gateway = operated->config.gateway;
  const MappingTools tools(call.language, locations_with(call.text("--mappings", gateway.mappings),
                                                         call.text("--adapters", gateway.adapters)));
  const auto program = tools.load(call, call.text("--profile", source->profile));
  if (program == nullptr) return kCallWrong;
  return cover_journal(call, *operated, *source, program, totals) ? kAllDone : kInputRefused;
}

int run(const Invocation& call) {
  Totals totals;
  int code = kAllDone;
  if (call.has("--config")) {
    code = cover_source(call, totals);
  } else {
    if (!call.has("--profile")) return call.say(kOptionRequired, {"--profile", "coverage"}), kCallWrong;
    if (call.arguments.empty()) return call.say(kTooFewArguments, {"coverage"}), kCallWrong;
    const MappingTools tools(call.language, locations_of(call));
    const auto reading = open_profile(call, tools);
    if (reading.converter == nullptr) return kCallWrong;
    code = cover_files(call, tools, reading, totals) ? kAllDone : kInputRefused;
  }
  if (code != kCallWrong) print_totals(call, totals);
  return code;
}

}  // namespace

Command coverage_command() {
  return {"coverage",
          "[FILE…]",
          0,
          kAnyNumber,
          {"lists the fields whose values reached no output, by frequency",
           "liệt kê các trường có giá trị không xuất hiện trong kết quả, theo tần suất"},
          "lienthong coverage --profile hl7v2 messages/*.hl7",
          {{kProfileOption.name, kProfileOption.argument, kProfileOption.help},
           {"--config",
            "FILE",
            {"instead of files: what this gateway has received", "thay cho tệp: những gì cổng này đã nhận"}},
           {"--source", "NAME", {"with --config: by this source", "cùng --config: qua nguồn này"}},
           {"--since", "TIME", {"with --config: received from then on", "cùng --config: nhận từ lúc đó"}},
           kFacilityOption,
           kMappingsOption,
           kAdaptersOption},
          run};
}

}  // namespace lienthong::app
