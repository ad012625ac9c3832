#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

const std::string kOru =
    "MSH|^~\\&|LIS|BVA|HIS|SYT|20240305081530+0700||ORU^R01^ORU_R01|M1|P|2.5.1|||AL|NE|VNM|UNICODE UTF-8\r"
    "PID|1||BN1^^^BVA^MR~079099000001^^^CCCD^NI||Nguyễn&Van^An^^^^^L~An||19850412|M|||\"\"\r"
    "PV1|1|O|P1^^^BVA\r"
    "ORC|RE|D1|L1\r"
    "OBR|1|D1|L1|CBC^Blood count^L\r"
    "NTE|1||order note\r"
    "OBX|1|NM|HGB^Hemoglobin^L||12.5|g/dL||||F\r"
    "NTE|1||first\r"
    "NTE|2||second\r"
    "OBX|2|ST|WBC^^L||a\\F\\b\\.br\\c\\X0D0A\\d|\r"
    "ORC|RE|D2|L2\r"
    "OBR|2|D2|L2|GLU^Glucose^L\r"
    "OBX|1|NM|GLU||5.0\r";

}  // namespace

TEST_CASE("values are read by segment, field, repetition, component and subcomponent") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  REQUIRE(m.status() == LT_OK);
  CHECK(m.get("MSH-1") == "|");
  CHECK(m.get("MSH-2") == "^~\\&");
  CHECK(m.get("MSH-9.2") == "R01");
  CHECK(m.get("MSH-15") == "AL");
  CHECK(m.get("PID-3.1") == "BN1");
  CHECK(m.get("PID-3") == "BN1^^^BVA^MR");
  CHECK(m.get("PID-3[2].4") == "CCCD");
  CHECK(m.get("PID-5.1") == "Nguyễn&Van");
  CHECK(m.get("PID-5.1.1") == "Nguyễn");
  CHECK(m.get("PID-5.1.2") == "Van");
  CHECK(m.get("PID-5.2.1") == "An");
  CHECK(m.get("PID-7.1") == "19850412");
  CHECK(m.get("OBX[2]-3.1") == "WBC");
  CHECK(hl7.host().problems.empty());
}

TEST_CASE("absent, empty, explicitly nothing and valued are told apart") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  CHECK(m.presence("PID-40") == LT_ABSENT);
  CHECK(m.presence("ZZZ-1") == LT_ABSENT);
  CHECK(m.presence("PID-2") == LT_EMPTY);
  CHECK(m.presence("PID-3.2") == LT_EMPTY);
  CHECK(m.presence("PID-3.9") == LT_ABSENT);
  CHECK(m.presence("PID-11") == LT_NULL);
  CHECK(m.presence("PID-11.3") == LT_NULL);
  CHECK(m.presence("PID-11.3.2") == LT_NULL);
  CHECK(m.presence("PID-8") == LT_VALUE);
  CHECK(m.presence("OBX[2]-6") == LT_EMPTY);
  CHECK(m.presence("PV1") == LT_VALUE);
}

TEST_CASE("a value tells where it stands in the message") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  const lt_value value = m.value(LT_ROOT, hl7.path("PID-3[2].4"));
  CHECK(kOru.substr(value.offset, value.length) == "CCCD");
  const lt_value escaped = m.value(LT_ROOT, hl7.path("OBX[2]-5"));
  CHECK(kOru.substr(escaped.offset, escaped.length) == "a\\F\\b\\.br\\c\\X0D0A\\d");
  CHECK(str(escaped.text) == "a|b\nc\r\nd");
}

TEST_CASE("repetitions are nodes with relative paths") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  const lt_path pid3 = hl7.path("PID-3");
  REQUIRE(m.count("PID-3") == 2);
  const lt_node second = m.child("PID-3", 1);
  CHECK(m.get(second, ".1", pid3) == "079099000001");
  CHECK(m.get(second, ".4", pid3) == "CCCD");
  CHECK(str(m.value(second, 0).text) == "079099000001^^^CCCD^NI");
  CHECK(m.place(second, hl7.path(".4", pid3)) == "PID[1]-3[2].4");
  CHECK(m.count("PID-2") == 0);
  CHECK(m.count("PID-8") == 1);
  CHECK(m.count("PID-11") == 1);
  const lt_path pid5 = hl7.path("PID-5");
  const lt_path family = hl7.path(".1", pid5);
  const lt_node name = m.child("PID-5", 0);
  REQUIRE(hl7.table().count(m.record(), name, family) == 1);
  const lt_node surname = hl7.table().child(m.record(), name, family, 0);
  CHECK(m.get(surname, ".2", family) == "Van");
}

