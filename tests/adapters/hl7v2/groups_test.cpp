#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

std::string header(const std::string& type) {
  return "MSH|^~\\&|A|B|C|D|2024||" + type + "|1|P|2.5.1\r";
}

}  // namespace

TEST_CASE("results without ORC, without PID and without OBR are grouped") {
  Adapter hl7("hl7v2");
  Opened no_orc(hl7, header("ORU^R01") + "PID|1\rOBR|1\rOBX|1\rOBR|2\rOBX|1\rOBX|2");
  CHECK(no_orc.count("PATIENT_RESULT") == 1);
  CHECK(no_orc.count("ORDER_OBSERVATION") == 2);
  CHECK(no_orc.count("ORDER_OBSERVATION/OBSERVATION") == 3);
  Opened no_pid(hl7, header("ORU^R01") + "OBR|1\rOBX|1");
  CHECK(no_pid.count("PATIENT_RESULT/ORDER_OBSERVATION") == 1);
  Opened no_obr(hl7, header("ORU^R01") + "PID|1\rPV1|1\rOBX|1\rOBX|2");
  CHECK(no_obr.count("ORDER_OBSERVATION/OBSERVATION") == 2);
  Opened two_patients(hl7, header("ORU^R01") + "PID|1\rOBR|1\rOBX|1\rPID|2\rOBR|1\rOBX|1");
  CHECK(two_patients.count("PATIENT_RESULT") == 2);
}

TEST_CASE("observations before the specimen, and behind one that comes first, are results") {
  Adapter hl7("hl7v2");
  Opened standard(hl7, header("ORU^R01") + "PID|1\rOBR|1\rOBX|1\rOBX|2\rSPM|1\rOBX|3");
  CHECK(standard.count("OBSERVATION") == 2);
  CHECK(standard.count("SPECIMEN") == 1);
  const lt_node specimen = standard.child("SPECIMEN", 0);
  CHECK(standard.get(specimen, "OBX-1", hl7.path("SPECIMEN")) == "3");
  Opened early(hl7, header("ORU^R01") + "PID|1\rOBR|1\rSPM|1\rOBX|1\rOBX|2");
  CHECK(early.count("OBSERVATION") == 2);
  CHECK(early.count("ORDER_OBSERVATION") == 1);
  CHECK(early.count("SPECIMEN") == 1);
}

TEST_CASE("extensions and unexpected segments stay with the group that is open") {
  Adapter hl7("hl7v2");
  Opened m(hl7, header("ORU^R01") + "PID|1\rZPI|p\rOBR|1\rZBR|o\rOBX|1\rZBX|x\rTXA|t\rOBX|2\rPV1|1");
  const lt_path order = hl7.path("ORDER_OBSERVATION");
  const lt_path observation = hl7.path("OBSERVATION");
  CHECK(m.get(m.child("PATIENT", 0), "ZPI-1", hl7.path("PATIENT")) == "p");
  CHECK(m.get(m.child("ORDER_OBSERVATION", 0), "ZBR-1", order) == "o");
  CHECK(m.get(m.child("OBSERVATION", 0), "ZBX-1", observation) == "x");
  CHECK(m.get(m.child("OBSERVATION", 0), "TXA-1", observation) == "t");
  CHECK(m.count("OBSERVATION") == 2);
  CHECK(m.get("PV1-1") == "1");
}

