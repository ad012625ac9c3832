#include "gateway/app/resource_diff.h"

#include <catch2/catch.hpp>

#include "gateway/app/replay_call.h"

using namespace lienthong;
using namespace lienthong::app;

namespace {

std::string bundle(const std::string& resources) {
  return R"({"resourceType":"Bundle","type":"transaction","entry":[)" + resources + "]}";
}
std::string entry(const std::string& members, const std::string& method = "PUT") {
  return R"({"resource":{)" + members + R"(},"request":{"method":")" + method + R"("}})";
}

}  // namespace

TEST_CASE("diff: elements added, changed and removed, by resource") {
  const auto before =
      bundle(entry(R"("resourceType":"Patient","id":"1","gender":"male","name":[{"text":"A"}])") + "," +
             entry(R"("resourceType":"Encounter","id":"2")"));
  const auto after = bundle(entry(R"("resourceType":"Patient","id":"1","gender":"female","active":true)") +
                            "," + entry(R"("resourceType":"Condition","id":"3")"));
  const auto diffs = compare_bundles(before, after);
  REQUIRE(diffs.size() == 3);
  CHECK(diffs[0].type == "Patient");
  REQUIRE(diffs[0].elements.size() == 3);
  CHECK(diffs[0].elements[0].path == "active");
  CHECK(diffs[0].elements[0].kind == DiffKind::Added);
  CHECK(diffs[0].elements[1].path == "gender");
  CHECK(diffs[0].elements[1].before == "male");
  CHECK(diffs[0].elements[1].after == "female");
  CHECK(diffs[0].elements[2].path == "name[0].text");
  CHECK(diffs[0].elements[2].kind == DiffKind::Removed);
  CHECK(diffs[1].kind == DiffKind::Removed);
  CHECK(diffs[2].kind == DiffKind::Added);
}

TEST_CASE("diff: numbers are compared as text, the order of members is none") {
  const auto one = bundle(entry(R"("resourceType":"Observation","id":"1","a":1.0,"b":2)"));
  CHECK(
      compare_bundles(one, bundle(entry(R"("b":2,"a":1.0,"id":"1","resourceType":"Observation")"))).empty());
  CHECK(
      compare_bundles(one, bundle(entry(R"("resourceType":"Observation","id":"1","a":1.00,"b":2)"))).size() ==
      1);
}

TEST_CASE("diff: whether a resource is the subject or a mention is a difference; no bundle has no entries") {
  const std::string patient = R"("resourceType":"Patient","id":"1")";
  const auto diffs = compare_bundles(bundle(entry(patient)), bundle(entry(patient, "POST")));
  REQUIRE(diffs.size() == 1);
  CHECK(diffs[0].elements.at(0).path == "request.method");
  CHECK(compare_bundles(std::nullopt, std::nullopt).empty());
  CHECK(compare_bundles(std::nullopt, bundle(entry(patient))).at(0).kind == DiffKind::Added);
}

TEST_CASE("diff: paths without their indexes") {
  CHECK(without_indexes("name[0].given[12]") == "name.given");
  CHECK(without_indexes("gender") == "gender");
}

TEST_CASE("a replay's call comes back from its words") {
  ReplayCall call;
  call.source = "his";
  call.from = Instant(std::chrono::microseconds(5));
  call.number = MessageNumber{uuid_from_key("m")};
  call.fate = journal::Fate::Quarantined;
  call.waiting = call.deliver = true;
  call.table = "tests";
  const auto back = ReplayCall::parse(call.words());
  REQUIRE(back);
  CHECK(back->words() == call.words());
  CHECK_FALSE(ReplayCall::parse({"replay", "nonsense"}));
  CHECK_FALSE(ReplayCall::parse({"replay", "from=x"}));
  CHECK_FALSE(ReplayCall::parse({}));
}

TEST_CASE("times of a call: days, minutes, seconds, zones, and how long ago") {
  using namespace std::chrono;
  const Instant now = sys_days(year(2026) / 3 / 2);
  const auto read = [&](std::string_view text) { return parse_instant(text, now, hours(7)); };
  CHECK(read("2026-03-01") == Instant(sys_days(year(2026) / 3 / 1)) - hours(7));
  CHECK(read("2026-03-01T07:30Z") == Instant(sys_days(year(2026) / 3 / 1)) + hours(7) + minutes(30));
  CHECK(read("2026-03-01T07:30:05+07:00") ==
        Instant(sys_days(year(2026) / 3 / 1)) + minutes(30) + seconds(5));
  CHECK(read("3h") == now - hours(3));
  for (const auto* wrong : {"", "2026", "2026-02-30", "2026-03-01T25:00", "2026-03-01x", "yesterday"})
    CHECK_FALSE(read(wrong));
  CHECK(format_instant(now, hours(7)) == "2026-03-02T07:00:00+07:00");
  CHECK(format_instant(now - seconds(1), -minutes(90)) == "2026-03-01T22:29:59-01:30");
}
