// Bad input over MLLP: each gets a clear answer or a closed connection, and the next sender is served.
#include <catch2/catch.hpp>

#include "gateway/app/hl7_supply.h"
#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

std::int64_t messages(Hospital& hospital) {
  return number(hospital.data(), "SELECT count(*) FROM message");
}

// A figure of /metrics, such as `lienthong_messages_total{source="his",fate="repeated"}`.
std::string metric(Hospital& hospital, const std::string& name) {
  const auto text = http(hospital.http(), "GET", "/metrics").body;
  const auto at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "absent";
  const auto begin = at + name.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

// The message with another text at a place that must be there.
std::string with(std::string message, std::string_view from, std::string_view to) {
  const auto at = message.find(from);
  REQUIRE(at != std::string::npos);
  return message.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("MLLP: a frame cut off by a new one is dropped, the new one is answered") {
  Hospital hospital;
  Peer peer(hospital.mllp());
  peer.send("\x0b" + admission("cut", "BN1").substr(0, 100));
  CHECK(code_of(peer.exchange(admission("whole", "BN1"))) == "AA");
  CHECK(query(hospital.data(), "SELECT control_id FROM message") == std::vector<std::string>{"whole"});
}

TEST_CASE("MLLP: a sender that stops in the middle leaves nothing and disturbs nobody") {
  Hospital hospital;
  Peer silent(hospital.mllp());
  silent.send("\x0b" + admission("half", "BN1").substr(0, 150));
  {
    Peer gone(hospital.mllp());
    gone.send("\x0b" + admission("gone", "BN1").substr(0, 150));
  }
  Peer peer(hospital.mllp());
  CHECK(code_of(peer.exchange(admission("other", "BN2"))) == "AA");
  CHECK(messages(hospital) == 1);
  // It goes on later: the frame is complete then.
  silent.send(admission("half", "BN1").substr(150) + "\x1c\r");
  CHECK(code_of(silent.answer().value()) == "AA");
  CHECK(messages(hospital) == 2);
}

TEST_CASE("MLLP: a frame of 64 MB is refused by its control id in bounded memory; its connection works on") {
  Hospital hospital;
  Peer first(hospital.mllp());
  REQUIRE(code_of(first.exchange(admission("before", "BN1"))) == "AA");
  const auto before = hospital.process().memory_kib("VmRSS");
  {
    Peer peer(hospital.mllp());
    const std::string piece(1 << 20, 'x');
    bool open = peer.send("\x0bMSH|^~\\&|HIS|BV|||20260301||ADT^A01|LARGE1|P|2.5\rNTE|1||");
    for (int i = 0; i < 64 && open; ++i) open = peer.send(piece);
    REQUIRE(open);
    const auto answer = peer.answer();
    REQUIRE(answer);
    CHECK(code_of(*answer) == "AR");
    CHECK_THAT(*answer, Contains("LARGE1"));
    peer.send("\x1c\r");
    CHECK(code_of(peer.exchange(admission("same", "BN1"))) == "AA");
  }
#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory for itself
  // The limit of a frame (16 MiB), once while it grows and once where it grows to.
  CHECK(hospital.process().memory_kib("VmHWM") - before < 48 << 10);
#else
  (void)before;
#endif
  Peer peer(hospital.mllp());
  CHECK(code_of(peer.exchange(admission("after", "BN1"))) == "AA");
  CHECK(messages(hospital) == 4);
}

TEST_CASE("MLLP: text that is not the declared UTF-8 is answered and named, not lost") {
  Hospital hospital;
  Peer peer(hospital.mllp());
  const auto answer = peer.exchange(admission("bad", "BN1", "Nguy\xE1\xBAn\xFF"));
  INFO(answer);
  CHECK(code_of(answer) == "AA");  // it is on disk (acknowledge = "stored")
  CHECK_THAT(answer, Contains("ERR|"));
  const auto people = newest(read_content(hospital.http()));
  CHECK(messages(hospital) == 1);
  CHECK(query(hospital.data(), "SELECT problems<>'' FROM message") == std::vector<std::string>{"1"});
  bool found = false;
  for (const auto& [id, json] : people)
    found = found || (id.rfind("Patient/", 0) == 0 && json.find("Nguy") != json.npos);
  CHECK(found);
}

TEST_CASE("MLLP: a client that speaks HTTP is cut off, others are served") {
  Hospital hospital;
  Peer wrong(hospital.mllp());
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(8000, 'y') + "\r\n\r\n";
  wrong.send(request);
  CHECK(wrong.rest().empty());
  Peer peer(hospital.mllp());
  CHECK(code_of(peer.exchange(admission("good", "BN1"))) == "AA");
}

TEST_CASE("MLLP: what is no HL7 in a frame is refused and kept for triage") {
  Hospital hospital;
  Peer peer(hospital.mllp());
  for (const auto& junk : {std::string("hello"), std::string("MSH"), std::string("\0\1\2\xff", 4),
                           std::string("PID|1||BN1\r"), std::string("FHS|")}) {
    peer.send_message(junk);
  }
  CHECK(code_of(peer.exchange(admission("good", "BN1"))).size() == 2);
  REQUIRE(eventually([&] { return messages(hospital) == 6; }));
  CHECK(number(hospital.data(), "SELECT count(*) FROM message WHERE fate=0") == 1);
}

TEST_CASE("MLLP: a repeat is answered as before and changes nothing; also later and after a restart") {
  Hospital hospital;
  const auto message = admission("c1", "BN1");
  {
    Peer peer(hospital.mllp());
    REQUIRE(code_of(peer.exchange(message)) == "AA");
    const auto before = read_content(hospital.http());
    CHECK(code_of(peer.exchange(message)) == "AA");
    CHECK(code_of(peer.exchange(with(message, "20260302080000+0700", "20260302080100+0700"))) == "AA");
    CHECK(read_content(hospital.http()) == before);
    CHECK(messages(hospital) == 1);
    CHECK(metric(hospital, R"(lienthong_messages_total{source="his",fate="repeated"})") == "2");
  }
  const auto before = read_content(hospital.http());
  REQUIRE(hospital.process().stop() == 0);
  hospital.restart();
  Peer peer(hospital.mllp());
  CHECK(app::hl7_field(peer.exchange(message), "MSA", 2) == "c1");
  CHECK(read_content(hospital.http()) == before);
  CHECK(messages(hospital) == 1);
}

TEST_CASE("MLLP: a repeat of a refused message is refused again") {
  Hospital hospital;
  Peer peer(hospital.mllp());
  const auto test_message = with(admission("t1", "BN1"), "|P|2.5.1", "|T|2.5.1");
  for (int i = 0; i < 2; ++i) {
    const auto answer = peer.exchange(test_message);
    INFO(answer);
    CHECK(code_of(answer) == "AR");
    CHECK_THAT(answer, Contains("|202^"));  // semantics 19
  }
  CHECK(messages(hospital) == 1);
  CHECK(read_content(hospital.http()).empty());
}

TEST_CASE("MLLP: a control id used again for something else is taken with a warning, or refused with 205") {
  for (const bool strict : {false, true}) {
    HospitalOptions options;
    options.source = strict ? "duplicates = \"strict\"" : "";
    Hospital hospital(options);
    Peer peer(hospital.mllp());
    REQUIRE(code_of(peer.exchange(admission("c1", "BN1"))) == "AA");
    const auto answer = peer.exchange(admission("c1", "BN2"));
    INFO(answer);
    CHECK(code_of(answer) == (strict ? "AR" : "AA"));
    if (strict) CHECK_THAT(answer, Contains("|205^"));
    CHECK_THAT(query(hospital.data(), "SELECT problems FROM message ORDER BY row DESC LIMIT 1").front(),
               Contains("1703"));
    const auto people = newest(read_content(hospital.http()));
    const auto patients =
        std::count_if(people.begin(), people.end(), [](const auto& one) { return one.first[1] == 'a'; });
    CHECK(patients == (strict ? 1 : 2));
  }
}

TEST_CASE("MLLP: enhanced mode is answered as MSH-15 asks") {
  Hospital hospital;
  Peer peer(hospital.mllp());
  const auto asking = [](const std::string& id, const std::string& conditions) {
    return with(admission(id, "BN" + id), "|P|2.5.1|||||VNM", "|P|2.5.1|||" + conditions + "|VNM");
  };
  CHECK(code_of(peer.exchange(asking("1", "AL|NE"))) == "CA");
  CHECK(code_of(peer.exchange(asking("2", "SU|NE"))) == "CA");
  peer.send_message(asking("3", "NE|NE"));  // no answer is owed
  peer.send_message(asking("4", "ER|NE"));  // none for a success
  CHECK(code_of(peer.exchange(asking("5", "NE|AL"))) == "AA");
  const auto refused = with(asking("6", "ER|NE"), "|P|2.5.1", "|D|2.5.1");
  CHECK(code_of(peer.exchange(refused)) == "CR");
  CHECK(messages(hospital) == 6);
}
