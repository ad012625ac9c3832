#pragma once
// Opening a message: the adapter's record, the character set, the envelope, the facility, the event's time.

#include <string>
#include <string_view>

#include "gateway/convert/converter.h"
#include "gateway/convert/message_context.h"

namespace lienthong::convert {

// One thread; what it gives is valid until the next open().
class MessageOpening {
 public:
  MessageOpening(const SourceSettings& settings, MessageContext& context, const ProgramData& program);

  Result<const Envelope*> open(std::string_view message, void* stream, Instant received,
                               ProblemSink& problems);
  std::string acknowledge(lt_acknowledge_kind kind, std::string_view message, std::string_view own_control_id,
                          Instant now, const ProblemSink& problems);

  bool is_open() const noexcept { return is_open_; }
  const Envelope& envelope() const noexcept { return envelope_; }
  // Empty when the source has a table of facilities and the sender is not in it, or is bound to another
  // sender.
  std::string_view facility() const noexcept { return facility_; }

 private:
  Result<void> open_record(std::string_view message, void* stream);
  bool is_of_record(std::string_view message) const noexcept;
  void choose_charset(std::string_view declared, std::string_view message);
  void choose_facility();
  void read_event_time(lt_text stated, Instant received);
  void warn(std::uint16_t number, std::string argument, std::string value);

  const SourceSettings& settings_;
  MessageContext& context_;
  const ProgramData& program_;
  int offset_minutes_ = 0;
  Envelope envelope_;
  std::string_view message_;  // the one that is open
  lt_text volatile_part_{nullptr, 0};
  std::string_view facility_;
  bool is_open_ = false;
};

// "+07:00" in minutes; 0 when it cannot be read (settings are checked where they are configured).
int offset_of(const SourceSettings& settings) noexcept;

}  // namespace lienthong::convert
