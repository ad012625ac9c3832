#pragma once
// A file of messages, cut by an adapter, one message after another.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/app/mapping_tools.h"
#include "gateway/base/problem.h"
#include "gateway/base/result.h"
#include "gateway/convert/converter.h"

namespace lienthong::app {

// What each_message() hands over. Views are valid during the call; behind `bytes` are kPadding zero bytes.
struct FileMessage {
  std::uint64_t number = 0;  // from 1, within the file
  std::uint64_t offset = 0;  // in the file, behind this message: for progress
  std::string_view bytes;
  bool malformed = false;  // the adapter could not cut a message here; `problems` says why
  bool trailer = false;    // no message: `problems` holds what can be said of the whole file only at its end
  convert::MessageStream* stream = nullptr;
};

// Calls `handle` for each message of the file ("-" = standard input). `problems` is cleared before each
// message and holds what the framing said of it. Errors: the file cannot be read, or the adapter is broken
// (Fault).
Result<void> each_message(const std::string& file, convert::Converter& converter, ProblemSink& problems,
                          const std::function<void(const FileMessage&)>& handle);

// A profile opened for a command, with what reading its messages needs.
struct ReadingTools {
  std::shared_ptr<const convert::Program> program;
  convert::SourceSettings settings;
  std::unique_ptr<convert::Converter> converter;
};
// By the call's --profile and --facility; without a converter when that cannot be: then why has been said.
ReadingTools open_profile(const Invocation& call, const MappingTools& tools);

// Sum of the sizes of the files that have one, for the progress bar.
std::uint64_t size_of_files(const std::vector<std::string>& files);

}  // namespace lienthong::app
