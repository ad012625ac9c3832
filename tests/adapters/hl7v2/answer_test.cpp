#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

std::string answer(Adapter& hl7, const std::string& message, lt_acknowledge_kind kind,
                   const std::vector<lt_reported>& problems = {}) {
  const Padded bytes(message);
  lt_answer_request request{};
  request.struct_size = sizeof(request);
  request.kind = kind;
  request.message = bytes.text();
  request.own_control_id = txt("A1");
  request.now = txt("20240305120000+0700");
  request.problems = problems.data();
  request.problem_count = problems.size();
  lt_text out{};
  REQUIRE(hl7.table().acknowledge(hl7.instance(), hl7.host().host(), &request, &out) == LT_OK);
  return str(out);
}

lt_reported reported(std::uint32_t code, const char* where, const char* text,
                     lt_severity severity = LT_ERROR) {
  return {sizeof(lt_reported), severity, code, 0, txt(where), txt(text)};
}

}  // namespace

TEST_CASE("an acceptance swaps the parties and echoes id, version and processing") {
  Adapter hl7("hl7v2");
  CHECK(
      answer(hl7,
             "MSH|^~\\&|LIS|BVA^1^ISO|HIS|SYT|2024||ORU^R01^ORU_R01|M1|P|2.5.1|||AL|NE||UNICODE UTF-8\rPID|1",
             LT_ACCEPTED) ==
      "MSH|^~\\&|HIS|SYT|LIS|BVA^1^ISO|20240305120000+0700||ACK^R01^ACK|A1|P|2.5.1||||||UNICODE UTF-8\r"
      "MSA|AA|M1\r");
  CHECK(answer(hl7, "MSH|^~\\&|LIS|BVA|HIS|SYT|2024||ORU^R01|M1|T|2.5.1", LT_COMMIT_ACCEPTED)
            .find("MSA|CA|M1\r") != std::string::npos);
}

TEST_CASE("errors from v2.5 on name location, code, severity and text") {
  Adapter hl7("hl7v2");
  const std::string message = "MSH|^~\\&|LIS|BVA|HIS|SYT|2024||ORU^R01|M1|P|2.5.1||||||UNICODE UTF-8\r";
  const std::string got = answer(hl7, message, LT_ERRORS,
                                 {reported(101, "PID[1]-3[2].4.1", "Thiếu mã | người bệnh"),
                                  reported(207, "", "chung", LT_WARNING), reported(102, "OBX[3]", "x")});
  CHECK(got.substr(got.find("MSA")) ==
        "MSA|AE|M1\r"
        "ERR||PID^1^3^2^4^1|101^Required field missing^HL70357|E||||Thiếu mã \\F\\ người bệnh\r"
        "ERR|||207^Application internal error^HL70357|W||||chung\r"
        "ERR||OBX^3|102^Data type error^HL70357|E||||x\r");
}

TEST_CASE(
    "before v2.5 the error stands in ERR-1 and in MSA-3; texts are ASCII when no character set is declared") {
  Adapter hl7("hl7v2");
  const std::string got =
      answer(hl7, "MSH|^~\\&|LIS|BVA|HIS|SYT|2024||ORU^R01|M1|P|2.3\rPID|1", LT_REJECTED,
             {reported(103, "PID[1]-8", "Giới tính không hợp lệ: Ợ Ưu Đẹp Ỹ"), reported(101, "", "y")});
  CHECK(got ==
        "MSH|^~\\&|HIS|SYT|LIS|BVA|20240305120000+0700||ACK^R01|A1|P|2.3\r"
        "MSA|AR|M1|Gioi tinh khong hop le: O Uu Dep Y\r"
        "ERR|PID^1^8^103&Table value not found&HL70357~^^^101&Required field missing&HL70357\r");
  CHECK(answer(hl7, "MSH|^~\\&|L||||2024||ORU^R01|M1|P|2.2", LT_ACCEPTED).find("||ACK|A1") !=
        std::string::npos);
}

TEST_CASE("the sender's own delimiters are used") {
  Adapter hl7("hl7v2");
  CHECK(answer(hl7, "MSH#*~/%#LIS#BVA#HIS#SYT#2024##ADT*A01#7#P#2.5\r", LT_ERRORS,
               {reported(102, "PID[1]-5", "a#b*c")}) ==
        "MSH#*~/%#HIS#SYT#LIS#BVA#20240305120000+0700##ACK*A01*ACK#A1#P#2.5\r"
        "MSA#AE#7\r"
        "ERR##PID*1*5*1#102*Data type error*HL70357#E####a/F/b/S/c\r");
}

TEST_CASE("bytes without a header are answered as well as can be") {
  Adapter hl7("hl7v2");
  CHECK(answer(hl7, "nothing of the kind", LT_REJECTED) ==
        "MSH|^~\\&|||||20240305120000+0700||ACK^^ACK|A1|P|2.5.1\rMSA|AR|\r");
  CHECK(answer(hl7, "", LT_REJECTED).find("MSA|AR|") != std::string::npos);
  const std::string odd = answer(hl7, "MSH|^^^^|L^x|F||G|2024||ADT|9|P|2.4\r", LT_REJECTED);
  CHECK(odd.find("|L\\S\\x|") != std::string::npos);
  CHECK(odd.find("MSA|AR|9\r") != std::string::npos);
}
