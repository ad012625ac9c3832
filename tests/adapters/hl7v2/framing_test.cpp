#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

const std::string kFirst = "MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5\rPID|1||X";
const std::string kSecond = "MSH#*~\\&#A#B#C#D#2024##ADT*A08#2#P#2.5\nPID#1##Y";

}  // namespace

TEST_CASE("many messages in one file are cut, whatever the line ends") {
  Adapter hl7("hl7v2");
  const std::string file = "\xEF\xBB\xBF\r\n" + kFirst + "\r\n\r\n" + kSecond + "\n\x0b" + kFirst +
                           "\x1c\r\x0b" + kSecond + "\x1c\r";
  const auto found = frames(hl7, file, file.size());
  REQUIRE(found.size() == 4);
  CHECK(found[0] == kFirst);
  CHECK(found[1] == kSecond);
  CHECK(found[2] == kFirst);
  CHECK(found[3] == kSecond);
  CHECK(hl7.host().problems.empty());
}

TEST_CASE("frames do not depend on how the bytes arrive") {
  Adapter hl7("hl7v2");
  const std::string inputs[] = {
      "log line\r\n" + kFirst + "\r" + kSecond + "\r\nFSH|no\r  " + kFirst,
      "FHS|^~\\&|F\rBHS|^~\\&|B\r" + kFirst + "\r" + kFirst + "\rBTS|2\rFTS|1\r" + kSecond,
      "2024 INFO MSH|^~\\&|A|B\rMSH\rMSHX|a\rPID|1\x1c|x\x1c",
      "M\rMS\rMSH\rBTS\rFTS" + std::string(100, ' ') + kFirst + "\r" + std::string(100, ' ') + kSecond,
      "BHS|" + std::string(5000, 'x') + "\r" + kFirst};
  for (const std::string& input : inputs) {
    INFO(input.substr(0, 60));
    hl7.host().problems.clear();
    const auto whole = frames(hl7, input, input.size());
    const std::size_t problems = hl7.host().problems.size();
    CHECK(!whole.empty());
    for (const std::size_t step : {1U, 2U, 7U, 64U}) {
      hl7.host().problems.clear();
      CHECK(frames(hl7, input, step) == whole);
      CHECK(hl7.host().problems.size() == problems);
    }
  }
}

TEST_CASE("a batch's count is checked, its header is visible to its messages") {
  Adapter hl7("hl7v2");
  const lt_adapter& table = hl7.table();
  const std::string file =
      "FHS|^~\\&|APP|FAC\rBHS|^~\\&|LAB|HOSP|||2024\r" + kFirst + "\r" + kFirst + "\rBTS|3\rFTS|2\r";
  void* stream = nullptr;
  REQUIRE(table.stream_open(hl7.instance(), hl7.host().host(), &stream) == LT_OK);
  std::size_t consumed = 0;
  lt_text message{};
  REQUIRE(table.frame(hl7.instance(), stream, hl7.host().host(), txt(file), 1, &consumed, &message) == LT_OK);
  {
    Opened m(hl7, str(message), stream);
    REQUIRE(m.status() == LT_OK);
    CHECK(m.get("FHS-4") == "FAC");
    CHECK(m.get("BHS-4.1") == "HOSP");
    CHECK(m.value(LT_ROOT, hl7.path("BHS-4")).offset == UINT32_MAX);
    CHECK(m.place("BHS-4") == "BHS[1]-4");
    CHECK(m.count("BHS") == 1);
  }
  std::string_view rest = std::string_view(file).substr(consumed);
  REQUIRE(table.frame(hl7.instance(), stream, hl7.host().host(), txt(rest), 1, &consumed, &message) == LT_OK);
  rest.remove_prefix(consumed);
  hl7.host().problems.clear();
  CHECK(table.frame(hl7.instance(), stream, hl7.host().host(), txt(rest), 1, &consumed, &message) == LT_END);
  REQUIRE(hl7.host().problems.size() == 2);
  CHECK(hl7.host().problems[0].number == 8);
  CHECK(hl7.host().problems[0].arguments == std::vector<std::string>{"3", "2"});
  CHECK(hl7.host().problems[1].number == 9);
  table.stream_close(hl7.instance(), stream);
}

TEST_CASE("input without any message is malformed, not silent") {
  Adapter hl7("hl7v2");
  CHECK(frames(hl7, "this is a letter\r\n", 4).empty());
  CHECK(hl7.host().heard(1));
  hl7.host().problems.clear();
  CHECK(frames(hl7, "\r\n \x0b\x1c\r", 1).empty());
  CHECK(hl7.host().problems.empty());
  CHECK(frames(hl7, std::string_view("\xFF\xFEM\0S\0H\0|\0", 10), 10).empty());
  CHECK(hl7.host().heard(13));
}

TEST_CASE("text between messages is skipped and reported") {
  Adapter hl7("hl7v2");
  const auto found = frames(hl7, kFirst + "\x1c\rnoise\r\x0b" + kSecond + "\x1c\r", 3);
  REQUIRE(found.size() == 2);
  CHECK(hl7.host().heard(5));
}