TEST_CASE("groups hold their own segments, and notes stay with what they follow") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  const lt_path order = hl7.path("PATIENT_RESULT/ORDER_OBSERVATION");
  REQUIRE(m.count("PATIENT_RESULT") == 1);
  REQUIRE(m.count("PATIENT_RESULT/ORDER_OBSERVATION") == 2);
  REQUIRE(m.count("ORDER_OBSERVATION") == 2);
  const lt_node first = m.child("PATIENT_RESULT/ORDER_OBSERVATION", 0);
  const lt_node last = m.child("PATIENT_RESULT/ORDER_OBSERVATION", 1);
  CHECK(m.count(first, "OBSERVATION", order) == 2);
  CHECK(m.count(last, "OBSERVATION", order) == 1);
  CHECK(m.count(first, "NTE", order) == 1);
  CHECK(m.get(first, "NTE-3", order) == "order note");
  CHECK(m.count(last, "NTE", order) == 0);
  CHECK(m.get(last, "OBR-4.1", order) == "GLU");
  CHECK(m.count(first, "OBX", order) == 2);
  const lt_path observation = hl7.path("OBSERVATION", order);
  const lt_node hemoglobin = m.child(first, "OBSERVATION", order, 0);
  CHECK(m.count(hemoglobin, "NTE", observation) == 2);
  const lt_node note = m.child(hemoglobin, "NTE", observation, 1);
  CHECK(m.get(note, "NTE-3", hl7.path("NTE", observation)) == "second");
  CHECK(m.count("NTE") == 3);
  CHECK(m.get(m.child(first, "OBSERVATION", order, 1), "OBX-3.1", observation) == "WBC");
  CHECK(m.get(m.child("PATIENT_RESULT/PATIENT/VISIT", 0), "PV1-2", hl7.path("VISIT")) == "O");
}

TEST_CASE("a mistyped path names the nearest right one") {
  Adapter hl7("hl7v2");
  CHECK(hl7.nearest("PID.5.1") == "PID-5.1");
  CHECK(hl7.nearest("PID-5-1") == "PID-5.1");
  CHECK(hl7.nearest("pid-5.1") == "PID-5.1");
  CHECK(hl7.nearest("PDI-5") == "PID-5");
  CHECK(hl7.nearest("OBSERVATIONS") == "OBSERVATION");
  CHECK(hl7.nearest("PATIENT_RESULTS/ORDER_OBSERVATION") == "ORDER_OBSERVATION");
  CHECK(hl7.nearest("PID-0") == "PID");
  CHECK(hl7.nearest("PID-3.4", hl7.path("PID-3")) == ".4");
  CHECK(hl7.nearest("PID-5", hl7.path("OBX")) == "OBX-5");
  CHECK(hl7.nearest("ZPI-2") == "!");
}

TEST_CASE("equal paths have equal numbers in every instance") {
  Adapter one("hl7v2");
  Adapter two("hl7v2");
  const lt_path there = one.path("PID-31.2");
  two.path("PID-32.2");
  CHECK(two.path("PID-31.2") == there);
}

TEST_CASE("the envelope says what routing needs") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  const lt_envelope e = m.envelope();
  CHECK(str(e.type) == "ORU^R01");
  CHECK(str(e.control_id) == "M1");
  CHECK(str(e.sender) == "BVA");
  CHECK(str(e.application) == "LIS");
  CHECK(str(e.time) == "20240305081530+0700");
  CHECK(str(e.event_time) == "20240305081530+0700");
  CHECK(str(e.processing) == "P");
  CHECK(str(e.version) == "2.5.1");
  CHECK(str(e.charset) == "UNICODE UTF-8");
  CHECK(e.volatile_part.data == m.bytes().data + kOru.find("20240305"));
}

TEST_CASE("the event time prefers EVN-6, then EVN-2; an old sender's event is EVN-1") {
  Adapter hl7("hl7v2");
  Opened both(hl7, "MSH|^~\\&|A|B|C|D|2024||ADT|1|P|2.2\rEVN|A04|2023||||2022\rPID|1");
  CHECK(str(both.envelope().event_time) == "2022");
  CHECK(str(both.envelope().type) == "ADT^A04");
  Opened recorded(hl7, "MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|\rEVN|A04|2023\rPID|1");
  CHECK(str(recorded.envelope().event_time) == "2023");
  CHECK(str(recorded.envelope().version) == "2.5.1");
}

TEST_CASE("every value is told with its place and the path that reads it") {
  Adapter hl7("hl7v2");
  Opened m(hl7, kOru);
  bool seen = false;
  for (const auto& told : m.values()) {
    INFO(told.place << " " << told.path);
    CHECK(m.place(LT_ROOT, hl7.path(told.place)) == told.place);
    CHECK(m.get(told.place) == told.text);
    if (told.place != "PID[1]-3[2].4") continue;
    seen = true;
    CHECK(told.path == "PID-3.4");
    CHECK(told.text == "CCCD");
  }
  CHECK(seen);
}
