// Semantics 18: what is labelled sensitive leaves for a destination that is cleared for it, and no byte of it
// for one that is not. Real gateways, real destinations. Invented people only.
#include <catch2/catch.hpp>

#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"
#include "tests/integration/support/receiver.h"
#include "tests/support/dossiers/dossier.h"

using namespace lienthong;
using namespace lienthong::test;

namespace {

const std::string kBhyt =
    "[[source]]\nname = \"insurance\"\nkind = \"http\"\nprofile = \"bhyt\"\nfacility = \"79999\"\n";

// Two destinations beside each other: one that may have everything, one that may not.
struct TwoDestinations {
  Receiver cleared, other;
  std::unique_ptr<Hospital> hospital;
  explicit TwoDestinations(const std::string& sections, const std::string& clearance = "") {
    HospitalOptions options;
    options.sections = sections + cleared.section("clearance = [\"*\"]", "cleared") +
                       other.section(clearance, "other") + kBhyt;
    hospital = std::make_unique<Hospital>(options);
  }
  void wait() {
    const auto& data = hospital->data();
    REQUIRE(eventually([&] {
      return number(data, "SELECT count(*) FROM outbox_resource") == 0 &&
             number(data, "SELECT count(*) FROM outbox_message") == 0;
    }));
    CHECK(number(data, "SELECT count(*) FROM dead_letter") == 0);
  }
  void ingest(const std::string& file) {
    const auto answer = http(hospital->http(), "POST", "/ingest/insurance", file);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
  }
  void check(const std::vector<std::string>& sensitive, const std::vector<std::string>& plain) {
    const auto all = cleared.everything(), some = other.everything();
    for (const auto& text : sensitive) {
      INFO(text);
      CHECK(all.find(text) != std::string::npos);
      CHECK(some.find(text) == std::string::npos);
    }
    for (const auto& text : plain) {
      INFO(text);
      CHECK(all.find(text) != std::string::npos);
      CHECK(some.find(text) != std::string::npos);
    }
  }
};

// A visit for HIV whose medicines, services, notes and bills do not say so by any word of the table.
std::string hiv_dossier(std::string_view generation, std::vector<std::string>& sentinels) {
  DossierOptions options;
  options.generation = generation;
  options.rows = 4;
  options.count = 2;
  auto sick = make_dossier(options, 1), well = make_dossier(options, 2);
  const bool is_old = generation == "4210";
  const auto mark = [&](std::uint32_t table, const char* name) {
    sentinels.push_back("Dấu" + std::to_string(sentinels.size()) + name);
    field_of(sick, table, 0, name) = sentinels.back();
  };
  field_of(sick, 1, 0, is_old ? "MA_BENH" : "MA_BENH_CHINH") = "B20.1";
  sentinels.push_back("B20.1");
  if (!is_old) {
    for (const auto* name : {"LY_DO_VV", "CHAN_DOAN_VAO", "CHAN_DOAN_RV"}) mark(1, name);
  } else {
    mark(1, "TEN_BENH");
  }
  mark(2, "TEN_THUOC");
  mark(3, "TEN_DICH_VU");
  mark(4, "TEN_CHI_SO");
  mark(4, "GIA_TRI");
  mark(5, is_old ? "DIEN_BIEN" : "DIEN_BIEN_LS");
  field_of(well, 2, 0, "TEN_THUOC") = "Thuốc không nhạy cảm";
  return dossier_file(options, {sick, well});
}

std::string result(const std::string& control_id, const std::string& order, const std::string& test,
                   const std::string& value, const std::string& note) {
  return "MSH|^~\\&|LIS|79999|LIENTHONG|79999|20260302100000+0700||ORU^R01^ORU_R01|" + control_id +
         "|P|2.5.1|||||VNM|UNICODE UTF-8\rPID|1||BN7^^^79999^MR||Lê^Ba^^^^^L||19900101|F\r"
         "PV1|1|O|K01^^^79999||||||||||||||||LBN7^^^79999^VN\rORC|RE||" +
         order + "^LIS\rOBR|1||" + order + "^LIS|" + test + "|||20260302090000\rOBX|1|ST|" + test + "||" +
         value + "||||||F|||20260302093000\rNTE|1||" + note + "\r";
}

const std::vector<std::string> kHivTest = {"Anti-HIV nhanh", "XN9931", "Phản ứng khác thường",
                                           "Hẹn lấy máu lần hai"};
const std::vector<std::string> kOtherTest = {"Huyết sắc tố", "Máu đủ"};

void send_results(Hospital& hospital) {
  Peer peer(hospital.mllp());
  REQUIRE(code_of(peer.exchange(result("c1", "A1", "XN9931^Anti-HIV nhanh^LAB", "Phản ứng khác thường",
                                       "Hẹn lấy máu lần hai"))) == "AA");
  REQUIRE(code_of(peer.exchange(result("c2", "A2", "XN1^Huyết sắc tố^LAB", "138", "Máu đủ"))) == "AA");
}

}  // namespace

