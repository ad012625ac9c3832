// Rules that every output must keep, over every sample at hand (mappings/README.md; semantics 1, 11, 28).
#include <catch2/catch.hpp>
#include <chrono>
#include <set>

#include <rapidjson/document.h>

#include "tests/gateway/convert/loaded_profile.h"
#include "tests/gateway/convert/samples.h"

using namespace lienthong;
using namespace lienthong::convert;

namespace {

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

void check_value(const rapidjson::Value& value, const std::string& path, std::set<std::string>& references,
                 std::vector<std::string>& broken) {
  if (value.IsObject()) {
    if (value.ObjectEmpty()) broken.push_back("empty object " + path);
    for (const auto& member : value.GetObject()) {
      check_value(member.value, path + "." + member.name.GetString(), references, broken);
    }
  } else if (value.IsArray()) {
    if (value.Empty()) broken.push_back("empty array " + path);
    for (const auto& item : value.GetArray()) check_value(item, path, references, broken);
  } else if (value.IsString()) {
    const std::string text(value.GetString(), value.GetStringLength());
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) broken.push_back("empty text " + path);
    if (path.ends_with(".reference")) references.insert(text);
  } else if (value.IsNull()) {
    broken.push_back("null " + path);
  }
}

std::vector<std::string> broken_rules(std::string_view bundle) {
  std::vector<std::string> broken;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(bundle.data(),
                                                                                         bundle.size());
  if (document.HasParseError()) return {"not JSON"};
  std::set<std::string> urls, references;
  if (!document.HasMember("entry")) return broken;
  for (const auto& entry : document["entry"].GetArray()) {
    if (!urls.insert(entry["fullUrl"].GetString()).second) broken.push_back("the same fullUrl twice");
    check_value(entry["resource"], entry["resource"]["resourceType"].GetString(), references, broken);
  }
  for (const auto& reference : references) {
    if (urls.count(reference) == 0) broken.push_back("reference to nothing: " + reference);
  }
  return broken;
}

}  // namespace

TEST_CASE("every sample converts by the rules or is refused") {
  const auto program = shipped_program("hl7v2");
  auto settings = program->profile().defaults;
  settings.name = "corpus";
  auto converter = std::move(*make_converter(program, settings));
  auto again = std::move(*make_converter(program, settings));
  std::size_t converted = 0;
  const bool at_hand =
      each_corpus_message(*converter, [&](const std::string& name, std::string_view message) {
        ProblemSink problems, more;
        if (!converter->open(message, nullptr, kNow, problems)) return;
        const auto result = converter->convert(problems);
        if (!result) return;
        ++converted;
        const auto broken = broken_rules((*result)->bundle);
        INFO(name << ": " << (broken.empty() ? "" : broken.front()));
        CHECK(broken.empty());
        REQUIRE(again->open(message, nullptr, kNow, more));
        const auto second = again->convert(more);
        REQUIRE(second);
        CHECK((*second)->bundle == (*result)->bundle);
      });
  CHECK((converted > 1500 || !at_hand));
}
