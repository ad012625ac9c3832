#include "gateway/identity/result_ties.h"

#include <catch2/catch.hpp>

#include "identity_store.h"

using namespace lienthong;
using namespace lienthong::identity;
using store::Transaction;

namespace {

const Instant kMorning(std::chrono::seconds(1'770'000'000));
const ResourceRow kPatient{1}, kCopy{10}, kResult{20}, kOther{21};

}  // namespace

TEST_CASE("ties: a copy is found by its patient, code and time, and by the results that agree with it") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    CHECK_FALSE(*has_copies(t));
    REQUIRE(note_copy(t, kCopy, {kPatient, 500, {7, 8}}));
    REQUIRE(note_copy(t, kCopy, {kPatient, 500, {7, 8}}));
    CHECK((*has_copies(t) && *has_copies(t, kPatient) && !*has_copies(t, ResourceRow{2})));
    CHECK(copies_of(t, kPatient, 7, 400, 600)->size() == 1);
    CHECK(copies_of(t, kPatient, 8, 500, 500)->size() == 1);
    CHECK(copies_of(t, kPatient, 7, 501, 600)->empty());
    CHECK(copies_of(t, kPatient, 9, 400, 600)->empty());
    CHECK(copies_of(t, kPatient)->size() == 1);
    REQUIRE(note_copy(t, kCopy, {ResourceRow{2}, 900, {7}}));
    CHECK(copies_of(t, kPatient)->empty());
    CHECK(copies_of(t, ResourceRow{2}, 7, 900, 900)->size() == 1);
    REQUIRE(set_tie(t, kCopy, {kResult, TieReason::SameRecord, {20, 21}}, kMorning));
    CHECK((copies_agreeing(t, kResult)->size() == 1 && copies_agreeing(t, kOther)->size() == 1));
    REQUIRE(set_tie(t, kCopy, {kOther, TieReason::LinkedRecord, {21}}, kMorning));
    CHECK((copies_agreeing(t, kResult)->empty() && copies_agreeing(t, kOther)->size() == 1));
    CHECK(*forget_copy(t, kCopy, kMorning));
    CHECK((!*has_copies(t) && copies_agreeing(t, kOther)->empty()));
    CHECK_FALSE(*forget_copy(t, kCopy, kMorning));
    return {};
  });
}

TEST_CASE("ties: what a copy was tied to at a time stays known") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    const auto hour = [](int hours) { return kMorning + std::chrono::hours(hours); };
    REQUIRE(note_copy(t, kCopy, {kPatient, 500, {7}}));
    const auto made = set_tie(t, kCopy, {kResult, TieReason::SameRecord, {20}}, hour(1));
    CHECK((made->original && made->reason && !made->was_tied));
    const auto again = set_tie(t, kCopy, {kResult, TieReason::SameRecord, {20}}, hour(2));
    CHECK((!again->original && !again->reason && again->was_tied));
    REQUIRE(set_tie(t, kCopy, {{}, TieReason::Several, {20, 21}}, hour(3)));
    const auto back = set_tie(t, kCopy, {kOther, TieReason::LinkedRecord, {21}}, hour(5));
    CHECK((back->original && !back->was_tied));
    CHECK(*original_of(t, kCopy, hour(0)) == ResourceRow{});
    CHECK(*original_of(t, kCopy, hour(1)) == kResult);
    CHECK(*original_of(t, kCopy, hour(2)) == kResult);
    CHECK(*original_of(t, kCopy, hour(4)) == ResourceRow{});
    CHECK(*original_of(t, kCopy, hour(6)) == kOther);
    return {};
  });
}

TEST_CASE("ties: of what is no known copy nothing is kept") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    const auto change = set_tie(t, kCopy, {kResult, TieReason::SameRecord, {20}}, kMorning);
    REQUIRE(change);
    CHECK_FALSE(change->original);
    CHECK(copies_agreeing(t, kResult)->empty());
    CHECK(*original_of(t, kCopy, kMorning) == ResourceRow{});
    return {};
  });
}
