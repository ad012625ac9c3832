#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

std::string text_of(Adapter& hl7, const std::string& escaped) {
  Opened m(hl7, "MSH|^~\\&#|A\rOBX|1|ST|||" + escaped);
  return m.get("OBX-5");
}

}  // namespace

TEST_CASE("delimiters are what MSH says") {
  Adapter hl7("hl7v2");
  Opened m(hl7, "MSH#*!/%#A#B%C*D\nPID#1##x*y%z!second/F/x");
  REQUIRE(m.status() == LT_OK);
  CHECK(m.get("MSH-1") == "#");
  CHECK(m.get("MSH-2") == "*!/%");
  CHECK(m.get("MSH-4.1.2") == "C");
  CHECK(m.get("PID-3.2.2") == "z");
  CHECK(m.get("PID-3[2]") == "second#x");
  CHECK(m.count("PID-3") == 2);
}

TEST_CASE("missing and repeated encoding characters are reported and survived") {
  Adapter hl7("hl7v2");
  Opened missing(hl7, "MSH|^~&|A\rPID|1||a\\F\\^b&c");
  CHECK(missing.get("PID-3.2.2") == "c");
  CHECK(missing.get("PID-3.1") == "a\\F\\");
  CHECK(hl7.host().heard(2));
  Opened repeated(hl7, "MSH|^^\\&|A\rPID|1||a^b");
  CHECK(repeated.status() == LT_OK);
  CHECK(hl7.host().heard(3));
  Opened none(hl7, "MSH||A\rPID|1||a^b");
  CHECK(none.get("PID-3.2") == "b");
}

TEST_CASE("escape sequences become what they stand for") {
  Adapter hl7("hl7v2");
  CHECK(text_of(hl7, "a\\F\\\\S\\\\T\\\\R\\\\E\\\\P\\z") == "a|^&~\\#z");
  CHECK(text_of(hl7, "\\XC3A9\\\\X0a\\") == "\xC3\xA9\n");
  CHECK(text_of(hl7, "a\\.br\\b\\.sp\\c\\.sp+2\\d\\.sk3\\e") == "a\nb\nc\n\nd   e");
  CHECK(text_of(hl7, "\\.in+4\\\\.ti-2\\\\.fi\\a\\.nf\\b\\.ce\\c") == "ab\nc");
  CHECK(text_of(hl7, "\\H\\bold\\N\\ plain") == "bold plain");
  CHECK(hl7.host().problems.empty());
}

TEST_CASE("unknown escape sequences stay and are reported once") {
  Adapter hl7("hl7v2");
  CHECK(text_of(hl7, "C:\\data\\lab") == "C:\\data\\lab");
  CHECK(hl7.host().heard(6));
  CHECK(text_of(hl7, "\\Z12\\x") == "\\Z12\\x");
  CHECK(text_of(hl7, "50\\") == "50\\");
  CHECK(text_of(hl7, "\\X0\\") == "\\X0\\");
  CHECK(text_of(hl7, "\\C2842\\x") == "x");
  CHECK(hl7.host().heard(7));
  Opened m(hl7, "MSH|^~\\&|A\rOBX|1|ST|||a\\q");
  m.get("OBX-5");
  m.get("OBX-5");
  REQUIRE(hl7.host().problems.size() == 1);
  CHECK(hl7.host().problems[0].where == "OBX[1]-5");
  CHECK(hl7.host().problems[0].offset == 23);
}

TEST_CASE("every mix of line ends and blank lines cuts the same segments") {
  Adapter hl7("hl7v2");
  for (const char* end : {"\r", "\n", "\r\n", "\r\r\n", "\n\n", "\r  \r", "\r\n  "}) {
    const std::string e = end;
    Opened m(hl7, "MSH|^~\\&|A" + e + "PID|1||X" + e + "ZPI|a|b" + e);
    INFO(e.size());
    CHECK(m.get("PID-3") == "X");
    CHECK(m.get("ZPI-2") == "b");
    CHECK(m.get("MSH-3") == "A");
    CHECK(hl7.host().problems.empty());
  }
}

TEST_CASE("line breaks inside a field stay in the field, with a problem") {
  Adapter hl7("hl7v2");
  Opened m(hl7, "MSH|^~\\&|A\rOBX|1|TX|||line one\nline two | not a field\rOBX|2|TX|||x\r");
  CHECK(m.get("OBX-5") == "line one\nline two ");
  CHECK(m.get("OBX[2]-5") == "x");
  CHECK(m.count("OBX") == 2);
  REQUIRE(hl7.host().problems.size() == 1);
  CHECK(hl7.host().problems[0].number == 4);
}

TEST_CASE("a message is found behind marks and junk, and offsets count from the input's start") {
  Adapter hl7("hl7v2");
  const std::string bytes = "\xEF\xBB\xBF\x0b MSH|^~\\&|A|B\rPID|1||X\x1c\r";
  Opened m(hl7, bytes);
  REQUIRE(m.status() == LT_OK);
  const lt_value value = m.value(LT_ROOT, hl7.path("PID-3"));
  CHECK(str(value.text) == "X");
  CHECK(bytes[value.offset] == 'X');
  CHECK(hl7.host().problems.empty());
  Opened junk(hl7, "2024-01-01 in: MSH|^~\\&|A|B\rPID|1||X");
  CHECK(junk.get("PID-3") == "X");
  CHECK(hl7.host().heard(5));
}

TEST_CASE("a second header inside a message ends it, with an error") {
  Adapter hl7("hl7v2");
  Opened m(hl7, "MSH|^~\\&|A\rPID|1||X\rMSH|^~\\&|B\rPID|1||Y");
  CHECK(m.count("PID") == 1);
  CHECK(hl7.host().heard(14));
}

TEST_CASE("options are checked") {
  Adapter version("hl7v2", {{"default_version", "2.3"}});
  Opened m(version, "MSH|^~\\&|A|B|C|D|2024||ADT^A01|1");
  CHECK(str(m.envelope().version) == "2.3");
  Adapter typo("hl7v2", {{"default_versio", "2.3"}});
  CHECK(typo.status() == LT_OPTION);
  REQUIRE(typo.host().problems.size() == 1);
  CHECK(typo.host().problems[0].arguments == std::vector<std::string>{"default_versio", "default_version"});
  CHECK(Adapter("hl7v2", {{"max_fields", "0"}}).status() == LT_OPTION);
  CHECK(Adapter("hl7v2", {{"default_version", "3"}}).status() == LT_OPTION);
}
