#include "gateway/identity/fold.h"

#include <catch2/catch.hpp>

using lienthong::identity::fold_name;

TEST_CASE("fold: Vietnamese letters lose marks, case and the stroke of đ") {
  CHECK(fold_name("NGUYỄN  Văn Đức") == "nguyen van duc");
  CHECK(fold_name("Ðặng Thị Ước") == "dang thi uoc");
  CHECK(fold_name("ăâêôơư ĂÂÊÔƠƯ ỳỷỹỵ") == "aaeoou aaeoou yyyy");
}

TEST_CASE("fold: composed and decomposed forms are the same") {
  CHECK(fold_name("Nguye\u0302\u0303n") == fold_name("Nguyễn"));
  CHECK(fold_name("u\u031Bo\u031B\u0301c") == fold_name("ước"));
}

TEST_CASE("fold: blanks are single and none at the ends") {
  CHECK(fold_name(" \t Lê \u00A0 An  ") == "le an");
  CHECK(fold_name("").empty());
  CHECK(fold_name(" \t ").empty());
}

TEST_CASE("fold: other scripts stay, broken bytes go") {
  CHECK(fold_name("王 An") == "王 an");
  CHECK(fold_name("A\xFF\xC3") == "a");
  CHECK(fold_name("a\xF0\x9F\x98\x80") == "a\xF0\x9F\x98\x80");
}
