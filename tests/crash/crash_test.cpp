// kill -9 of hospital and province in the middle of a morning: what is there afterwards equals what an
// unkilled run of the same morning leaves (docs/delivery.md, docs/intake.md: "What it guarantees").
//
// Compared: every version of every resource at the hospital, without what says when and by which message it
// was written; the newest version of every resource at the province (how many versions the province has
// depends on how fast it was served: waiting changes of one resource are one delivery); the journal; outbox
// and dead letters.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "tests/crash/pair.h"

using namespace lienthong;
using namespace lienthong::test;

namespace {

std::vector<Round> make_rounds(unsigned count) {
  std::mt19937 random(20260302);
  std::vector<Round> rounds;
  for (unsigned i = 0; i < count; ++i) {
    Round round;
    round.morning.seed = 7;
    round.morning.patients = 10;
    round.morning.first_patient = std::uint64_t{i} * round.morning.patients;
    round.morning.duplicates = true;
    // One kill of each a round: nothing may be in hand at two of them, or it is rightly quarantined.
    for (const auto victim : {Victim::Hospital, Victim::Province}) {
      const auto after = static_cast<double>(random() % 1000) / 1000.0;
      round.kills.push_back({victim, after, std::chrono::microseconds(random() % 20'000)});
    }
    std::sort(round.kills.begin(), round.kills.end(),
              [](const Kill& a, const Kill& b) { return a.share < b.share; });
    rounds.push_back(std::move(round));
  }
  return rounds;
}

// What two runs must agree on, and what only shows that one run is sound.
struct Outcome {
  Content hospital, province;
  std::vector<std::string> journal;  // control id and fate of each message
  std::int64_t seen = 0, contributions = 0;
  std::set<std::string> acknowledged;
};

Outcome play(const std::vector<Round>& rounds, bool with_kills) {
  Pair pair;
  for (const auto& round : rounds) pair.play(round, with_kills);
  pair.drain();
  Outcome outcome;
  outcome.hospital = pair.hospital_content();
  outcome.province = pair.province_content();
  outcome.acknowledged = pair.acknowledged();
  pair.stop();
  const auto data = pair.hospital_data();
  outcome.journal = query(data, "SELECT control_id, fate FROM message ORDER BY control_id");
  outcome.seen = number(data, "SELECT count(*) FROM seen");
  outcome.contributions = number(data, "SELECT count(*) FROM contribution");
  CHECK(number(data, "SELECT count(*) FROM outbox_resource") == 0);
  CHECK(number(data, "SELECT count(*) FROM dead_letter") == 0);
  CHECK(query(data, "PRAGMA integrity_check") == std::vector<std::string>{"ok"});
  CHECK(query(pair.province_data(), "PRAGMA integrity_check") == std::vector<std::string>{"ok"});
  return outcome;
}

// A difference is named by resource, not printed as two whole contents.
template <class Map>
void check_equal(const Map& expected, const Map& got) {
  CHECK(expected.size() == got.size());
  for (const auto& [id, content] : expected) {
    INFO(id);
    const auto found = got.find(id);
    REQUIRE(found != got.end());
    REQUIRE(found->second == content);
  }
}

// A delivery that was repeated because its answer was lost makes no version.
void check_no_version_repeats_the_one_before(const Content& content) {
  for (const auto& [id, versions] : content) {
    INFO(id);
    CHECK(std::adjacent_find(versions.begin(), versions.end()) == versions.end());
  }
}

}  // namespace

TEST_CASE("kill -9 of hospital and province at random points leaves what an unkilled run leaves") {
  const auto rounds = make_rounds(long_form() ? 50 : 4);
  const auto quiet = play(rounds, false);
  const auto killed = play(rounds, true);

  REQUIRE(quiet.hospital.size() > rounds.size() * 10);
  check_equal(quiet.hospital, killed.hospital);
  CHECK(version_count(quiet.hospital) == version_count(killed.hospital));
  check_equal(newest(quiet.hospital), newest(quiet.province));
  check_equal(newest(quiet.hospital), newest(killed.province));
  check_no_version_repeats_the_one_before(quiet.province);
  check_no_version_repeats_the_one_before(killed.province);
  CHECK(version_count(killed.province) <= version_count(killed.hospital));

  CHECK(quiet.journal == killed.journal);
  CHECK(quiet.seen == killed.seen);
  CHECK(quiet.contributions == killed.contributions);
  CHECK(quiet.acknowledged == killed.acknowledged);
  CHECK(killed.journal.size() == killed.acknowledged.size());  // each once, none lost
}
