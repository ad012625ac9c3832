// What a message complained of is told also when the resource it was about is left out.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "gateway/base/bytes.h"
#include "gateway/convert/error_numbers.h"
#include "tests/gateway/convert/loaded_profile.h"

using namespace lienthong;
using namespace lienthong::convert;
namespace fs = std::filesystem;

namespace {

// A profile whose Conditions have a subject only where DG1-6 is valued: without it one is left out.
class Mapping {
 public:
  Mapping() : path_(fs::temp_directory_path() / ("lienthong-dropped-" + std::to_string(::getpid()))) {
    write("profile.toml", "adapter = \"hl7v2\"\nversion = \"1\"\n[defaults]\nfacility = \"F\"\n");
    write("messages/ADT.yaml",
          "takes: ADT^A01\nmake:\n  - patient: { use: PID, from: PID }\n  - diagnosis: { use: DG1, each: DG1 "
          "}\n");
    write("segments/PID.yaml", "resource: Patient\nkey: { value: PID-3.1 }\nbirthDate: PID-7.1\n");
    write("segments/DG1.yaml",
          "resource: Condition\nkey: { value: DG1-1 }\nrecordedDate: DG1-5\n"
          "subject: { reference: patient, if: DG1-6 }\n");
  }
  ~Mapping() { fs::remove_all(path_); }

  // "2102 DG1[1]-5" of each problem, sorted; and how many claims there were.
  std::vector<std::string> problems_of(const std::string& segments, std::size_t& claims) const {
    Diagnostics diagnostics;
    const auto program = load_profile({{path_.string()}}, "dropped", test_adapters(), diagnostics);
    for (const auto& diagnostic : diagnostics.all()) UNSCOPED_INFO(to_string(diagnostic));
    REQUIRE(program);
    const auto converter = make_converter(*program, (*program)->profile().defaults);
    REQUIRE(converter);
    const PaddedBytes message("MSH|^~\\&|A|B|C|D|20260302080000||ADT^A01|1|P|2.5\r" + segments);
    ProblemSink problems;
    REQUIRE(
        (*converter)->open(message.view(), nullptr, Instant{std::chrono::seconds(1'790'000'000)}, problems));
    const auto converted = (*converter)->convert(problems);
    REQUIRE(converted);
    claims = (*converted)->claims.size();
    std::vector<std::string> told;
    for (const auto& problem : problems.problems())
      told.push_back(std::to_string(problem.number) + " " + problem.where_input);
    std::sort(told.begin(), told.end());
    return told;
  }

 private:
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / "dropped" / name).parent_path());
    std::ofstream(path_ / "dropped" / name) << text;
  }
  fs::path path_;
};

}  // namespace

TEST_CASE("a dropped resource: its problems and those of the rest are each told once") {
  std::size_t claims = 0;
  const auto told =
      Mapping().problems_of("PID|1||7||Le||19801399\rDG1|1||A||yesterday\rDG1|2||B||today|W\r", claims);
  CHECK(claims == 2);
  REQUIRE(told.size() == 4);
  CHECK(told[0] == std::to_string(kNotATime) + " DG1[1]-5");
  CHECK(told[1] == std::to_string(kNotATime) + " DG1[2]-5");
  CHECK(told[2] == std::to_string(kNotATime) + " PID[1]-7.1");
  CHECK(told[3].find(std::to_string(kRequiredMissing)) == 0);
}

TEST_CASE("a dropped resource: equal problems of several resources are all told") {
  std::size_t claims = 0;
  const auto told = Mapping().problems_of("PID|1||7||Le\rDG1|1||A\rDG1|2||B\rDG1|3||C||x|W\r", claims);
  CHECK(claims == 2);
  CHECK(std::count_if(told.begin(), told.end(), [](const std::string& one) {
          return one.find(std::to_string(kRequiredMissing)) == 0;
        }) == 2);
}