TEST_CASE("orders: ORC and OBR in one, OBR alone starts the next") {
  Adapter hl7("hl7v2");
  Opened m(hl7,
           header("ORM^O01") +
               "PID|1\rPV1|1\rIN1|1\rIN2|1\rORC|NW\rOBR|1\rNTE|1\rDG1|1\rOBX|1\rNTE|1\rOBR|2\rORC|NW\rRXO|1");
  CHECK(m.count("ORDER") == 3);
  CHECK(m.count("ORDER/ORDER_DETAIL") == 3);
  CHECK(m.count("PATIENT/INSURANCE") == 1);
  CHECK(m.count("ORDER/OBSERVATION") == 1);
  Opened lab(hl7, header("OML^O21^OML_O21") +
                      "PID|1\rORC|NW\rTQ1|1\rOBR|1\rSPM|1\rOBX|1\rSAC|1\rORC|NW\rOBR|2\rOBX|1");
  CHECK(lab.count("ORDER") == 2);
  CHECK(lab.count("ORDER/TIMING") == 1);
  CHECK(lab.count("ORDER/OBSERVATION_REQUEST/SPECIMEN/CONTAINER") == 1);
  CHECK(lab.count("OBSERVATION") == 1);
}

TEST_CASE("admissions: procedures and insurances are groups, diagnoses behind them are not theirs") {
  Adapter hl7("hl7v2");
  Opened m(hl7, header("ADT^A01^ADT_A01") +
                    "EVN|A01\rPID|1\rPV1|1\rROL|1\rDG1|1\rPR1|1\rROL|2\rPR1|2\rIN1|1\rIN2|1\rIN1|2\rDG1|2");
  CHECK(m.count("PROCEDURE") == 2);
  CHECK(m.count("INSURANCE") == 2);
  CHECK(m.count("DG1") == 2);
  CHECK(m.count("ROL") == 1);  // the patient's; the other one is the procedure's
  CHECK(m.get(m.child("PROCEDURE", 0), "ROL-1", hl7.path("PROCEDURE")) == "2");
  CHECK(m.count("IN1") == 2);
  Opened merge(hl7, header("ADT^A40^ADT_A39") + "EVN|A40\rPID|1\rMRG|a\rPID|2\rMRG|b");
  CHECK(merge.count("PATIENT") == 2);
  CHECK(merge.get(merge.child("PATIENT", 1), "MRG-1", hl7.path("PATIENT")) == "b");
}

TEST_CASE("other structures: specimens first, vaccinations, appointments, money, documents") {
  Adapter hl7("hl7v2");
  Opened oul(hl7, header("OUL^R22") +
                      "PID|1\rSPM|1\rOBR|1\rORC|1\rOBX|1\rOBX|2\rOBR|2\rOBX|1\rSPM|2\rORC|1\rOBR|3\rOBX|1");
  CHECK(oul.count("SPECIMEN") == 2);
  CHECK(oul.count("SPECIMEN/ORDER") == 3);
  CHECK(oul.count("RESULT") == 4);
  Opened vxu(hl7, header("VXU^V04") + "PID|1\rORC|1\rRXA|1\rRXR|1\rOBX|1\rOBX|2\rORC|2\rRXA|2");
  CHECK(vxu.count("ORDER") == 2);
  CHECK(vxu.count("ORDER/OBSERVATION") == 2);
  Opened siu(hl7, header("SIU^S12") + "SCH|1\rPID|1\rRGS|1\rAIS|1\rAIL|1\rAIP|1\rNTE|1\rAIP|2");
  CHECK(siu.count("RESOURCES/PERSONNEL_RESOURCE") == 2);
  Opened dft(hl7, header("DFT^P03") + "PID|1\rFT1|1\rPR1|1\rFT1|2\rIN1|1");
  CHECK(dft.count("FINANCIAL") == 2);
  CHECK(dft.count("FINANCIAL/FINANCIAL_PROCEDURE") == 1);
  Opened mdm(hl7, header("MDM^T02") + "EVN|T02\rPID|1\rORC|1\rOBR|1\rTXA|1\rOBX|1\rOBX|2");
  CHECK(mdm.count("COMMON_ORDER") == 1);
  CHECK(mdm.count("OBSERVATION") == 2);
  Opened unknown(hl7, header("ZZZ^Z01") + "PID|1\rPV1|1\rOBR|1\rOBX|1\rNTE|1");
  CHECK(unknown.count("PATIENT/VISIT") == 1);
  CHECK(unknown.count("ORDER/OBSERVATION") == 1);
}
