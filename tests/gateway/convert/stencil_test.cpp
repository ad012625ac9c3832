// A resource that is filled in (gateway/convert/stencil.h) is the resource that its program writes: what a
// converter remembers of messages before must not be seen in what it makes.
#include <cstdlib>
#include <random>

#include "tests/gateway/convert/loaded_profile.h"
#include "tests/gateway/convert/samples.h"

using namespace lienthong;
using namespace lienthong::convert;

namespace {

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

// All that one message became, as text.
std::string outcome(Converter& converter, std::string_view message) {
  ProblemSink problems;
  std::string text;
  if (!converter.open(message, nullptr, kNow, problems)) {
    text = "not opened";
  } else if (const auto made = converter.convert(problems); !made) {
    text = "not converted: " + made.error().text;
  } else {
    const auto& result = **made;
    text = std::string(result.bundle);
    for (const auto& claim : result.claims)
      text += "\n" + std::string(claim.key) + " " + std::to_string(claim.json.size()) + " " +
              std::to_string(claim.patient) + " " + std::string(claim.event);
    for (const auto& place : result.id_places)
      text += "\n@" + std::to_string(place.offset) + "=" + std::to_string(place.claim);
    for (const auto removed : result.removed) text += "\n-" + std::string(removed);
  }
  for (const auto& problem : problems.problems())
    text += "\nLT-" + std::to_string(problem.number) + " " + problem.where_input + " > " +
            problem.where_output + " [" + problem.value + "]";
  return text;
}

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t count) {
  return count == 0 ? 0 : random() % count;
}

// Values that are read in ways of their own.
const std::vector<std::string> kValues = {"",
                                          " ",
                                          "\"\"",
                                          "0",
                                          "<5",
                                          ">= 7.5",
                                          "1,234.5",
                                          "12,5",
                                          "20260301",
                                          "2026",
                                          "202602301200",
                                          "20260229",
                                          "2026030112",
                                          "N",
                                          "H",
                                          "F",
                                          "X",
                                          "NM",
                                          "ST",
                                          "CWE",
                                          "SN",
                                          "TX",
                                          "A~B",
                                          "A^B^C^D",
                                          "^^",
                                          "~x",
                                          "a&b",
                                          "\\F\\x",
                                          "\\Zq\\",
                                          "Nguy\u1ec5n",
                                          "\xff\xfe",
                                          "B20^HIV^I10",
                                          "BHYT",
                                          "CCCD",
                                          "email^NET^Internet^a@b.vn",
                                          "  pad "};

constexpr const char* kEnds = "|^~&\r\n<>,;\t\"=";  // of values
constexpr const char* kWider = "|~\r";              // of fields and their repetitions

std::pair<std::size_t, std::size_t> value_at(const std::string& message, std::size_t at, const char* signs) {
  const auto before = message.find_last_of(signs, at);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  const auto end = std::min(message.find_first_of(signs, at), message.size());
  return {begin, std::max(begin, end)};
}

// The message with one value changed, taken from elsewhere, or one line said twice or left out.
std::string changed(const std::string& message, Random& random) {
  const auto* const signs = below(random, 3) == 0 ? kWider : kEnds;
  const auto [begin, end] = value_at(message, below(random, message.size()), signs);
  auto text = message;
  const auto way = below(random, 10);
  if (way < 5) return text.replace(begin, end - begin, kValues[below(random, kValues.size())]);
  if (way < 8) {
    const auto near = std::min(begin + below(random, 80), message.size() - 1);
    const auto [from, to] = value_at(message, way == 7 ? near : below(random, message.size()), signs);
    return text.replace(begin, end - begin, message.substr(from, to - from));
  }
  const auto line = message.find('\r', begin);
  if (line == std::string::npos) return text;
  const auto next = std::min(message.find('\r', line + 1), message.size() - 1);
  if (way == 8) return text.insert(next + 1, message.substr(line + 1, next - line));
  return text.erase(line + 1, next - line);
}

struct Pair {
  std::shared_ptr<const Program> program;
  SourceSettings settings;
  std::unique_ptr<Converter> kept;

  Pair(const std::string& profile, ReferenceStyle references) : program(shipped_program(profile)) {
    settings = program->profile().defaults;
    settings.name = "stencils";
    if (settings.facility.empty()) settings.facility = "79001";
    settings.references = references;
    settings.null_deletes = references == ReferenceStyle::Relative;
    kept = std::move(*make_converter(program, settings));
  }
  // The same from a converter that has seen nothing.
  bool agrees(std::string_view message) {
    const PaddedBytes bytes{std::string(message)};
    auto fresh = std::move(*make_converter(program, settings));
    const auto expected = outcome(*fresh, bytes.view());
    const auto found = outcome(*kept, bytes.view());
    if (expected == found) return true;
    std::size_t at = 0;
    while (at < std::min(expected.size(), found.size()) && expected[at] == found[at]) ++at;
    const auto from = at > 200 ? at - 200 : 0;
    UNSCOPED_INFO("expected …" << expected.substr(from, 400));
    UNSCOPED_INFO("found    …" << found.substr(from, 400));
    UNSCOPED_INFO("message " << message);
    return false;
  }
};

// How often each message is changed; more in the long form.
std::size_t rounds() {
  return std::getenv("LIENTHONG_LONG") == nullptr ? 12 : 1500;
}

}  // namespace

TEST_CASE("what a converter remembers is not seen in changed messages") {
  for (const auto references : {ReferenceStyle::UrnUuid, ReferenceStyle::Relative}) {
    Pair pair("hl7v2", references);
    Random random(20261122);
    for (const auto& message : case_messages()) {
      for (int i = 0; i < 3; ++i) REQUIRE(pair.agrees(message));
      for (std::size_t i = 0; i < rounds(); ++i) {
        auto other = changed(message, random);
        REQUIRE(pair.agrees(other));
        for (int more = 0; more < 2; ++more) {
          other = changed(other, random);
          REQUIRE(pair.agrees(other));
        }
      }
    }
  }
}

TEST_CASE("values that become equal are written once, as ever") {
  Pair pair("hl7v2", ReferenceStyle::Relative);
  const std::string begin =
      "MSH|^~\\&|HIS|79001|LT|79001|20260301080000||ADT^A08|1|P|2.5\rPID|1||BN1^^^79001^MR||Tr\u1ea7n^An||"
      "19800101|F|||||";
  for (int i = 0; i < 700;
       ++i) {  // until places alike in all values and patients alike in shape are told apart
    const auto number = std::to_string(900000000 + i);
    REQUIRE(pair.agrees(begin + number + "~" + std::to_string(800000000 + i) + "\r"));
  }
  const auto twice = begin + "912345678~912345678\r";
  CHECK(pair.agrees(twice));
  CHECK(outcome(*pair.kept, PaddedBytes(twice).view()).find("912345678") != std::string::npos);
}

TEST_CASE("what a converter remembers is not seen in the corpus") {
  Pair pair("hl7v2", ReferenceStyle::UrnUuid);
  auto reader = std::move(*make_converter(pair.program, pair.settings));
  std::size_t seen = 0;
  each_corpus_message(*reader, [&](const std::string& name, std::string_view message) {
    if (++seen % 4 != 0) return;
    INFO(name);
    REQUIRE(pair.agrees(message));
    REQUIRE(pair.agrees(message));
  });
}
