#pragma once
// The acknowledgment owed to a sender (HL7 v2.5.1 §2.9.2, §2.9.3; MSA §2.15.8; ERR §2.15.5).

#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

// Renders MSH, MSA and one ERR a problem with the sender's own delimiters, its version and processing id, the
// parties swapped.  Works from the raw bytes, so that a message that could not be opened is answered too;
// without any MSH the answer says what it can.  LT_OK or LT_LIMIT.
lt_status render_answer(sdk::Host host, const lt_answer_request& request, std::string_view default_version,
                        lt_text& answer) noexcept;

}  // namespace lienthong::hl7v2
