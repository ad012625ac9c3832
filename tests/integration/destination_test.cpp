// Destinations that are down, that refuse, that come back (docs/delivery.md, "What it guarantees").
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "gateway/app/mllp_sender.h"
#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"
#include "tests/integration/support/receiver.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

std::int64_t waiting(Hospital& hospital) {
  return number(hospital.data(), "SELECT count(*) FROM outbox_resource");
}

// Plays an invented morning; every message must be accepted.
void play(Hospital& hospital, std::uint64_t patients) {
  app::MllpSenderOptions options;
  options.stream.endpoint = hospital.mllp();
  options.answer_limit = std::chrono::seconds(120);
  const auto report = app::send_messages(options, app::supply_from_morning({.patients = patients}), {});
  REQUIRE(report);
  CHECK(report->accepted == report->sent);
}

// What a receiver may rely on: an entry refers only to what is in its bundle or came before, and a resource's
// sequence numbers rise.
void check_closed_and_in_order(const std::vector<Bundle>& bundles) {
  std::set<std::string> known;
  std::map<std::string, std::int64_t> last;
  for (const auto& bundle : bundles) {
    for (const auto& entry : bundle) known.insert(entry.target);
    for (const auto& entry : bundle) {
      INFO(entry.target);
      for (const auto& reference : entry.references) CHECK(known.count(reference) == 1);
      CHECK(entry.sequence > last[entry.target]);
      last[entry.target] = entry.sequence;
    }
  }
}

// The newest of each resource that a receiver has taken is the newest the hospital has.
void check_all_there(Hospital& hospital, const std::vector<Bundle>& bundles) {
  std::map<std::string, std::size_t> received;
  for (const auto& bundle : bundles) {
    for (const auto& entry : bundle) received[entry.target] = entry.resource.size();
  }
  const auto content = newest(read_content(hospital.http()));
  CHECK(received.size() == content.size());
  for (const auto& [id, json] : content) {
    INFO(id);
    CHECK(received.count(id) == 1);
  }
}

}  // namespace

TEST_CASE("a destination that is down costs disk only; when it is back the backlog drains in order") {
  auto receiver = std::make_unique<Receiver>();
  const auto port = receiver->endpoint().port;
  HospitalOptions options;
  options.sections = receiver->section("maximum_entries = 25");
  receiver.reset();

  Hospital hospital(options);
  play(hospital, 12);
  const auto backlog = waiting(hospital);
  CHECK(backlog > 50);
  CHECK_THAT(hospital.process().log(), Contains("destination does not take"));

  receiver = std::make_unique<Receiver>(Receiver::Judge(), port);
  REQUIRE(eventually([&] { return waiting(hospital) == 0; }));
  check_closed_and_in_order(receiver->taken());
  check_all_there(hospital, receiver->taken());
  // One delivery for each resource, however often it changed meanwhile.
  std::size_t entries = 0;
  for (const auto& bundle : receiver->taken()) entries += bundle.size();
  CHECK(entries == static_cast<std::size_t>(backlog));
  CHECK_THAT(hospital.process().log(), Contains("destination is back"));
}

TEST_CASE("a destination that goes away in the middle gets everything, in order") {
  int calls = 0;
  Receiver receiver([&calls](const Bundle&) { return ++calls % 3 == 0 ? 503 : 200; });
  HospitalOptions options;
  options.sections = receiver.section("maximum_entries = 20\nconnections = 1");
  Hospital hospital(options);
  play(hospital, 12);
  REQUIRE(eventually([&] { return waiting(hospital) == 0; }));
  CHECK(receiver.refused().size() > 0);
  check_closed_and_in_order(receiver.taken());
  check_all_there(hospital, receiver.taken());
  CHECK(number(hospital.data(), "SELECT count(*) FROM dead_letter") == 0);
}

