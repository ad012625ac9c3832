// Labels by codes and words (semantics 18): what asks for one, and that the quick question misses none.
#include "gateway/convert/sensitivity.h"

#include <catch2/catch.hpp>
#include <cctype>
#include <string>
#include <utility>

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

// Words one character after the other, as a person would look for them.
bool names_plainly(const std::string& json, const std::string& word, bool is_open) {
  const auto is_letter = [](char c) {
    return (c & 0x80) != 0 || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  bool begins = true;
  for (std::size_t at = 0; at < json.size(); ++at) {
    std::size_t same = 0;
    while (begins && same < word.size() && at + same < json.size() && folded(json[at + same]) == word[same])
      ++same;
    const bool ends = at + same >= json.size() || !is_letter(json[at + same]);
    if (same == word.size() && (is_open || ends)) return true;
    begins = !is_letter(json[at]);
    if (json[at] == '\\') ++at;
  }
  return false;
}

TEST_CASE("words are found sixteen characters at a time as they are one by one") {
  const std::pair<std::string, bool> words[] = {{"hiv", true},
                                                {"rp", false},
                                                {"lao phổi", false},
                                                {"+dương", false},
                                                {"\xc4\x91"
                                                 "a",
                                                 true},
                                                {"abcdefghijklmnopqrs", false}};
  const std::string pieces[] = {"HIV",
                                "hi",
                                "v",
                                " ",
                                "\n",
                                "\\",
                                "\"",
                                "rp",
                                "Lao",
                                "lao phổi",
                                "+dương",
                                "đa",
                                "abcdefghijklmnopqrs",
                                "-",
                                "x",
                                "\t",
                                "0",
                                "  ",
                                "ABCDEFGHIJKLMN"};
  SeededRandom random(27, 0);
  for (const auto& [word, is_open] : words) {
    CodeTable made("sensitivity", "sensitivity.csv");
    Diagnostics diagnostics;
    made.read("sensitivity.csv",
              "code,text,system,target code,display,target system,comment\n|" + word + (is_open ? "*" : "") +
                  ",,,L,,urn:s,\n",
              diagnostics);
    const Sensitivity sensitivity(&made);
    std::size_t found = 0;
    for (int round = 0; round < 10'000; ++round) {
      std::string text;
      for (auto count = random.below(9); count > 0; --count) text += pieces[random.below(std::size(pieces))];
      const bool expected = names_plainly(json_string(text), word, is_open);
      INFO(word << " in " << text);
      REQUIRE((sensitivity.labels_of(json_string(text)) != 0) == expected);
      REQUIRE(may_name(sensitivity, text) == expected);
      if (expected) ++found;
    }
    CHECK(found > 100);
  }
}

TEST_CASE("a form that any code may have is asked for by its system") {
  CodeTable rows("sensitivity", "sensitivity.csv");
  Diagnostics diagnostics;
  rows.read("sensitivity.csv",
            "code,text,system,target code,display,target system,comment\n"
            "urn:x:regimen|*,,,TB,,urn:s,\nurn:x:group urn:x:kind|6,,,STD,,urn:s,\n",
            diagnostics);
  const Sensitivity sensitivity(&rows);
  CHECK(labels_of_coding(sensitivity, "urn:x:regimen", "anything") != 0);
  CHECK(labels_of_coding(sensitivity, "urn:x:kind", "6") != 0);
  CHECK(labels_of_coding(sensitivity, "urn:x:kind", "66") == 0);
  CHECK_FALSE(sensitivity.may_be_code("6"));
  CHECK_FALSE(sensitivity.may_be_code("anything"));
  for (const std::string system : {"urn:x:regimen", "urn:x:group", "urn:x:kind"}) {
    CHECK(sensitivity.may_be_system("{\"system\":\"" + system + "\""));
    CHECK(may_name(sensitivity, system));
  }
  CHECK_FALSE(may_name(sensitivity, "urn:x:other"));
  CHECK_FALSE(may_name(sensitivity, "06:10"));
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
