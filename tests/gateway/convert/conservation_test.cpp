// Semantics 28 for HL7 v2: what comes in is in the output or in the report, row by row.
#include <map>
#include <set>

#include "gateway/convert/explain.h"
#include "tests/gateway/convert/loaded_profile.h"
#include "tests/gateway/convert/samples.h"

using namespace lienthong;
using namespace lienthong::convert;

namespace {

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

// "OBX[3]" of "OBX[3]-5.1".
std::string segment_of(const std::string& place) {
  return place.substr(0, place.find('-'));
}

struct Account {
  std::set<std::string> mapped;                            // segments that an element came from
  std::map<std::string, std::set<std::string>> resources;  // of each segment, by type and number
  std::set<std::string> reported;  // segments named in the loss report or in a problem
};

Account account_of(const Explanation& explanation, const ProblemSink& problems) {
  Account account;
  for (const auto& element : explanation.elements) {
    for (std::size_t at = 0; at < element.place.size();) {
      const auto end = std::min(element.place.find(' ', at), element.place.size());
      const auto segment = segment_of(element.place.substr(at, end - at));
      account.mapped.insert(segment);
      account.resources[segment].insert(element.element.substr(0, element.element.find('.')));
      at = end + 1;
    }
  }
  for (const auto& unread : explanation.unread) account.reported.insert(segment_of(unread.place));
  for (const auto& problem : problems.problems()) account.reported.insert(segment_of(problem.where_input));
  return account;
}

bool makes(const Account& account, const std::string& segment, const std::string& type) {
  const auto found = account.resources.find(segment);
  return found != account.resources.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const std::string& resource) { return resource.starts_with(type + "["); });
}

// Rows of a message that are neither in the output nor in the report.
std::vector<std::string> lost_rows(std::string_view message, const Account& account) {
  std::vector<std::string> lost;
  std::map<std::string, int> numbers;
  for (const auto segment : cut(message, '\r')) {
    const std::string name(segment.substr(0, 3));
    if (name != "OBX" && name != "PID") continue;
    const auto row = name + "[" + std::to_string(++numbers[name]) + "]";
    const bool has_values = segment.find_first_not_of("|^~&\\\" ", 3) != std::string_view::npos;
    const auto type = name == "OBX" ? "Observation" : "Patient";
    if (has_values && !makes(account, row, type) && account.reported.count(row) == 0) lost.push_back(row);
  }
  return lost;
}

std::size_t count_of(const Explanation& explanation, const std::string& type) {
  std::set<std::string> found;
  for (const auto& element : explanation.elements) {
    if (element.element.starts_with(type + "["))
      found.insert(element.element.substr(0, element.element.find('.')));
  }
  return found.size();
}

}  // namespace

TEST_CASE("every result row and patient is in the output or in the report") {
  const auto program = shipped_program("hl7v2");
  auto settings = program->profile().defaults;
  settings.name = "conservation";
  auto converter = std::move(*make_converter(program, settings));
  std::size_t seen = 0;
  const auto check = [&](const std::string& name, std::string_view message) {
    if (message.find("\rOBX|") == std::string_view::npos || seen >= 300) return;
    ProblemSink problems;
    const auto explanation = explain(program, settings, message, kNow, problems);
    if (!explanation) return;
    ++seen;
    const auto lost = lost_rows(message, account_of(*explanation, problems));
    INFO(name << ": " << (lost.empty() ? "" : lost.front()));
    CHECK(lost.empty());
  };
  for (const auto& message : case_messages()) check("case", message);
  CHECK(seen > 1);
  if (each_corpus_message(*converter, check)) CHECK(seen == 300);
}

TEST_CASE("rows in are Observations out, joined lines and rows that the rules leave out") {
  const auto program = shipped_program("hl7v2");
  const std::string message =
      "MSH|^~\\&|LIS|BV|HIS|SYT|20240305081530||ORU^R01|R1|P|2.5\rPID|1||A1^^^BV^MR\rOBR|1|P1|F1|X^X^L\r"
      "OBX|1|NM|A^A^L||1|||||||F\rOBX|2|NM|A^A^L||2|||||||F\rOBX|3|TX|T^T^L||one||||||F\r"
      "OBX|4|TX|T^T^L||two||||||F\rOBX|5|ST|N^N^L||none||||||N\rOBX|6|NM|^^||3||||||F\r";
  ProblemSink problems;
  const auto explanation = explain(program, program->profile().defaults, message, kNow, problems);
  REQUIRE(explanation);
  const auto account = account_of(*explanation, problems);
  CHECK(count_of(*explanation, "Observation") == 3);  // two numbers of one key, two lines as one
  for (const char* row : {"OBX[1]", "OBX[2]", "OBX[3]", "OBX[4]"}) CHECK(makes(account, row, "Observation"));
  for (const char* row : {"OBX[5]", "OBX[6]"}) {
    CHECK_FALSE(makes(account, row, "Observation"));
    CHECK(account.reported.count(row) == 1);
  }
  CHECK(count_of(*explanation, "Patient") == 1);
}