TEST_CASE("a backlog and its order survive a restart") {
  auto receiver = std::make_unique<Receiver>();
  const auto port = receiver->endpoint().port;
  HospitalOptions options;
  options.sections = receiver->section();
  receiver.reset();
  Hospital hospital(options);
  play(hospital, 5);
  const auto backlog = waiting(hospital);
  REQUIRE(hospital.process().stop() == 0);
  CHECK(waiting(hospital) == backlog);
  hospital.restart();
  receiver = std::make_unique<Receiver>(Receiver::Judge(), port);
  REQUIRE(eventually([&] { return waiting(hospital) == 0; }));
  check_closed_and_in_order(receiver->taken());
  check_all_there(hospital, receiver->taken());
}

TEST_CASE("what a destination refuses for good becomes a dead letter; the rest goes on") {
  const auto hopeless = [](const Bundle& bundle) {
    for (const auto& entry : bundle) {
      if (entry.resource.find("Refused") != std::string::npos) return 422;
    }
    return 200;
  };
  Receiver receiver(hopeless);
  HospitalOptions options;
  options.sections = receiver.section();
  Hospital hospital(options);
  Peer peer(hospital.mllp());
  REQUIRE(code_of(peer.exchange(admission("c1", "BN1"))) == "AA");
  REQUIRE(code_of(peer.exchange(admission("c2", "BN2", "Refused"))) == "AA");
  REQUIRE(code_of(peer.exchange(admission("c3", "BN3"))) == "AA");
  REQUIRE(eventually([&] { return waiting(hospital) == 0; }));

  const auto dead = query(hospital.data(), "SELECT status, reason FROM dead_letter");
  REQUIRE(dead.size() >= 1);
  CHECK(dead.front() == "422|HTTP 422 business-rule");
  // Nothing of the message stands in the log.
  CHECK(hospital.process().log().find("Refused") == std::string::npos);
  CHECK_THAT(hospital.process().log(), Contains("dead letter"));
  std::set<std::string> patients;
  for (const auto& bundle : receiver.taken()) {
    for (const auto& entry : bundle) {
      if (entry.target.rfind("Patient/", 0) == 0) patients.insert(entry.target);
    }
  }
  CHECK(patients.size() == 2);
  REQUIRE(eventually(
      [&] { return http(hospital.http(), "GET", "/health").body.find(R"("dead":0)") == std::string::npos; }));

  // Seen, and sent again by hand: it is refused again, and stands there again.
  const auto listed = hospital.run({"triage", "dead"});
  CHECK_THAT(listed.out, Contains("\"status\":422") && Contains("business-rule"));
  const auto resent = hospital.run({"triage", "resend", "registry"});
  INFO(resent.out << resent.err);
  CHECK(resent.code == 0);
  CHECK_THAT(resent.out, Contains("\"queued\":" + std::to_string(dead.size())));
  REQUIRE(eventually([&] {
    return waiting(hospital) == 0 &&
           number(hospital.data(), "SELECT count(*) FROM dead_letter") == static_cast<long>(dead.size());
  }));

  // A correction of what was refused is delivered as usual.
  auto corrected =
      adt("A08", "c4", "20260302090000", "PID|1||BN2^^^79999^MR||Trần^An^Văn^^^^L||19800115|M\r");
  REQUIRE(code_of(peer.exchange(corrected)) == "AA");
  REQUIRE(eventually([&] { return waiting(hospital) == 0; }));
  patients.clear();
  for (const auto& bundle : receiver.taken()) {
    for (const auto& entry : bundle) {
      if (entry.target.rfind("Patient/", 0) == 0) patients.insert(entry.target);
    }
  }
  CHECK(patients.size() == 3);
}

TEST_CASE("a wrong token holds the lane and loses nothing") {
  Receiver receiver([](const Bundle&) { return 401; });
  HospitalOptions options;
  options.sections = receiver.section();
  Hospital hospital(options);
  Peer peer(hospital.mllp());
  REQUIRE(code_of(peer.exchange(admission("c1", "BN1"))) == "AA");
  REQUIRE(eventually([&] { return receiver.calls() >= 3; }));
  CHECK(waiting(hospital) > 0);
  CHECK(number(hospital.data(), "SELECT count(*) FROM dead_letter") == 0);
}
