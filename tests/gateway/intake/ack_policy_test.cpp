#include "gateway/intake/ack_policy.h"

#include <catch2/catch.hpp>

using namespace lienthong;
using namespace lienthong::intake;
using Kind = convert::AcknowledgeKind;

TEST_CASE(
    "Original mode: a durable message is AA even when its data are bad, unless the source answers for "
    "processing") {
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "", "") == Kind::Accepted);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::BadData, "", "") == Kind::Accepted);
  CHECK(answer_kind(AckPolicy::Processed, Verdict::BadData, "", "") == Kind::Errors);
}

TEST_CASE("Original mode: not for us and try again are AR, never AE") {
  for (const auto policy : {AckPolicy::Stored, AckPolicy::Processed}) {
    CHECK(answer_kind(policy, Verdict::NotTaken, "", "") == Kind::Rejected);
    CHECK(answer_kind(policy, Verdict::TryAgain, "", "") == Kind::Rejected);
  }
}

TEST_CASE("Enhanced mode: MSH-15 decides whether a commit answer is sent") {
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "AL", "NE") == Kind::CommitAccepted);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "SU", "") == Kind::CommitAccepted);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "ER", "") == std::nullopt);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::NotTaken, "ER", "") == Kind::CommitRejected);
  CHECK(answer_kind(AckPolicy::Processed, Verdict::BadData, "AL", "") == Kind::CommitError);
  CHECK(answer_kind(AckPolicy::Processed, Verdict::BadData, "SU", "") == std::nullopt);
}

TEST_CASE("Enhanced mode: NE in both gets no answer; a wish in MSH-16 alone gets the application's") {
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "NE", "NE") == std::nullopt);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "NE", "AL") == Kind::Accepted);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "", "AL") == Kind::Accepted);
  CHECK(answer_kind(AckPolicy::Stored, Verdict::NotTaken, "", "ER") == Kind::Rejected);
}

TEST_CASE("Enhanced mode: a code that HL7 does not know is answered, so that no sender waits for ever") {
  CHECK(answer_kind(AckPolicy::Stored, Verdict::Accepted, "XX", "") == Kind::CommitAccepted);
}
