#include <catch2/catch.hpp>

#include "fhir-model/search/fold.h"

using fhir::search::fold_text;

TEST_CASE("folding drops Vietnamese marks, case and the bar of đ") {
  CHECK(fold_text("NGUYỄN Văn Đức") == "nguyen van duc");
  CHECK(fold_text("Đặng Thị Ánh Tuyết") == "dang thi anh tuyet");
  CHECK(fold_text("ưƯơƠ") == "uuoo");
  CHECK(fold_text("\xC3\x90 \xC3\xB0") == "d d");  // Ð ð, which some systems write for Đ đ
}

TEST_CASE("composed and decomposed text fold alike") {
  const std::string composed = "Ng\u1ECDc \u1EBE H\u1ED3ng \u0111\u1EC5";
  const std::string decomposed = "Ngo\u0323c E\u0302\u0301 Ho\u0302\u0300ng \u0111e\u0302\u0303";
  CHECK(fold_text(composed) == "ngoc e hong de");
  CHECK(fold_text(decomposed) == fold_text(composed));
  CHECK(fold_text("o\u031B\u0301") == fold_text("\u1EDB"));  // ớ
}

TEST_CASE("folding joins white space and trims it") {
  CHECK(fold_text("  Trần \t\n Thị\u00A0Mai ") == "tran thi mai");
  CHECK(fold_text(" \n ").empty());
}

TEST_CASE("folding keeps other scripts, spells out ligatures and drops bytes that are no UTF-8") {
  CHECK(fold_text("日本 Αθήνα") == "日本 Αθήνα");
  CHECK(fold_text("Straße Æsir") == "strasse aesir");
  CHECK(fold_text("a\xFF\xC3"
                  "b\xE1\xBB") == "ab");
}

TEST_CASE("folding never lengthens a text") {
  for (char32_t code = 0x80; code < 0x2000; ++code) {
    std::string text;
    if (code < 0x800) {
      text = {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
    } else {
      text = {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
              static_cast<char>(0x80 | (code & 0x3F))};
    }
    CHECK(fold_text(text).size() <= text.size());
  }
}
