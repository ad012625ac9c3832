#include "gateway/convert/charset.h"

#include <catch2/catch.hpp>
#include <string>

using namespace lienthong;
using namespace lienthong::convert;

namespace {

std::string decoded(Charset charset, std::string_view bytes, bool* damaged = nullptr) {
  Arena arena;
  bool any = false;
  const auto text = decode(charset, bytes, arena, any);
  if (damaged != nullptr) *damaged = any;
  return std::string(text);
}

}  // namespace

TEST_CASE("character sets are found by the names people use") {
  CHECK(find_charset("UNICODE UTF-8") == Charset::Utf8);
  CHECK(find_charset("8859/1") == Charset::Latin1);
  CHECK(find_charset("cp1258") == Charset::Windows1258);
  CHECK(find_charset("TCVN3") == Charset::Tcvn3);
  CHECK_FALSE(find_charset("GB 18030-2000"));
}

TEST_CASE("Vietnamese exports become composed UTF-8") {
  CHECK(decoded(Charset::Tcvn3,
                "Vi\xD6t Nam, B\xD6nh vi\xD6n \xA7"
                "a khoa t\xD8nh") == "Việt Nam, Bệnh viện Đa khoa tỉnh");
  CHECK(decoded(Charset::Vni,
                "Vie\xE4t Nam, Be\xE4nh vie\xE4n \xD1"
                "a khoa t\xE6nh") == "Việt Nam, Bệnh viện Đa khoa tỉnh");
  CHECK(decoded(Charset::Windows1258, "Vi\xEA\xF2t") == "Việt");
  CHECK(decoded(Charset::Latin1, "Jos\xE9") == "José");
}

TEST_CASE("bytes that are no UTF-8 are replaced and reported") {
  bool damaged = false;
  CHECK(decoded(Charset::Utf8,
                "a\xFF"
                "b",
                &damaged) ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(damaged);
  CHECK(decoded(Charset::Utf8, "Việt", &damaged) == "Việt");
  CHECK_FALSE(damaged);
}

TEST_CASE("UTF-8 is told from what only looks like it") {
  CHECK(is_utf8("Nguyễn Văn An, a text longer than sixteen bytes"));
  for (const auto* bytes : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE1\xBB", "abc\x80"})
    CHECK_FALSE(is_utf8(bytes));
}
