// bench convert --file: a file of any format through its profile on one core, cutting and opening included.

#include <fmt/format.h>

#include <cstdio>

#include "gateway/app/bench.h"
#include "gateway/app/file.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/base/bytes.h"

namespace lienthong::app {
namespace {

struct Figures {
  double processor = 0;
  std::size_t messages = 0, refused = 0, resources = 0, observations = 0, output = 0, problems = 0;
};

void convert_one(convert::Converter& converter, std::string_view message, convert::MessageStream& stream,
                 ProblemSink& problems, Figures& figures) {
  ++figures.messages;
  const auto opened = converter.open(message, &stream, receipt_of_tools(), problems);
  const auto conversion = opened ? converter.convert(problems) : forward(opened);
  figures.problems += problems.problems().size();
  if (!conversion) {
    ++figures.refused;
    return;
  }
  figures.output += (*conversion)->bundle.size();
  figures.resources += (*conversion)->claims.size();
  for (const auto& claim : (*conversion)->claims)
    figures.observations += claim.resource_type == "Observation" ? 1U : 0U;
}

// As intake does it: each message is copied once, to stand before its padding.
Figures measure(convert::Converter& converter, std::string_view rest) {
  using Step = convert::MessageStream::Step;
  Figures figures;
  ProblemSink problems;
  std::string padded;
  const auto start = processor_seconds();
  const auto stream = converter.open_stream();
  for (;;) {
    problems.clear();
    std::size_t consumed = 0;
    std::string_view message;
    const auto step = stream->next(rest, true, consumed, message, problems);
    if (step != Step::Message && step != Step::Malformed) break;
    if (step == Step::Message) {
      padded.assign(message).append(kPadding, '\0');
      convert_one(converter, {padded.data(), message.size()}, *stream, problems, figures);
    } else {
      ++figures.refused;
    }
    rest.remove_prefix(consumed);
  }
  figures.processor = processor_seconds() - start;
  return figures;
}

void print(std::size_t bytes, const Figures& f) {
  const auto rate = [&](std::size_t count) { return static_cast<double>(count) / f.processor; };
  std::fputs(
      fmt::format("{{\"bench\":\"convert\",\"bytes\":{},\"messages\":{},\"resources\":{},\"observations\":{},"
                  "\"output\":{},\"megabytes_per_processor_second\":{:.1f},"
                  "\"messages_per_processor_second\":{:.0f},\"observations_per_processor_second\":{:.0f},"
                  "\"problems\":{},\"refused\":{}}}\n",
                  bytes, f.messages, f.resources, f.observations, f.output, rate(bytes) / 1e6,
                  rate(f.messages), rate(f.observations), f.problems, f.refused)
          .c_str(),
      stdout);
  std::fflush(stdout);
}

}  // namespace

int bench_convert_file(const Invocation& call, convert::Converter& converter, std::int64_t runs) {
  auto content = read_file(call.text("--file"));
  if (!content) return call.say(content.error()), kCallWrong;
  const PaddedBytes bytes(*content);
  std::size_t refused = 0;
  for (std::int64_t i = 0; i < runs; ++i) {
    const auto figures = measure(converter, bytes.view());
    print(bytes.size(), figures);
    refused = figures.refused;
  }
  return refused > 0 ? kInputRefused : kAllDone;
}

}  // namespace lienthong::app
