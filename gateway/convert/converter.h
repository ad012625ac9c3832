#pragma once
// From one message's bytes to claims: the adapter opens it, the compiled mapping writes the resources.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/problem.h"
#include "gateway/base/result.h"
#include "gateway/convert/claim.h"

namespace lienthong::convert {

class Program;  // a compiled mapping: immutable, shared by all threads (program.h)

// What the mapping must know of the source besides the message (semantics 1, 6, 13, 19).
struct SourceSettings {
  std::string name;           // the source's name
  std::string facility;       // the facility every key of this source begins with; required
  std::string facility_name;  // for Organization.name; may be empty
  // Optional table: sending facility (lt_envelope.sender) → facility. Non-empty: an unknown sender is
  // refused.
  std::vector<std::pair<std::string, std::string>> facilities;
  std::string utc_offset = "+07:00";  // added to times that carry none (semantics 13)
  std::string charset;                // overrides what the message declares; empty = as declared, else UTF-8
  bool null_deletes = false;          // HL7 v2 "" removes the element (semantics 6)
  bool test = false;                  // data carry the HTEST tag (semantics 19)
  ReferenceStyle references = ReferenceStyle::UrnUuid;
};

// What routing, duplicates and the ACK need; views into the message or the converter's memory.
struct Envelope {
  std::string_view type, control_id, sender, application, time, processing, version, charset;
  Instant event_time{};                          // as read with the source's zone; receipt if absent
  std::uint64_t content_hash = 0;                // XXH3 of the message without its volatile part
  std::string_view accept_ack, application_ack;  // MSH-15, MSH-16; empty = not valued
};

// The kinds of answers; as in the adapter ABI.
enum class AcknowledgeKind : std::uint8_t {
  Accepted,
  Errors,
  Rejected,
  CommitAccepted,
  CommitError,
  CommitRejected
};

// Cuts one stream of bytes (a file, a body) into messages, with headers visible to all of them.
class MessageStream {
 public:
  virtual ~MessageStream() = default;
  enum class Step : std::uint8_t { Message, NeedMore, End, Malformed, Fault };
  // `bytes`: everything not yet consumed, with padding behind it. On Message, NeedMore and Malformed: how
  // many bytes are done.
  virtual Step next(std::string_view bytes, bool end_of_input, std::size_t& consumed,
                    std::string_view& message, ProblemSink& problems) = 0;
  // What must stand in front of a message so that it can be opened without the stream (a table's headings);
  // mostly empty. Valid as long as the stream.
  virtual std::string_view preamble() { return {}; }
  // Whether what only a file's end tells matters to this format.
  virtual bool needs_foresight() const { return false; }
  // Before the first next(): another stream of the same converter was given the same bytes to their end.
  // `is_clean`: without an error, and every message could be opened.
  virtual void foresee(const MessageStream& whole, bool is_clean) {
    static_cast<void>(whole);
    static_cast<void>(is_clean);
  }
};

// One per thread; not thread-safe. Keeps its memory between messages, so a steady load allocates nothing.
class Converter {
 public:
  virtual ~Converter() = default;

  // `message` has base kPadding zero bytes behind it and stays unmoved until the next open(). `stream` may be
  // null. Errors: Incorrect (malformed; problems say where), Busy (a limit). The envelope is valid until the
  // next open().
  virtual Result<const Envelope*> open(std::string_view message, MessageStream* stream, Instant received,
                                       ProblemSink& problems) = 0;

  // After a successful open(): runs the mapping. Unsupported if no mapping takes this message type. Problems
  // with Severity::Error mean that a value or resource was left out; the rest of the result stands.
  virtual Result<const Conversion*> convert(ProblemSink& problems) = 0;

  // The answer to the sender (possibly after a failed open(); then `message` is answered from its raw bytes).
  // Empty when the format has no answers.
  virtual std::string acknowledge(AcknowledgeKind kind, std::string_view message,
                                  std::string_view own_control_id, Instant now,
                                  const ProblemSink& problems) = 0;

  virtual std::unique_ptr<MessageStream> open_stream() = 0;
};

// An instance for one thread. Errors: Incorrect when the adapter refuses the profile's options.
Result<std::unique_ptr<Converter>> make_converter(std::shared_ptr<const Program> program,
                                                  const SourceSettings& settings);

}  // namespace lienthong::convert
