// One person's visit and results from the hospital system and from the insurance XML (semantics 16), and
// made-up vital signs (semantics 17), from bytes to the repository. All people are invented.
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "tests/gateway/intake/intake_fixture.h"

namespace lienthong::intake {
namespace {

constexpr std::string_view kCitizen = "079190000017";

// A hospital whose visit number is its MA_LK and whose patient number is its MA_BN.
class Overlay {
 public:
  Overlay()
      : path_(std::filesystem::temp_directory_path() / ("lienthong-feeds-" + std::to_string(::getpid()))) {
    write("profile.toml", "extends = \"hl7v2\"\nversion = \"1\"\n");
    write("segments/PV1.yaml", "extends: hl7v2/segments/PV1\nkey: { kind: = MA_LK, value: PV1-19.1 }\n");
    write("segments/PID.yaml", "extends: hl7v2/segments/PID\nkey: { kind: = MA_BN, value: PID-3.1 }\n");
  }
  ~Overlay() { std::filesystem::remove_all(path_); }
  std::shared_ptr<const convert::Program> program() const { return load_program("onekey", path_.string()); }

 private:
  void write(const std::string& name, const std::string& text) const {
    const auto file = path_ / "onekey" / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  std::filesystem::path path_;
};

std::string dossier(const std::string& glucose = "7.10", const std::string& time = "202603021005") {
  return R"(<?xml version="1.0" encoding="utf-8"?><GIAMDINHHS><THONGTINDONVI><MACSKCB>BVMAU</MACSKCB></THONGTINDONVI>)"
         "<THONGTINHOSO><NGAYLAP>20260303</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO>"
         "<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE><TONG_HOP><MA_LK>LK17</MA_LK><STT>1</"
         "STT><MA_BN>BN17</MA_BN>"
         "<HO_TEN>Lý Thị Sen</HO_TEN><SO_CCCD>" +
         std::string(kCitizen) +
         "</SO_CCCD><NGAY_SINH>199004120000</NGAY_SINH><GIOI_TINH>2</GIOI_TINH><NGAY_VAO>202603020800</"
         "NGAY_VAO>"
         "<NGAY_RA>202603021100</NGAY_RA><MA_LOAI_KCB>01</MA_LOAI_KCB></TONG_HOP></NOIDUNGFILE></FILEHOSO>"
         "<FILEHOSO><LOAIHOSO>XML4</"
         "LOAIHOSO><NOIDUNGFILE><CHITIEU_CHITIET_DICHVUCANLAMSANG><DSACH_CHI_TIET_CLS><CHI_TIET_CLS>"
         "<MA_LK>LK17</MA_LK><STT>1</STT><MA_DICH_VU>23.0075.1494</MA_DICH_VU><MA_CHI_SO>S01</MA_CHI_SO>"
         "<TEN_CHI_SO>Glucose</TEN_CHI_SO><GIA_TRI>" +
         glucose + "</GIA_TRI><DON_VI_DO>mmol/L</DON_VI_DO><NGAY_KQ>" + time +
         "</NGAY_KQ></CHI_TIET_CLS></DSACH_CHI_TIET_CLS></CHITIEU_CHITIET_DICHVUCANLAMSANG></NOIDUNGFILE></"
         "FILEHOSO>"
         "</HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI>x</CHUKYDONVI></GIAMDINHHS>";
}

std::string person(const std::string& number) {
  return "PID|1||" + number + "^^^BVMAU^MR~" + std::string(kCitizen) +
         "^^^CCCD^NI||Lý^Thị Sen^^^^^L||19900412|F\r";
}

std::string visit() {
  return "PV1|1|O|KB^P2^^BVMAU" + std::string(16, '|') + "LK17" + std::string(25, '|') + "20260302080000\r";
}

std::string admitted(const std::string& number) {
  Header head;
  head.type = "ADT^A04^ADT_A01";
  head.time = "20260302080500";
  return header(head) + "EVN|A04|20260302080000\r" + person(number) + visit();
}

std::string measured(const std::string& glucose) {
  Header head;
  head.control = "L" + glucose;
  head.type = "ORU^R01^ORU_R01";
  head.time = "20260302100000";
  return header(head) + person("H7") + "OBR|1||XN9|XN^Xét nghiệm^L|||20260302093000\r" +
         "OBX|1|NM|S01^Đường máu^MA_CHI_SO||" + glucose + "|mmol/L|||||F|||20260302094500\r";
}

std::string vitals(const std::string& pulse, const std::string& time) {
  Header head;
  head.control = "V" + time;
  head.type = "ORU^R01^ORU_R01";
  head.time = time;
  const auto row = [](const std::string& code, const std::string& value, const std::string& unit) {
    return "OBX|1|NM|" + code + "^^LN||" + value + "|" + unit + "|||||F\r";
  };
  return header(head) + person("H7") + "OBR|1||KSK1|85353-1^^LN|||20260302080000\r" +
         row("8310-5", "36.5", "Cel") + row("8867-4", pulse, "/min") + row("9279-1", "20", "/min") +
         row("8302-2", "165", "cm");
}

struct Hospital {
  Hospital() : insurance(fixture.another_source("insurance", program_of("bhyt"))) {
    fixture.clock().advance(std::chrono::hours(36));  // after all that is told of
  }

