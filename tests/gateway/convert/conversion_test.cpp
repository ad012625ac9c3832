#include <catch2/catch.hpp>
#include <chrono>

#include "gateway/base/bytes.h"
#include "gateway/convert/explain.h"
#include "tests/gateway/convert/loaded_profile.h"

using namespace lienthong;
using namespace lienthong::convert;

namespace {

constexpr Instant kNow{std::chrono::seconds(1'750'000'000)};
const std::string kHeader = "MSH|^~\\&|HIS|BVA|LT|SYT|20240305081530||ADT^A08|1|P|2.5\r";

struct Converted {
  std::unique_ptr<Converter> converter;
  PaddedBytes bytes;
  ProblemSink problems;
  const Conversion* conversion = nullptr;
  Envelope envelope;
};

Converted convert_with(const SourceSettings& settings, const std::string& message) {
  Converted result;
  result.converter = std::move(*make_converter(shipped_program("hl7v2"), settings));
  result.bytes = PaddedBytes(message);
  const auto opened = result.converter->open(result.bytes.view(), nullptr, kNow, result.problems);
  REQUIRE(opened);
  result.envelope = **opened;
  const auto converted = result.converter->convert(result.problems);
  if (converted) result.conversion = *converted;
  return result;
}

SourceSettings settings_of(const std::string& facility) {
  SourceSettings settings;
  settings.name = "his";
  settings.facility = facility;
  return settings;
}

}  // namespace

TEST_CASE("the same message through two facilities shares no id") {
  const auto message = kHeader + "PID|1||7^^^^MR||Le^Hoa\rPV1|1|I|A^1^2||||D1^X|||||||||||V1\r";
  const auto a = convert_with(settings_of("a"), message);
  const auto b = convert_with(settings_of("b"), message);
  for (const auto& left : a.conversion->claims) {
    for (const auto& right : b.conversion->claims) CHECK(left.id != right.id);
  }
}

TEST_CASE("every place of an id holds the id of its claim") {
  for (const auto style : {ReferenceStyle::UrnUuid, ReferenceStyle::Relative}) {
    auto settings = settings_of("a");
    settings.references = style;
    const auto result = convert_with(
        settings,
        kHeader + "PID|1||7^^^^MR||Le^Hoa\rPV1|1|I|A^1^2||||D1^X||||||||||||V1\rDG1|1||J18^Viem phoi^I10\r");
    REQUIRE(result.conversion->claims.size() >= 5);
    std::uint32_t last = 0;
    for (const auto& place : result.conversion->id_places) {
      CHECK(place.offset >= last);
      last = place.offset;
      CHECK(result.conversion->bundle.substr(place.offset, kUuidTextSize) ==
            to_string(result.conversion->claims[place.claim].id));
    }
    for (const auto& claim : result.conversion->claims)
      CHECK(claim.json.find(to_string(claim.id)) != std::string_view::npos);
  }
}

TEST_CASE("a null removes an element only when the source means it so") {
  const auto message = kHeader + "PID|1||7^^^^MR||Le^Hoa||\"\"\r";
  auto settings = settings_of("a");
  CHECK(convert_with(settings, message).conversion->removed.empty());
  settings.null_deletes = true;
  const auto result = convert_with(settings, message);
  REQUIRE(result.conversion->removed.size() == 1);
  CHECK(result.conversion->removed[0] == "birthDate");
}

TEST_CASE("snapshots list their members; a sole null empties the list") {
  const auto full =
      convert_with(settings_of("a"), kHeader + "PID|1||7^^^^MR\rAL1|1|DA|P^Penicillin\rAL1|2|FA|T^Tom\r");
  REQUIRE(full.conversion->snapshots.size() == 1);
  CHECK(full.conversion->snapshots[0].member_count == 2);
  CHECK(full.conversion->snapshots[0].ending == "inactive");
  const auto emptied = convert_with(settings_of("a"), kHeader + "PID|1||7^^^^MR\rAL1|1|DA|\"\"\r");
  REQUIRE(emptied.conversion->snapshots.size() == 1);
  CHECK(emptied.conversion->snapshots[0].member_count == 0);
  const auto unsaid = convert_with(settings_of("a"), kHeader + "PID|1||7^^^^MR\r");
  CHECK(unsaid.conversion->snapshots.empty());
}

TEST_CASE("an event in the future counts as receipt, with a problem") {
  auto message = kHeader;
  message.replace(message.find("20240305081530"), 14, "20990305081530");
  const auto result = convert_with(settings_of("a"), message + "PID|1||7^^^^MR\r");
  CHECK(result.envelope.event_time == kNow);
  REQUIRE_FALSE(result.problems.problems().empty());
  CHECK(result.problems.problems()[0].number == 2113);
}

TEST_CASE("an unknown sender of a source with a table of facilities is refused") {
  auto settings = settings_of("");
  settings.facilities = {{"BVB", "b"}};
  CHECK(convert_with(settings, kHeader + "PID|1||7^^^^MR\r").conversion == nullptr);
  settings.facilities = {{"BVA", "a"}};
  CHECK(convert_with(settings, kHeader + "PID|1||7^^^^MR\r").conversion != nullptr);
}

TEST_CASE("test traffic carries its tag on every resource") {
  auto settings = settings_of("a");
  settings.test = true;
  const auto result = convert_with(settings, kHeader + "PID|1||7^^^^MR\rAL1|1|DA|P^Penicillin\r");
  for (const auto& claim : result.conversion->claims)
    CHECK(claim.json.find("\"code\":\"HTEST\"") != std::string_view::npos);
}

TEST_CASE("a resend differs in its time only, not in its hash") {
  const auto first = convert_with(settings_of("a"), kHeader + "PID|1||7^^^^MR\r");
  auto later = kHeader;
  later.replace(later.find("20240305081530"), 14, "20240305091530");
  const auto second = convert_with(settings_of("a"), later + "PID|1||7^^^^MR\r");
  const auto other = convert_with(settings_of("a"), kHeader + "PID|1||8^^^^MR\r");
  CHECK(first.envelope.content_hash == second.envelope.content_hash);
  CHECK(first.envelope.content_hash != other.envelope.content_hash);
}

TEST_CASE("legacy Vietnamese text is decoded as declared or as configured") {
  auto settings = settings_of("a");
  settings.charset = "TCVN3";
  const auto result = convert_with(settings, kHeader + "PID|1||7^^^^MR||Nguy\xD4n^V\xA8n An\r");
  CHECK(result.conversion->bundle.find("Nguyễn") != std::string_view::npos);
  CHECK(result.conversion->bundle.find("Văn An") != std::string_view::npos);
}

TEST_CASE("explain names the line and the field of a value, and what went nowhere") {
  ProblemSink problems;
  const auto explained = explain(shipped_program("hl7v2"), settings_of("a"),
                                 kHeader + "PID|1||7^^^^MR||Le^Hoa||19850412|M||2106-3\r", kNow, problems);
  REQUIRE(explained);
  bool found = false;
  for (const auto& row : explained->elements) {
    if (row.element != "Patient[1].birthDate") continue;
    found = true;
    CHECK(row.place == "PID[1]-7.1");
    CHECK(row.value == "1985-04-12");
    CHECK(row.file.ends_with("segments/PID.yaml"));
    CHECK(row.line > 0);
  }
  CHECK(found);
  const auto unread = std::find_if(explained->unread.begin(), explained->unread.end(),
                                   [](const auto& u) { return u.value == "2106-3"; });
  REQUIRE(unread != explained->unread.end());
  CHECK(unread->length == 6);
}
