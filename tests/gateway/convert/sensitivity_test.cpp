// Labels by codes and words (semantics 18): what asks for one, and that the quick question misses none.
#include "gateway/convert/sensitivity.h"

#include <catch2/catch.hpp>
#include <string>

#include "gateway/base/bytes.h"
#include "gateway/base/seeded_random.h"
#include "gateway/convert/json_text.h"

namespace lienthong::convert {
namespace {

const std::string kIcd = "http://hl7.org/fhir/sid/icd-10";

CodeTable table() {
  CodeTable made("sensitivity", "sensitivity.csv");
  Diagnostics diagnostics;
  made.read("sensitivity.csv",
            "code,text,system,target code,display,target system,comment\n" + kIcd + "|B20*,,,HIV,,urn:s,\n" +
                kIcd + "|F1?*,,,ETH,,urn:s,\n" + kIcd + "|?99,,,ODD,,urn:s,\n|HIV,,,HIV,,urn:s,\n" +
                "|Methadone,,,ETH,,urn:s,\n",
            diagnostics);
  REQUIRE(diagnostics.error_count() == 0);
  return made;
}

std::uint32_t labels_of_text(const Sensitivity& sensitivity, const std::string& text) {
  return sensitivity.labels_of("{\"text\":" + json_string(text) + "}");
}

std::uint32_t labels_of_coding(const Sensitivity& sensitivity, const std::string& system,
                               const std::string& code) {
  return sensitivity.labels_of("{\"coding\":[{\"system\":\"" + system + "\",\"code\":\"" + code + "\"}]}");
}

// The quick question is asked of what was written, with room behind.
bool may_name(const Sensitivity& sensitivity, const std::string& text) {
  const auto json = json_string(text);
  const PaddedBytes padded(json);
  return sensitivity.may_name(padded.view());
}

}  // namespace

TEST_CASE("a word asks for a label in capitals or not, behind a line break, and only as a word") {
  const auto rows = table();
  const Sensitivity sensitivity(&rows);
  for (const auto* text : {"HIV", "hiv Ab", "xét nghiệm Hiv", "Kết quả:\nHIV dương tính", "a\\HIV",
                           "METHADONE 10 mg", "(methadone)", "HIV-1", "\"HIV\"", "a\tHIV"}) {
    INFO(text);
    CHECK(labels_of_text(sensitivity, text) != 0);
    CHECK(may_name(sensitivity, text));
  }
  for (const auto* text : {"archive", "HIVE", "shiv", "HI V", "methadon", "ôHIV", ""}) {
    INFO(text);
    CHECK(labels_of_text(sensitivity, text) == 0);
  }
}

TEST_CASE("a code asks for a label in its own system only, whatever its form begins with") {
  const auto rows = table();
  const Sensitivity sensitivity(&rows);
  for (const auto* code : {"B20", "B20.1", "F10", "F19.2", "X99", "999"}) {
    INFO(code);
    CHECK(labels_of_coding(sensitivity, kIcd, code) != 0);
    CHECK(labels_of_coding(sensitivity, "urn:other", code) == 0);
    CHECK(sensitivity.may_be_code(code));
  }
  for (const auto* code : {"B21", "F1", "99", "X991"}) {
    INFO(code);
    CHECK(labels_of_coding(sensitivity, kIcd, code) == 0);
  }
}

TEST_CASE("whatever has a label is found by the quick question") {
  const auto rows = table();
  const Sensitivity sensitivity(&rows);
  SeededRandom random(18, 0);
  const std::string pieces[] = {"HIV", "hi", "v", " ", "\n", "\\", "\"", "Methadone", "đ", "x", "-", "mE"};
  std::size_t labelled = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto count = random.below(8); count > 0; --count) text += pieces[random.below(std::size(pieces))];
    if (labels_of_text(sensitivity, text) == 0) continue;
    ++labelled;
    INFO(text);
    REQUIRE(may_name(sensitivity, text));
  }
  CHECK(labelled > 1'000);
}

}  // namespace lienthong::convert
