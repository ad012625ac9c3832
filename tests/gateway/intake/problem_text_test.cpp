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
}
