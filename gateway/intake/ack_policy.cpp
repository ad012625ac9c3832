#include "gateway/intake/ack_policy.h"

namespace lienthong::intake {
namespace {

using Kind = convert::AcknowledgeKind;

Kind original(AckPolicy policy, Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Accepted:
      return Kind::Accepted;
    case Verdict::BadData:
      return policy == AckPolicy::Stored ? Kind::Accepted : Kind::Errors;
    case Verdict::NotTaken:
    case Verdict::TryAgain:
      return Kind::Rejected;
  }
  return Kind::Rejected;
}

Kind commit_form(Kind kind) noexcept {
  switch (kind) {
    case Kind::Accepted:
      return Kind::CommitAccepted;
    case Kind::Errors:
      return Kind::CommitError;
    default:
      return Kind::CommitRejected;
  }
}

// HL7 table 0155: AL always, NE never, ER error or reject only, SU success only. An unknown code is taken as
// AL: a sender that waits for an answer must not be left waiting.
bool condition_holds(std::string_view condition, bool success) noexcept {
  if (condition.empty() || condition == "NE") return false;
  if (condition == "ER") return !success;
  if (condition == "SU") return success;
  return true;
}

}  // namespace

std::optional<Kind> answer_kind(AckPolicy policy, Verdict verdict, std::string_view accept_ack,
                                std::string_view application_ack) noexcept {
  const Kind kind = original(policy, verdict);
  if (accept_ack.empty() && application_ack.empty()) return kind;
  const bool success = kind == Kind::Accepted;
  if (condition_holds(accept_ack, success)) return commit_form(kind);
  if (condition_holds(application_ack, success)) return kind;
  return std::nullopt;
}

}  // namespace lienthong::intake
