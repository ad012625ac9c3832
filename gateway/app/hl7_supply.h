#pragma once
// Where `send` and `bench` take HL7 v2 messages from: files, or an invented morning.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/morning.h"
#include "gateway/base/result.h"

namespace lienthong::app {

// A message and its lane: messages of one lane must stay in order, so they go over one connection.
struct SuppliedMessage {
  std::string text;
  std::uint64_t lane = 0;
};

// Fills the next message in; false when there are no more. One thread.
using MessageSupply = std::function<bool(SuppliedMessage&)>;

// Cuts a text into messages: each begins with MSH at the start of a line; batch headers and trailers are left
// out, MLLP's frame bytes too. Segments end in CR, as they are sent.
std::vector<std::string> split_hl7(std::string_view text);

// All messages of the files, in order. The lane is a hash of PID-3, so one patient's messages stay in order.
Result<MessageSupply> supply_from_files(const std::vector<std::string>& files);
MessageSupply supply_from_morning(const MorningOptions& options);

// The first field `number` of the first segment `name`; empty when there is none. Counted as HL7 does (MSH-10
// …).
std::string_view hl7_field(std::string_view message, std::string_view name, unsigned number) noexcept;

}  // namespace lienthong::app
