#pragma once
// Which input field became which output element by which line of the mapping; and what went nowhere.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/convert/converter.h"
#include "gateway/convert/program.h"

namespace lienthong::convert {

// One value of the output.
struct Explained {
  std::string
      element;        // "Patient[1].name[0].family": the resource's number in the bundle, then the path in it
  std::string place;  // "PID[1]-5.1"; empty when the mapping itself says the value
  std::string value;  // as in the output, JSON unescaped; patient data: shown only when asked for
  std::string file;   // the mapping's line
  unsigned line = 0;
};

// One value of the input that no element of the output came from. `path` is what a mapping would write to
// read it.
struct Unread {
  std::string place;
  std::string path;
  std::string value;               // patient data: shown only when asked for
  std::uint32_t length = 0;        // in bytes
  bool used_in_condition = false;  // a condition, key or code look-up read it; that is not "mapped"
};

struct Explanation {
  std::vector<Explained> elements;
  std::vector<Unread> unread;
  std::size_t value_count = 0;  // of the input
};

// Converts one message with tracing on. Slow; for people. Errors: as Converter::open and convert.
Result<Explanation> explain(const std::shared_ptr<const Program>& program, const SourceSettings& settings,
                            std::string_view message, Instant received, ProblemSink& problems);
// A message of a stream, which may hold what all its messages need (a table's headings), so that places are
// those of the file. `converter` is one of make_converter(), `stream` one of its own; `message` as in open().
Result<Explanation> explain(Converter& converter, MessageStream* stream, std::string_view message,
                            Instant received, ProblemSink& problems);

}  // namespace lienthong::convert
