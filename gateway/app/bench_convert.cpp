// bench convert: an invented morning through a profile on one core, problems on. bench morning: its messages
// as text.

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdio>

#include "gateway/app/bench.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/morning_options.h"
#include "gateway/base/bytes.h"

namespace lienthong::app {

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

namespace {

struct Sample {
  std::vector<PaddedBytes> messages;
  std::size_t bytes = 0;
};

Sample make_sample(const MorningOptions& options) {
  Morning morning(options);
  MorningMessage message;
  Sample sample;
  while (morning.next(message)) {
    sample.bytes += message.text.size();
    sample.messages.emplace_back(message.text);
  }
  return sample;
}

struct Figures {
  double wall = 0, processor = 0;
  std::size_t output = 0, problems = 0, refused = 0;
};

Figures measure(convert::Converter& converter, const Sample& sample) {
  Figures figures;
  ProblemSink problems;
  const auto start = std::chrono::steady_clock::now();
  const auto processor = processor_seconds();
  for (const auto& message : sample.messages) {
    problems.clear();
    const auto opened = converter.open(message.view(), nullptr, receipt_of_tools(), problems);
    const auto conversion = opened ? converter.convert(problems) : forward(opened);
    if (conversion) {
      figures.output += (*conversion)->bundle.size();
    } else {
      ++figures.refused;
    }
    figures.problems += problems.problems().size();
  }
  figures.processor = processor_seconds() - processor;
  figures.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return figures;
}

void print(const Sample& sample, const Figures& figures) {
  const auto count = static_cast<double>(sample.messages.size());
  std::fputs(fmt::format(
                 "{{\"bench\":\"convert\",\"messages\":{},\"bytes_per_message\":{},\"output_per_message\":{},"
                 "\"messages_per_second\":{:.0f},\"messages_per_processor_second\":{:.0f},"
                 "\"microseconds_per_message\":{:.2f},\"problems\":{},\"refused\":{}}}\n",
                 sample.messages.size(), sample.bytes / sample.messages.size(),
                 figures.output / sample.messages.size(), count / figures.wall, count / figures.processor,
                 figures.processor * 1e6 / count, figures.problems, figures.refused)
                 .c_str(),
             stdout);
  std::fflush(stdout);
}

}  // namespace

int bench_convert(const Invocation& call) {
  const auto options = morning_options_of(call, "--patients");
  const auto runs = call.number("--runs", 1, 1000, 5);
  if (!options || !runs) return kCallWrong;
  const MappingTools tools(call.language, locations_of(call));
  const auto program = tools.load(call, call.text("--profile", "hl7v2"));
  if (!program) return kCallWrong;
  auto settings = settings_of(call, program->profile());
  settings.references = convert::ReferenceStyle::Relative;  // as the gateway converts
  auto converter = convert::make_converter(program, settings);
  if (!converter) return call.say(converter.error()), kCallWrong;

  if (!call.text("--file").empty()) return bench_convert_file(call, **converter, *runs);
  const auto sample = make_sample(*options);
  std::size_t refused = 0;
  for (std::int64_t i = 0; i < *runs; ++i) {
    const auto figures = measure(**converter, sample);
    print(sample, figures);
    refused = figures.refused;
  }
  return refused > 0 ? kInputRefused : kAllDone;
}

int bench_morning(const Invocation& call) {
  const auto options = morning_options_of(call, "--patients");
  if (!options) return kCallWrong;
  Morning morning(*options);
  MorningMessage message;
  while (morning.next(message)) {
    // One line a segment, so that people and their editors can read it; every reader of HL7 v2 files takes LF
    // for CR.
    std::replace(message.text.begin(), message.text.end(), '\r', '\n');
    std::fwrite(message.text.data(), 1, message.text.size(), stdout);
  }
  return std::fflush(stdout) == 0 ? kAllDone : kInputRefused;
}

}  // namespace lienthong::app
