// convert, explain, coverage, profiles and test on the mappings of the source tree.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using test::run_binary;

namespace {

bool contains(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// One invented message, and with `count` so many of them.
std::string morning(int patients) {
  return run_binary({"bench", "morning", "--patients", std::to_string(patients)}).out;
}

std::size_t count_messages(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("MSH|"); at != std::string::npos; at = text.find("MSH|", at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("convert: one transaction Bundle a line for each message, the same over two runs") {
  const auto input = morning(10);
  const auto ran = run_binary({"convert", "--profile", "hl7v2"}, input);
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(count_lines(ran.out) == count_messages(input));
  CHECK(ran.out.starts_with("{\"resourceType\":\"Bundle\",\"type\":\"transaction\""));
  CHECK(run_binary({"convert", "--profile", "hl7v2"}, input).out == ran.out);
}

TEST_CASE("convert: a refused message has a problem line and exit 1, the others are converted") {
  const auto good = morning(1);
  const test::TempFolder folder;
  const auto file = folder.write("in.hl7", good + "MSH|^~\\&|A|B|C|D|20260302||ZZZ^Z99|1|P|2.5.1\nZZZ|1\n");
  const auto ran = run_binary({"convert", "--profile", "hl7v2", file});
  CHECK(ran.code == 1);
  CHECK(count_lines(ran.out) == count_messages(good));
  CHECK(
      contains(ran.err, "\"file\":\"" + file + "\",\"message\":" + std::to_string(count_messages(good) + 1)));
  CHECK(contains(ran.err, "\"severity\":\"error\""));

  const auto problems = folder.file("problems.ndjson");
  const auto apart = run_binary({"convert", "--profile", "hl7v2", "--problems", problems, file});
  CHECK(apart.code == 1);
  CHECK(apart.err.empty());
  CHECK(contains(test::read_all(problems), "\"message\":"));
}

TEST_CASE("convert: input that is no HL7 v2 is refused") {
  const auto ran = run_binary({"convert", "--profile", "hl7v2"}, "this is no message\n");
  CHECK(ran.code == 1);
  CHECK(ran.out.empty());
  CHECK(contains(ran.err, "\"severity\":"));
  CHECK(run_binary({"convert", "--profile", "hl7v2", "/no/such/file"}).code == 1);
}

TEST_CASE("convert: the facility of the call begins every key") {
  const auto input = morning(1);
  const auto one = run_binary({"convert", "--profile", "hl7v2", "--facility", "1"}, input);
  const auto two = run_binary({"convert", "--profile", "hl7v2", "--facility", "2"}, input);
  CHECK(one.code == 0);
  CHECK(one.out != two.out);
}

TEST_CASE("explain: where each element comes from; values only when asked for") {
  const test::TempFolder folder;
  const auto file = folder.write("in.hl7", morning(1));
  const auto ran = run_binary({"explain", "--profile", "hl7v2", file});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "birthDate"));
  CHECK(contains(ran.out, "PID"));
  CHECK_FALSE(contains(ran.out, "BN0010000000"));
  CHECK(contains(run_binary({"explain", "--profile", "hl7v2", "--values", file}).out, "BN0010000000"));
}

TEST_CASE("coverage: fields that reached no output, the most frequent first") {
  const test::TempFolder folder;
  const auto file = folder.write("in.hl7", morning(5));
  const auto ran = run_binary({"coverage", "--profile", "hl7v2", file});
  CHECK(ran.code == 0);
  CHECK(ran.out.starts_with("values\tmessages\tfield\t"));
  CHECK(contains(ran.err, "reached the output"));
  CHECK_FALSE(contains(ran.out, "BN0010000000"));
}

TEST_CASE("profiles lists the base profile and its adapter") {
  const auto ran = run_binary({"profiles"});
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "\nhl7v2\t"));
  CHECK(contains(ran.out, "hl7v2.so"));
}

TEST_CASE("check and test pass on the mappings that ship") {
  const auto check = run_binary({"check"});
  INFO(check.err);
  CHECK(check.code == 0);
  const auto cases = run_binary({"test"});
  INFO(cases.out);
  CHECK(cases.code == 0);
  CHECK(contains(cases.out, "passed "));
}

TEST_CASE("a misspelt profile is answered with the right one") {
  const auto ran = run_binary({"convert", "--profile", "hl7v3"}, "");
  CHECK(ran.code == 2);
  CHECK(contains(ran.err, "did you mean \"hl7v2\"?"));
}

TEST_CASE("check names a source's misspelt profile at its line") {
  const test::TempFolder folder;
  const auto file = folder.write("g.toml",
                                 "[gateway]\nname = \"g\"\n[[source]]\nname = \"his\"\nlisten = "
                                 "\"127.0.0.1:0\"\nprofile = \"hl7v3\"\nfacility = \"79999\"\n");
  const auto ran = run_binary({"check", "--config", file});
  CHECK(ran.code == 2);
  CHECK(contains(ran.err, file + ":6:11: there is no profile \"hl7v3\": did you mean \"hl7v2\"?"));
  CHECK_FALSE(contains(ran.err, "the configuration is right"));
}

TEST_CASE("bench convert prints a figure a run") {
  const auto ran = run_binary({"bench", "convert", "--patients", "3", "--runs", "2"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(count_lines(ran.out) == 2);
  CHECK(ran.out.starts_with("{\"bench\":\"convert\",\"messages\":"));
  CHECK(contains(ran.out, "\"refused\":0}"));
}

TEST_CASE("explain and coverage: rows of a table are read with the headings of their file") {
  const test::TempFolder folder;
  const auto file = folder.write("results.csv",
                                 "Mã BN;Số phiếu;Mã XN;Kết quả;Ghi chú\n"
                                 "L1;P1;GLU;5,2;\n"
                                 "L2;P2;GLU;6,1;nhịn đói\n");
  const auto explained = run_binary({"explain", "--profile", "lissaokhue", file});
  INFO(explained.err);
  CHECK(explained.code == 0);
  CHECK(contains(explained.out, "row 3"));
  CHECK(contains(explained.out, "Observation[1].valueQuantity.value"));
  CHECK_FALSE(contains(explained.out, "\t:0\n"));
  const auto covered = run_binary({"coverage", "--profile", "lissaokhue", file});
  CHECK(covered.code == 0);
  CHECK(contains(covered.out, "Ghi chú"));

  const auto refused =
      run_binary({"coverage", "--profile", "lissaokhue", folder.write("other.csv", "a;b\n1;2\n")});
  CHECK(refused.code == 1);
  CHECK(contains(refused.err, "\"code\":\"tabular-1\""));
}
