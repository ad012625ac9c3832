#include "gateway/identity/links.h"

#include <catch2/catch.hpp>

#include "identity_store.h"

using namespace lienthong;
using namespace lienthong::identity;
using store::Transaction;

namespace {

const Instant kMorning(std::chrono::seconds(1'770'000'000));

std::string patient(std::string_view citizen, std::string_view name, std::string_view gender,
                    std::string_view birth) {
  std::string json = R"({"identifier":[{"type":{"coding":[{"code":"NI"}]},"value":")";
  json.append(citizen)
      .append(R"("}],"name":[{"text":")")
      .append(name)
      .append(R"("}],"gender":")")
      .append(gender);
  return json.append(R"(","birthDate":")").append(birth).append(R"("})");
}

const std::string kAn = patient("079180001234", "Nguyễn Văn An", "male", "1980-05-17");

}  // namespace

TEST_CASE("links: facts are read from the Patient, fillers and partial dates are none") {
  const auto facts = person_facts(kAn);
  CHECK(facts.citizen_ids == std::vector<std::string>{"079180001234"});
  CHECK(facts.names == std::vector<std::string>{"nguyen van an"});
  CHECK(facts.birth_date == "1980-05-17");
  CHECK(person_facts(patient("000000000000", "A", "male", "1980")).citizen_ids.empty());
  CHECK(person_facts(patient("079180001234", "A", "male", "1980")).birth_date.empty());
  CHECK(person_facts("nonsense").names.empty());
}

TEST_CASE("links: all four agree → linked on both sides; a decoy with the same citizen id stays apart") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    const auto decoy = patient("079180001234", "Trần Văn An", "male", "1991-05-17");
    REQUIRE(update_links(t, {1}, person_facts(kAn), kMorning)->empty());
    REQUIRE(update_links(t, {2}, person_facts(decoy), kMorning)->empty());
    const auto same = patient("079180001234", "AN NGUYEN VAN", "male", "1980-05-17");
    const auto changes = update_links(t, {3}, person_facts(same), kMorning);
    REQUIRE(changes->size() == 1);
    CHECK((*changes)[0].other == ResourceRow{1});
    CHECK((*changes)[0].made);
    CHECK(links_of(t, {1})->size() == 1);
    CHECK(links_of(t, {3})->size() == 1);
    CHECK(links_of(t, {2})->empty());
    return {};
  });
}

TEST_CASE("links: when the facts no longer agree the link ends and its record stays") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(update_links(t, {1}, person_facts(kAn), kMorning));
    REQUIRE(update_links(t, {2}, person_facts(kAn), kMorning)->size() == 1);
    const auto corrected = patient("079180009999", "Nguyễn Văn An", "male", "1980-05-17");
    const auto later = kMorning + std::chrono::hours(1);
    const auto changes = update_links(t, {2}, person_facts(corrected), later);
    REQUIRE(changes->size() == 1);
    CHECK(!(*changes)[0].made);
    CHECK(links_of(t, {1})->empty());
    CHECK(links_of(t, {1}, kMorning)->size() == 1);
    REQUIRE(update_links(t, {2}, person_facts(kAn), later + std::chrono::hours(1))->size() == 1);
    CHECK(links_of(t, {1})->size() == 1);
    return {};
  });
}

TEST_CASE("links: a person's decision outlives what feeds say") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(make_link(t, {5}, {6}, kMorning));
    REQUIRE(update_links(t, {5}, person_facts(kAn), kMorning));
    CHECK(links_of(t, {6})->size() == 1);
    REQUIRE(end_link(t, {6}, {5}, kMorning + std::chrono::hours(1)));
    CHECK(links_of(t, {5})->empty());
    return {};
  });
}
