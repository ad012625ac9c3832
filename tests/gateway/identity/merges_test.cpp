#include "gateway/identity/merges.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/identity/aliases.h"
#include "gateway/identity/apart.h"
#include "identity_store.h"

using namespace lienthong;
using namespace lienthong::identity;
using store::Transaction;

namespace {

const Uuid kA = uuid_from_key("a"), kB = uuid_from_key("b"), kC = uuid_from_key("c");

Instant at(int second) {
  return Instant(std::chrono::seconds(second));
}

// All that can be asked of three records.
std::vector<Uuid> picture(Transaction& t) {
  std::vector<Uuid> all;
  for (const Uuid& id : {kA, kB, kC}) {
    all.push_back(*survivor_of(t, id));
    for (const int time : {0, 1, 2, 3, 4}) all.push_back(*resolve(t, id, at(time)));
    const auto replaced = replaced_by(t, id);
    all.insert(all.end(), replaced->begin(), replaced->end());
    all.push_back({});
  }
  return all;
}

std::vector<Uuid> picture_after(const std::vector<Merge>& merges) {
  IdentityStore fixture;
  std::vector<Uuid> all;
  fixture.run([&](Transaction& t) -> Result<void> {
    for (const auto& one : merges) REQUIRE(merge(t, one, at(100)));
    all = picture(t);
    return {};
  });
  return all;
}

// Every order of the same merges, some said twice, gives the same picture.
void check_orders(std::vector<Merge> merges) {
  const auto before = [](const Merge& a, const Merge& b) {
    return std::tie(a.at, a.replaced, a.survivor) < std::tie(b.at, b.replaced, b.survivor);
  };
  std::sort(merges.begin(), merges.end(), before);
  const auto expected = picture_after(merges);
  do {
    auto twice = merges;
    twice.push_back(merges.front());
    CHECK((picture_after(twice) == expected));
  } while (std::next_permutation(merges.begin(), merges.end(), before));
}

}  // namespace

TEST_CASE(
    "merges: a message of an event before the merge speaks of the replaced record, a later one of the "
    "survivor") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    const auto done = merge(t, {kA, kB, at(10)}, at(100));
    REQUIRE(done);
    CHECK_FALSE(done->refused);
    CHECK(done->changed == std::vector{kA, kB});
    CHECK(*resolve(t, kA, at(9)) == kA);
    CHECK(*resolve(t, kA, at(10)) == kB);
    CHECK(*resolve(t, kA) == kB);
    REQUIRE(merge(t, {kB, kC, at(20)}, at(101)));
    CHECK(*resolve(t, kA, at(15)) == kB);
    CHECK(*resolve(t, kA) == kC);
    CHECK(*survivor_of(t, kA) == kC);
    CHECK(replaced_by(t, kC)->size() == 2);
    return {};
  });
}

TEST_CASE("merges: a changed number has always meant the same") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(merge(t, {kB, kA, kAlways}, at(100)));
    CHECK(*resolve(t, kB, at(-1000)) == kA);
    REQUIRE(merge(t, {kA, kC, at(10)}, at(101)));
    CHECK(*resolve(t, kB, at(9)) == kA);
    CHECK(*resolve(t, kB, at(10)) == kC);
    return {};
  });
}

TEST_CASE("merges: said again, nothing changes") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(merge(t, {kA, kB, at(10)}, at(100)));
    CHECK(merge(t, {kA, kB, at(10)}, at(101))->changed.empty());
    CHECK(merge(t, {kA, kB, at(12)}, at(102))->changed.empty());
    CHECK(merge(t, {kA, kB, at(8)}, at(103))->changed.empty());
    CHECK(*resolve(t, kA, at(8)) == kB);
    CHECK(replaced_by(t, kB)->size() == 1);
    return {};
  });
}

