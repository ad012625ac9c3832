#include "gateway/app/message_file.h"

#include <filesystem>

#include "gateway/app/file.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/base/bytes.h"

namespace lienthong::app {

Result<void> each_message(const std::string& file, convert::Converter& converter, ProblemSink& problems,
                          const std::function<void(const FileMessage&)>& handle) {
  using Step = convert::MessageStream::Step;
  auto content = read_file(file);
  if (!content) return forward(content);
  const auto size = content->size();
  content->append(kPadding, '\0');
  std::string_view rest(content->data(), size);

  auto stream = converter.open_stream();
  std::string padded;  // a message in the middle of a file has the next one behind it, not zeros
  FileMessage message;
  message.stream = stream.get();
  for (;;) {
    problems.clear();
    std::size_t consumed = 0;
    std::string_view found;
    const auto step = stream->next(rest, true, consumed, found, problems);
    if (step == Step::End || (step == Step::NeedMore && rest.empty())) {
      message = {message.number, size, {}, false, true, stream.get()};
      if (!problems.problems().empty()) handle(message);
      return {};
    }
    if (step == Step::Fault)
      return fail(Category::Fault, kUnexpectedEnd, "the adapter cannot read this file");
    message.malformed = step != Step::Message;
    ++message.number;
    padded.assign(message.malformed ? std::string_view() : found);
    padded.append(kPadding, '\0');
    message.bytes = std::string_view(padded.data(), padded.size() - kPadding);
    // A step that consumes nothing would be asked for ever.
    const bool stuck = consumed == 0 || step == Step::NeedMore;
    rest.remove_prefix(stuck ? rest.size() : std::min(consumed, rest.size()));
    message.offset = size - rest.size();
    handle(message);
  }
}

ReadingTools open_profile(const Invocation& call, const MappingTools& tools) {
  ReadingTools opened;
  opened.program = tools.load(call, call.text("--profile"));
  if (opened.program == nullptr) return opened;
  opened.settings = settings_of(call, opened.program->profile());
  auto converter = convert::make_converter(opened.program, opened.settings);
  if (converter) {
    opened.converter = std::move(*converter);
  } else {
    call.say(converter.error());
  }
  return opened;
}

std::uint64_t size_of_files(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const auto& file : files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!error) total += size;
  }
  return total;
}

}  // namespace lienthong::app
