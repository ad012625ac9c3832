#pragma once
// Undoing HL7 v2's escape sequences (v2.5.1 §2.7; \P\: v2.7 §2.7.1).

#include <cstdint>
#include <string_view>

#include "adapters/hl7v2/delimiters.h"
#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

enum class EscapeProblem : std::uint8_t { None, Unknown, Charset };

struct Unescaped {
  lt_text text{nullptr, 0};  // data nullptr: the host refused memory
  EscapeProblem problem = EscapeProblem::None;
  std::uint32_t problem_offset = 0;  // within the escaped text
};

// The text with every sequence replaced, in the host's memory.  Line breaks become \n, indents and centring
// nothing or a line break, \Xdd..\ the bytes; switches of character set (\C..\, \M..\) are dropped; sequences
// that are not known, and \Z..\, stay as they are sent.  The result is never longer than the input.
Unescaped unescape(sdk::Host host, std::string_view escaped, const Delimiters& delimiters) noexcept;

}  // namespace lienthong::hl7v2