  void send(const std::string& message) {
    for (const auto& outcome : fixture.take_all(message)) REQUIRE(outcome.fate == Fate::Stored);
  }
  void send_dossier(const std::string& file) {
    for (const auto& outcome : fixture.take_all(*insurance, file)) REQUIRE(outcome.fate == Fate::Stored);
  }
  repository::Repository::ResultCounts counts() {
    return repository::sqlite::make_repository()->result_counts(*fixture.reader()).value();
  }

  IntakeFixture fixture;
  std::unique_ptr<SourceIntake> insurance;
};

}  // namespace

TEST_CASE(
    "two feeds: with one key, a visit of HL7 v2 and of the insurance XML is one Encounter, in either order") {
  const Overlay overlay;
  for (const bool dossier_first : {false, true}) {
    INFO("dossier first: " << dossier_first);
    Hospital hospital;
    const auto his = hospital.fixture.another_source("one-key", overlay.program());
    const auto admit = [&] {
      for (const auto& outcome : hospital.fixture.take_all(*his, admitted("BN17")))
        REQUIRE(outcome.fate == Fate::Stored);
    };
    if (dossier_first) hospital.send_dossier(dossier());
    admit();
    if (!dossier_first) hospital.send_dossier(dossier());
    const auto visits = hospital.fixture.resources("Encounter");
    REQUIRE(visits.size() == 1);
    CHECK(hospital.fixture.resources("Patient").size() == 1);
    CHECK_THAT(visits[0].json, Catch::Contains(R"("status":"finished")") &&
                                   Catch::Contains("2026-03-02T08:00:00+07:00") &&
                                   Catch::Contains("2026-03-02T11:00:00+07:00"));
  }
}

TEST_CASE("two feeds: without a common key they stay two, of linked patients") {
  Hospital hospital;
  hospital.send(admitted("H7"));
  hospital.send_dossier(dossier());
  CHECK(hospital.fixture.resources("Encounter").size() == 2);
  const auto patients = hospital.fixture.resources("Patient");
  REQUIRE(patients.size() == 2);
  for (const auto& patient : patients) CHECK_THAT(patient.json, Catch::Contains("seealso"));
}

TEST_CASE("two feeds: a row of XML4 is tied to the laboratory's result, in either order") {
  for (const bool dossier_first : {false, true}) {
    INFO("dossier first: " << dossier_first);
    Hospital hospital;
    if (dossier_first) hospital.send_dossier(dossier());
    hospital.send(measured("7.1"));
    if (!dossier_first) hospital.send_dossier(dossier());
    auto results = hospital.fixture.resources("Observation");
    REQUIRE(results.size() == 2);
    if (dossier_first) std::swap(results[0], results[1]);
    CHECK_THAT(results[1].json,
               Catch::Contains("claims-copy") &&
                   Catch::Contains(R"("derivedFrom":[{"reference":"Observation/)" + results[0].id + "\"}]"));
    CHECK_THAT(results[0].json, !Catch::Contains("derivedFrom"));
    const auto counts = hospital.counts();
    CHECK((counts.all == 2 && counts.copies == 1 && counts.tied == 1 && counts.counted_once() == 1));
    // The later dossier says another value: a copy of nothing that is known.
    hospital.send_dossier(dossier("8.20"));
    CHECK(hospital.counts().tied == 0);
    hospital.send_dossier(dossier("7.100"));
    CHECK(hospital.counts().tied == 1);
  }
}

TEST_CASE("two feeds: a row of XML4 without a result of the laboratory stays tagged and counts") {
  Hospital hospital;
  hospital.send_dossier(dossier());
  hospital.send(measured("9.9"));
  const auto counts = hospital.counts();
  CHECK((counts.all == 2 && counts.copies == 1 && counts.tied == 0 && counts.counted_once() == 2));
}

TEST_CASE("made-up values: are kept and tagged, out of the counts, and lose the tag when they are measured") {
  Hospital hospital;
  const auto outcomes = hospital.fixture.take_all(vitals("80", "20260302090000"));
  REQUIRE(outcomes.size() == 1);
  CHECK(std::any_of(outcomes[0].problems.begin(), outcomes[0].problems.end(),
                    [](const auto& problem) { return problem.number == 2125; }));
  const auto tagged = [&] {
    return hospital.fixture.search("Observation", "_tag=urn:lienthong:tag|made-up").size();
  };
  CHECK(tagged() == 4);
  CHECK((hospital.counts().made_up == 4 && hospital.counts().counted_once() == 0));
  CHECK(hospital.fixture.waiting().size() >= 4);
  hospital.send(vitals("91", "20260302093000"));
  CHECK(hospital.fixture.resources("Observation").size() == 4);
  CHECK(tagged() == 0);
  CHECK((hospital.counts().made_up == 0 && hospital.counts().counted_once() == 4));
  hospital.send(vitals("80", "20260302080000"));  // the older message again
  CHECK(tagged() == 0);
}

}  // namespace lienthong::intake