TEST_CASE("merges: one that leads back is refused, whichever is heard of first") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    CHECK_FALSE(merge(t, {kC, kA, at(3)}, at(100))->refused);
    CHECK_FALSE(merge(t, {kA, kB, at(1)}, at(101))->refused);
    CHECK_FALSE(merge(t, {kB, kC, at(2)}, at(102))->refused);
    CHECK(*survivor_of(t, kC) == kC);  // the third in time is the one that led back
    CHECK(*survivor_of(t, kA) == kC);
    CHECK(merge(t, {kC, kB, at(4)}, at(103))->refused);
    CHECK(merge(t, {kC, kB, at(4)}, at(104))->refused);
    CHECK(merge(t, {kA, kA, at(5)}, at(105))->refused);
    return {};
  });
}

TEST_CASE("merges: what holds is the same for every order of arrival") {
  SECTION("a chain") {
    check_orders({{kA, kB, at(1)}, {kB, kC, at(2)}});
  }
  SECTION("a cycle") {
    check_orders({{kA, kB, at(1)}, {kB, kC, at(2)}, {kC, kA, at(3)}});
  }
  SECTION("a corrected merge") {
    check_orders({{kA, kB, at(1)}, {kA, kC, at(2)}, {kA, kB, at(3)}});
  }
  SECTION("there and back") {
    check_orders({{kA, kB, at(1)}, {kB, kA, at(2)}, {kA, kC, at(3)}});
  }
  SECTION("a changed number that is merged") {
    check_orders({{kB, kA, kAlways}, {kA, kC, at(2)}, {kB, kC, at(3)}});
  }
}

TEST_CASE("merges: undone, the record stands for itself again, and the same message does not bring it back") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(merge(t, {kA, kB, at(1)}, at(100)));
    REQUIRE(merge(t, {kB, kC, at(2)}, at(101)));
    const auto changed = undo_merge(t, kA, kB, at(102));
    REQUIRE(changed);
    CHECK(*changed == std::vector{kA, kB});
    CHECK(*survivor_of(t, kA) == kA);
    CHECK(*resolve(t, kA) == kA);
    CHECK(*survivor_of(t, kB) == kC);
    CHECK(merge(t, {kA, kB, at(1)}, at(103))->changed.empty());
    CHECK(*survivor_of(t, kA) == kA);
    CHECK(undo_merge(t, kA, kB, at(104))->empty());
    CHECK(merge(t, {kA, kB, at(9)}, at(105))->changed == std::vector{kA, kB});
    CHECK(*survivor_of(t, kA) == kC);
    return {};
  });
}

TEST_CASE("merges: what an earlier version showed can still be asked for") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(merge(t, {kA, kB, at(1)}, at(100)));
    REQUIRE(undo_merge(t, kA, kB, at(200)));
    CHECK(merged_with(t, kA, at(99))->empty());
    REQUIRE(merged_with(t, kA, at(150))->size() == 1);
    CHECK(merged_with(t, kA, at(150))->front().is_survivor);
    CHECK(merged_with(t, kB, at(150))->front().other == kA);
    CHECK(merged_with(t, kA, Instant::max())->empty());
    return {};
  });
}

TEST_CASE("apart: what was kept apart, and moves, are found by record and by patient") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    const Apart apart{kA, kB, "Encounter", uuid_from_key("p"), uuid_from_key("q")};
    REQUIRE(note_apart(t, apart));
    REQUIRE(note_apart(t, apart));
    CHECK(aparts_of(t, kA)->size() == 1);
    CHECK(aparts_of_patient(t, uuid_from_key("q"))->front().type == "Encounter");
    REQUIRE(forget_apart(t, apart));
    CHECK(aparts_of_patient(t, uuid_from_key("p"))->empty());
    REQUIRE(note_move(t, {kA, at(2), kB, kC}));
    REQUIRE(note_move(t, {kA, at(1), kC, kB}));
    REQUIRE(note_move(t, {kA, at(1), kC, kB}));
    REQUIRE(moves_of(t, kA)->size() == 2);
    CHECK(moves_of(t, kA)->front().to == kB);
    return {};
  });
}
