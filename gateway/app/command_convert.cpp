// lienthong convert: messages in, one transaction Bundle a line out.

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/message_file.h"
#include "gateway/app/problem_lines.h"
#include "gateway/app/progress.h"

namespace lienthong::app {
namespace {

// Converts all messages of the files. One thread.
class Conversions {
 public:
  Conversions(convert::Converter& converter, ProblemLines& lines, std::uint64_t bytes)
      : converter_(converter), lines_(lines), progress_(bytes) {}

  void add_file(const std::string& file) {
    file_ = &file;
    const auto done =
        each_message(file, converter_, problems_, [this](const FileMessage& m) { add_message(m); });
    if (!done) {
      refused_ = true;
      lines_.write(file, 0, done.error());
    }
    before_ += size_of_files({file});
  }

  bool refused() const noexcept { return refused_; }

 private:
  void add_message(const FileMessage& message) {
    const bool converted = message.trailer || (!message.malformed && convert_message(message));
    for (const auto& problem : problems_.problems()) lines_.write(*file_, message.number, problem);
    if (!converted && !problems_.has_errors()) lines_.write(*file_, message.number, reason_);
    refused_ = refused_ || !converted;
    progress_.update(before_ + message.offset);
  }

  bool convert_message(const FileMessage& message) {
    const auto opened = converter_.open(message.bytes, message.stream, receipt_of_tools(), problems_);
    if (!opened) return reason_ = opened.error(), false;
    const auto conversion = converter_.convert(problems_);
    if (!conversion) return reason_ = conversion.error(), false;
    const auto bundle = (*conversion)->bundle;
    std::fwrite(bundle.data(), 1, bundle.size(), stdout);
    std::fputc('\n', stdout);
    return true;
  }

  convert::Converter& converter_;
  ProblemLines& lines_;
  Progress progress_;
  ProblemSink problems_;
  Error reason_;
  const std::string* file_ = nullptr;
  std::uint64_t before_ = 0;
  bool refused_ = false;
};

int run(const Invocation& call) {
  const MappingTools tools(call.language, locations_of(call));
  const auto program = tools.load(call, call.text("--profile"));
  if (!program) return kCallWrong;
  auto converter = convert::make_converter(program, settings_of(call, program->profile()));
  if (!converter) return call.say(converter.error()), kCallWrong;

  ProblemLines lines(tools.catalogue(), call.language);
  if (call.has("--problems") && !lines.open(call, call.text("--problems"))) return kCallWrong;
  const auto files = call.arguments.empty() ? std::vector<std::string>{"-"} : call.arguments;
  Conversions conversions(**converter, lines, size_of_files(files));
  for (const auto& file : files) conversions.add_file(file);
  if (std::fflush(stdout) != 0) return kInputRefused;
  return conversions.refused() ? kInputRefused : kAllDone;
}

}  // namespace

Command convert_command() {
  return {"convert",
          "[FILE…]",
          0,
          kAnyNumber,
          {"converts messages to FHIR R4: one transaction Bundle a line",
           "chuyển bản tin thành FHIR R4: mỗi dòng một Bundle"},
          "lienthong convert --profile hl7v2 adt.hl7 > bundles.ndjson",
          {kProfileOption,
           {"--problems",
            "FILE",
            {"where problems go, one JSON line each; else to standard error",
             "tệp nhận các lỗi, mỗi lỗi một dòng JSON; nếu không thì ra luồng lỗi chuẩn"}},
           kFacilityOption,
           kMappingsOption,
           kAdaptersOption},
          run};
}

}  // namespace lienthong::app
