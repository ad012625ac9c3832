#pragma once
// From the converter's result to the repository's input: the two rooms do not know each other.

#include "gateway/convert/claim.h"
#include "gateway/convert/converter.h"
#include "gateway/delivery/outbox_entry.h"
#include "gateway/intake/source_rules.h"
#include "gateway/repository/claims_input.h"

namespace lienthong::intake {

// `to` is overwritten and views `from`, but for its texts' memory, which is reused.
void copy_claims(const convert::Conversion& from, repository::ClaimsInput& to);

// Who makes the claims of a message with this envelope.
repository::ClaimSource claim_source_of(const SourceRules& rules, const convert::Envelope& envelope) noexcept;

// The lane of a message that is passed on whole: its patient's, or one of its own for what belongs to none.
delivery::Lane lane_of(const convert::Conversion& conversion, const MessageNumber& number) noexcept;

}  // namespace lienthong::intake