TEST_CASE("an HIV dossier leaves nothing at a destination without clearance") {
  for (const std::string generation : {"4210", "130", "3176"}) {
    for (const std::string repository : {"true", "false"}) {
      INFO(generation << ", repository " << repository);
      TwoDestinations two("\n[repository]\nenabled = " + repository + "\n");
      std::vector<std::string> sentinels;
      two.ingest(hiv_dossier(generation, sentinels));
      two.wait();
      two.check(sentinels, {"Thuốc không nhạy cảm"});
    }
  }
}

TEST_CASE("an HIV test leaves nothing at a destination without clearance; another test of the visit does") {
  for (const std::string repository : {"true", "false"}) {
    INFO("repository " << repository);
    TwoDestinations two("\n[repository]\nenabled = " + repository + "\n");
    send_results(*two.hospital);
    two.wait();
    two.check(kHivTest, kOtherTest);
  }
}

TEST_CASE("a clearance for one label is none for another") {
  TwoDestinations two("", "clearance = [\"TB\", \"PSY\"]");
  Peer peer(two.hospital->mllp());
  const auto visit = [](const std::string& number, const std::string& diagnosis) {
    return admission("c" + number, "BN" + number) + "DG1|1||" + diagnosis + "^^I10\r";
  };
  REQUIRE(code_of(peer.exchange(visit("1", "A15.3"))) == "AA");
  REQUIRE(code_of(peer.exchange(visit("2", "F20.0"))) == "AA");
  REQUIRE(code_of(peer.exchange(visit("3", "B23.8"))) == "AA");
  two.wait();
  two.check({"B23.8", "LBN3"}, {"A15.3", "F20.0", "LBN1", "LBN2"});
}

TEST_CASE("references to what is withheld are masked, and a label stays when another message speaks") {
  TwoDestinations two("");
  Peer peer(two.hospital->mllp());
  REQUIRE(code_of(peer.exchange(admission("c1", "BN7") + "DG1|1||B20^^I10\r")) == "AA");
  two.wait();
  // A later message of the same visit, labelled otherwise, and one that names nothing.
  REQUIRE(code_of(peer.exchange(admission("c2", "BN7") + "DG1|1||F20^^I10\r")) == "AA");
  send_results(*two.hospital);
  two.wait();
  std::string visit;
  REQUIRE(eventually([&] {  // a busy machine may say 503 first
    const auto answer = http(two.hospital->http(), "GET", "/fhir/Encounter");
    visit = answer.body;
    return answer.status == 200;
  }));
  const auto at = visit.find("\"resourceType\":\"Encounter\",\"id\":\"");
  REQUIRE(at != std::string::npos);
  const auto id = visit.substr(at + 33, 36);
  CHECK(visit.find("\"HIV\"") != std::string::npos);
  CHECK(visit.find("\"PSY\"") != std::string::npos);
  two.check({"Encounter/" + id, "B20"}, kOtherTest);
  CHECK(two.other.everything().find("\"valueCode\":\"masked\"") != std::string::npos);
}

TEST_CASE("a destination that is cleared later gets what was withheld") {
  HospitalOptions options;
  Receiver receiver;
  options.sections = receiver.section();
  Hospital hospital(options);
  const auto drained = [&] { return number(hospital.data(), "SELECT count(*) FROM outbox_resource") == 0; };
  send_results(hospital);
  REQUIRE(eventually(drained));
  CHECK(receiver.everything().find("XN9931") == std::string::npos);
  CHECK(receiver.everything().find("Huyết sắc tố") != std::string::npos);

  REQUIRE(hospital.process().stop() == 0);
  options.sections = receiver.section("clearance = [\"HIV\"]");
  write_hospital(hospital.folder(), options);
  hospital.restart();
  REQUIRE(eventually([&] { return receiver.everything().find("XN9931") != std::string::npos; }));
}

TEST_CASE("what becomes sensitive after it was delivered is not spoken of again") {
  TwoDestinations two("");
  Peer peer(two.hospital->mllp());
  REQUIRE(code_of(peer.exchange(admission("c1", "BN7"))) == "AA");
  two.wait();
  const auto before = two.other.everything();
  CHECK(before.find("LBN7") != std::string::npos);
  const auto discharge =
      adt("A03", "c2", "20260303080000",
          "PID|1||BN7^^^79999^MR||Nguyễn^An^Văn^^^^L||19800115|M\rPV1|1|I|NOI^P201^G1^79999|R|||||||||||||||"
          "LBN7^^^79999^VN|||||||||||||||||||||||||20260302080000|20260303080000\rDG1|1||B20^^I10\r");
  REQUIRE(code_of(peer.exchange(discharge)) == "AA");
  two.wait();
  const auto later = two.other.everything().substr(before.size());
  CHECK(later.find("LBN7") == std::string::npos);
  CHECK(later.find("B20") == std::string::npos);
  CHECK(later.find("DELETE") == std::string::npos);
  CHECK(two.cleared.everything().find("B20") != std::string::npos);
}
