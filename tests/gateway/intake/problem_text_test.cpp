#include "gateway/intake/problem_text.h"

#include <catch2/catch.hpp>

using namespace lienthong;

TEST_CASE("Problems are kept as compact JSON, without the offending value") {
  ProblemSink sink;
  CHECK(intake::problems_as_json(sink).empty());
  Problem problem;
  problem.severity = Severity::Warning;
  problem.number = 2103;
  problem.catalogue = "hl7v2";
  problem.where_input = "PID[1]-7";
  problem.where_output = "Patient.birthDate";
  problem.offset = 120;
  problem.arguments = {"say \"when\"", "line\nend"};
  problem.value = "1975-13-45";
  sink.add(problem);
  CHECK(
      intake::problems_as_json(sink) ==
      R"([{"s":"warning","n":2103,"c":"hl7v2","i":"PID[1]-7","o":"Patient.birthDate","at":120,"a":["say \"when\"","line\nend"]}])");

  const auto kept = intake::problems_from_json(intake::problems_as_json(sink));
  REQUIRE(kept.problems.size() == 1);
  CHECK(kept.dropped == 0);
  const auto& again = kept.problems.front();
  CHECK(again.severity == problem.severity);
  CHECK(again.number == problem.number);
  CHECK(again.catalogue == problem.catalogue);
  CHECK(again.where_input == problem.where_input);
  CHECK(again.where_output == problem.where_output);
  CHECK(again.offset == problem.offset);
  CHECK(again.arguments == problem.arguments);
  CHECK(again.value.empty());
}

TEST_CASE("Kept problems: how many more there were is read back; what is no such text holds none") {
  ProblemSink sink;
  for (std::size_t i = 0; i < ProblemSink::kLimit + 7; ++i) sink.add(Problem{});
  const auto kept = intake::problems_from_json(intake::problems_as_json(sink));
  CHECK(kept.problems.size() == ProblemSink::kLimit);
  CHECK(kept.dropped == 7);
  for (const auto* text : {"", "[", "{}", "[1,\"x\"]", "null"})
    CHECK(intake::problems_from_json(text).dropped == 0);
}
