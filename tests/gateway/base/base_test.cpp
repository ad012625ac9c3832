// Errors, problems, texts, ids, scratch memory.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "gateway/base/arena.h"
#include "gateway/base/catalogue.h"
#include "gateway/base/json_text.h"
#include "gateway/base/result.h"
#include "gateway/base/uuid.h"

using namespace lienthong;

TEST_CASE("Every category has its place in each protocol, and only passing ones may be tried again") {
  CHECK(meaning_of(Category::NotFound).http_status == 404);
  CHECK(meaning_of(Category::Busy).hl7_ack_code == "AR");
  CHECK(meaning_of(Category::Incorrect).hl7_ack_code == "AE");
  CHECK(meaning_of(Category::Busy).retry);
  CHECK_FALSE(meaning_of(Category::Incorrect).retry);
}

TEST_CASE("A problem's text is filled with its arguments; its value only where asked for") {
  Catalogue catalogue;
  REQUIRE(catalogue.add("x",
                        "# comment\n12\tvalue\t102\t{0} is not a date: {value}\t{0} không phải ngày: "
                        "{value}\tCorrect {0}\tSửa {0}\n"));
  Problem problem;
  problem.catalogue = "x";
  problem.number = 12;
  problem.arguments = {"PID-7"};
  problem.value = "yesterday";
  CHECK(catalogue.text(problem, Language::English) == "PID-7 is not a date: yesterday");
  CHECK(catalogue.text(problem, Language::Vietnamese, false) == "PID-7 không phải ngày: …");
  CHECK(catalogue.remedy(problem, Language::English) == "Correct PID-7");
  CHECK(catalogue.find("x", 12)->hl7_error == 102);
  problem.number = 13;
  CHECK(catalogue.text(problem, Language::English) == "x-13");  // numbers are the catalogue's own
}

TEST_CASE("A malformed catalogue is refused with its line") {
  Catalogue catalogue;
  auto added = catalogue.add("x", "1\ta\t102\tb\tc\td\te\n2\ttoo\tfew\n");
  REQUIRE_FALSE(added.has_value());
  CHECK(added.error().text.find("line 2") != std::string::npos);
  CHECK_FALSE(catalogue.add("x", "1\ta\t102\tb\tc\td\te\n").has_value());  // number 1 stands twice
}

TEST_CASE("Every text of the gateway is there in both languages") {
  CHECK_NOTHROW(Catalogue::gateway());
}

TEST_CASE("A sink keeps a bounded number of problems and counts them all") {
  ProblemSink sink;
  for (std::size_t i = 0; i < ProblemSink::kLimit + 5; ++i) sink.add(Problem{});
  CHECK(sink.problems().size() == ProblemSink::kLimit);
  CHECK(sink.dropped() == 5);
  CHECK(sink.error_count() == ProblemSink::kLimit + 5);
  sink.clear();
  CHECK_FALSE(sink.has_errors());
}

TEST_CASE("UUIDs: the same key gives the same id, and the text form round-trips") {
  const auto one = uuid_from_key("BVX|Patient|MR||12345");
  CHECK(one == uuid_from_key("BVX|Patient|MR||12345"));
  CHECK(one != uuid_from_key("BVX|Patient|MR||12346"));
  const auto text = to_string(one);
  CHECK(text[14] == '5');
  CHECK(parse_uuid(text) == one);
  CHECK_FALSE(parse_uuid(text.substr(1)).has_value());
  CHECK_FALSE(parse_uuid("gggggggg-0000-0000-0000-000000000000").has_value());
}

TEST_CASE("UUIDs of version 7 ascend with time and never repeat") {
  std::set<std::string> seen;
  std::string last;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const auto text = to_string(new_uuid_v7(1'760'000'000'000 + i));
    CHECK(text > last);
    last = text;
    seen.insert(text);
  }
  CHECK(seen.size() == 5000);
}

TEST_CASE("An arena keeps to its limit and to alignment, and reuses its memory") {
  Arena arena(1 << 20);
  CHECK(reinterpret_cast<std::uintptr_t>(arena.allocate(3, 1)) != 0);
  CHECK(reinterpret_cast<std::uintptr_t>(arena.allocate(8, 64)) % 64 == 0);
  CHECK(arena.allocate(2 << 20) == nullptr);
  CHECK(arena.copy("abc") == "abc");
  arena.reset();
  CHECK(arena.used() == 0);
  CHECK(arena.allocate(1 << 19) != nullptr);
}

TEST_CASE("JSON strings are escaped as RFC 8259 asks") {
  std::string out;
  append_json_string(out, std::string_view("a\"b\\c\n\x01 é", 10));
  CHECK(out == "\"a\\\"b\\\\c\\n\\u0001 \xc3\xa9\"");
}

TEST_CASE("JSON strings are valid UTF-8 whatever the text was") {
  const auto text = [](std::string_view bytes) {
    std::string out;
    append_json_string(out, bytes);
    return out;
  };
  CHECK(text("a\xff"
             "b") ==
        "\"a\xef\xbf\xbd"
        "b\"");
  CHECK(text("\xe1\xbb") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");      // cut off
  CHECK(text("\xed\xa0\x80").find('\xed') == std::string::npos);  // a surrogate
  CHECK(text("\xc0\xaf").find('\xc0') == std::string::npos);      // overlong
  CHECK(text("\xf0\x9f\x98\x80 \xe1\xbb\x87") == "\"\xf0\x9f\x98\x80 \xe1\xbb\x87\"");
}
