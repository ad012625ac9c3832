#pragma once
// Which answer a sender is owed. Source: docs/semantics.md rule 20; HL7 v2.5.1 §2.9.2 and §2.9.3.

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/convert/converter.h"
#include "gateway/intake/take.h"

namespace lienthong::intake {

// What a source's answer promises.
enum class AckPolicy : std::uint8_t {
  Stored,     // AA as soon as the message is durable; bad data wait in triage and are reported
  Processed,  // AE when anything of it could not be used
};

// What became of a message, as far as its answer is concerned.
enum class Verdict : std::uint8_t {
  Accepted,  // kept, and used as far as its source's state says
  BadData,   // kept, but something of it could not be used
  NotTaken,  // not for this source: a type not served, test traffic; table 0357: 200 to 202
  TryAgain,  // nothing was kept: disk or queue full
};

// The kind of answer; nullopt = none is owed (enhanced mode with NE, or a condition that does not hold).
//   verdict    original mode              enhanced mode (MSH-15 or MSH-16 valued)
//   Accepted   AA                         CA, by MSH-15: AL, SU
//   BadData    Stored: AA, Processed: AE  Stored: CA; Processed: CE, by AL, ER
//   NotTaken   AR                         CR, by AL, ER
//   TryAgain   AR                         CR, by AL, ER
// Where MSH-15 asks for nothing but MSH-16 does, the application answer (AA, AE, AR) is given at once.
std::optional<convert::AcknowledgeKind> answer_kind(AckPolicy policy, Verdict verdict,
                                                    std::string_view accept_ack,
                                                    std::string_view application_ack) noexcept;

}  // namespace lienthong::intake
