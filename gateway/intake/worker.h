#pragma once
// What one io thread needs to take the messages of one source. Never touched by another thread.

#include <memory>
#include <string>
#include <vector>

#include "gateway/convert/converter.h"
#include "gateway/intake/current_mapping.h"
#include "gateway/intake/message_job.h"
#include "gateway/journal/compressor.h"

namespace lienthong::intake {

class Worker {
 public:
  // The counters of one source; shared by its workers.
  struct Counters {
    Counter& stored;
    Counter& repeated;
    Counter& refused;
    Counter& quarantined;
    Counter& bytes;
    Histogram& convert;
    Histogram& answer;
  };

  // A converter with the name of its mapping. One body is read with one, to its end.
  struct Reading {
    std::shared_ptr<convert::Converter> converter;  // null: there is no mapping that can be used
    std::string profile;
  };

  Worker(const Services& services, const SourceRules& rules, const CurrentMapping& mapping, unsigned index,
         const Counters& counters);

  // What the next message is to be read with: the newest mapping.
  const Reading& reading();
  void take(std::string_view message, const Reading& reading, convert::MessageStream* stream,
            Completion completion);
  // Keeps what could not be cut into messages (at most as much as a message may have), with the reasons.
  void refuse(std::string_view bytes, const Reading& reading, const ProblemSink& problems,
              Completion completion);
  // Opens a message as take() does and keeps nothing: false when it could not be taken or has an error. One
  // that ends the program is noted like any other (semantics 22).
  bool inspect(std::string_view message, const Reading& reading, convert::MessageStream& stream);
  // Runs `task` on this worker's thread, after what waits there.
  void run_later(MoveFunction<void()> task);
  // Keeps the beginning of a message that is longer than the source takes.
  void refuse_beginning(std::string_view beginning, const Reading& reading, Completion completion);
  // The answer while there is no mapping: Busy, nothing is kept, the sender tries again.
  static Outcome no_mapping(std::string_view source);

 private:
  std::string_view pad(std::string_view preamble, std::string_view message);
  std::unique_ptr<MessageJob> make_job(const Reading& reading, Completion completion);
  void open_and_convert(MessageJob& job, std::string_view message, convert::MessageStream* stream);
  void keep_unread(MessageJob& job, std::string_view kept);
  void refuse_too_long(MessageJob& job, std::string size);
  bool refuse_before_conversion(MessageJob& job, const convert::Envelope& envelope);
  void convert_claims(MessageJob& job, const convert::Envelope& envelope);
  bool passes_check(MessageJob& job, const convert::Conversion& conversion);
  void prepare_claims(MessageJob& job, const convert::Conversion& conversion,
                      const convert::Envelope& envelope);
  void note_envelope(MessageJob& job, const convert::Envelope& envelope);
  void compress(MessageJob& job, std::string_view message);
  void submit(std::unique_ptr<MessageJob> job);
  void finish(MessageJob& job, const Result<void>& result);
  std::string answer_to(MessageJob& job, std::string_view message);
  void count(const Outcome& outcome) noexcept;

  const Services& services_;
  const SourceRules& rules_;
  const CurrentMapping& mapping_;
  std::uint64_t generation_ = 0;  // of reading_
  Reading reading_;
  const unsigned index_;
  std::unique_ptr<repository::Preparer> preparer_;  // null where no repository is kept
  std::unique_ptr<ResourceCheck> check_;            // null where nothing is checked
  const Counters& counters_;
  journal::Compressor compressor_;
  repository::ClaimsInput claims_;  // reused
  std::string padded_;              // the message with its padding; reused
};

}  // namespace lienthong::intake
