// Cutting tables into messages: rows, groups, quotes, line ends, what is wrong with a file as a whole.

#include "tests/adapters/test_host.h"

namespace {
using namespace lienthong::test;
using Strings = std::vector<std::string>;

const Options kPlain = {{"columns", "Id\nName\nResult"}};
const Options kGrouped = {{"columns", "Id\nName\nResult"}, {"group_by", "Id"}};

Strings cut(const Options& options, std::string_view bytes) {
  Adapter adapter("tabular", options);
  REQUIRE(adapter.status() == LT_OK);
  const Strings whole = frames(adapter, bytes, bytes.size() + 1);
  const auto heard = adapter.host().problems.size();
  for (const std::size_t step : {1, 2, 7, 64}) {
    INFO("arriving " << step << " bytes at a time");
    adapter.host().problems.clear();
    CHECK(frames(adapter, bytes, step) == whole);
    CHECK(adapter.host().problems.size() == heard);
  }
  return whole;
}

// The problems of reading the whole file once.
std::vector<HeardProblem> told(const Options& options, std::string_view bytes) {
  Adapter adapter("tabular", options);
  REQUIRE(adapter.status() == LT_OK);
  frames(adapter, bytes, bytes.size() + 1);
  return adapter.host().problems;
}

}  // namespace

TEST_CASE("tabular: each row is a message, whatever ends the lines") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string file =
        "Id,Name,Result" + end + "1,An,5" + end + end + "2,Binh,6" + end + ",," + end + "3,Chi,7";
    Adapter adapter("tabular", kPlain);
    for (const std::size_t step : {1, 3, 100})
      CHECK(frames(adapter, file, step) == Strings{"1,An,5", "2,Binh,6", "3,Chi,7"});
  }
}

TEST_CASE("tabular: separators are told from the headings, a byte order mark and sep= are passed over") {
  CHECK(cut(kPlain, "\xEF\xBB\xBFId;Name;Result\n1;a,b;2\n").front() == "1;a,b;2");
  CHECK(cut(kPlain, "sep=;\nId;Name;Result\n1;a;2\n").front() == "1;a;2");
  CHECK(cut(kPlain, "Id\tName\tResult\n1\ta;b;c;d\t2\n").front() == "1\ta;b;c;d\t2");
  CHECK(cut(kPlain, "Id|Name|Result\n1|a|2\n").front() == "1|a|2");
}

TEST_CASE(
    "tabular: rows with equal values in the columns of group_by are one message while they follow each "
    "other") {
  CHECK(cut(kGrouped, "Id,Name,Result\n1,a,5\n1,b,6\n\n1,c,7\n2,d,8\n1,e,9\n") ==
        Strings{"1,a,5\n1,b,6\n\n1,c,7", "2,d,8", "1,e,9"});
}

TEST_CASE("tabular: a group that is too large is taken in parts, and said so") {
  Options options = kGrouped;
  options.emplace_back("max_rows", "2");
  const std::string file = "Id,Name,Result\n1,a,5\n1,b,6\n1,c,7\n2,d,8\n";
  CHECK(cut(options, file) == Strings{"1,a,5\n1,b,6", "1,c,7", "2,d,8"});
  const auto problems = told(options, file);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].number == 11);
  CHECK(problems[0].where == "row 4");
}

TEST_CASE("tabular: quoted values hold separators, line ends and doubled marks") {
  CHECK(cut(kPlain, "Id,Name,Result\n1,\"An,\r\n \"\"B\"\"\",5\n2,c,6") ==
        Strings{"1,\"An,\r\n \"\"B\"\"\",5", "2,c,6"});
}

TEST_CASE("tabular: a mark that is never closed costs its own line, not the rows behind it") {
  SECTION("nothing closes it") {
    CHECK(cut(kPlain, "Id,Name,Result\n1,\"An,5\n2,b,6\n3,c,7\n") == Strings{"1,\"An,5", "2,b,6", "3,c,7"});
  }
  SECTION("a later mark would close it") {
    CHECK(cut(kPlain, "Id,Name,Result\n1,\"An,5\n2,\"b\",6\n3,c,7\n") ==
          Strings{"1,\"An,5", "2,\"b\",6", "3,c,7"});
  }
  SECTION("what it would swallow is no row") {
    CHECK(cut(kPlain, "Id,Name,Result\n1,\"An,5\n2,b,\"6\"\n3,c,\"7\"\n").size() == 3);
  }
  SECTION("it swallows more than a row may hold") {
    std::string file = "Id,Name,Result\n1,\"An,5\n";
    for (int i = 0; i < 20'000; ++i) file += "22222,bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,6\n";
    Adapter adapter("tabular", kPlain);
    CHECK(frames(adapter, file, 1 << 16).size() == 20'001);
  }
}

TEST_CASE("tabular: many marks in the wrong place are read in linear time") {
  std::string file = "Id,Name,Result\n";
  for (int i = 0; i < 200'000; ++i) file += "x\",\"y\n";
  Adapter adapter("tabular", kPlain);
  CHECK(frames(adapter, file, file.size()).size() > 100'000);
}

TEST_CASE("tabular: a row without end is left out and named; what follows is read") {
  Options options = kPlain;
  options.emplace_back("max_row_bytes", "64");
  const std::string file = "Id,Name,Result\n1,a,5\n2," + std::string(1000, 'x') + ",6\n3,c,7\n";
  CHECK(cut(options, file) == Strings{"1,a,5", "3,c,7"});
  const auto problems = told(options, file);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].number == 10);
  CHECK(problems[0].where == "row 3");
}

TEST_CASE("tabular: files that are no table of the profile are refused as a whole, and named") {
  CHECK(told(kPlain, "BN01,Nguyen Van A,5\nBN02,Tran B,6\n").at(0).number == 1);
  CHECK(told(kPlain, std::string("\xFF\xFEI\0d\0,\0N\0", 10)).at(0).number == 12);
  CHECK(told(kPlain, std::string("PK\x03\x04\x14\0\x06\0", 8)).at(0).number == 17);
  CHECK(cut(kPlain, "BN01,Nguyen Van A,5\nBN02,Tran B,6\n").empty());
  const auto required = told({{"columns", "Id\nName"}, {"group_by", "Id"}}, "Ids,Name\n1,a\n");
  REQUIRE(required.size() == 1);
  CHECK(required[0].number == 3);
  CHECK(required[0].arguments == Strings{"Id"});
}

TEST_CASE("tabular: missing and unknown columns are named once, doubled ones refuse the file") {
  const auto problems = told(kPlain, "Id,Nam,Result\n1,a,5\n2,b,6\n");
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].number == 2);
  CHECK(problems[0].arguments == Strings{"Name"});
  CHECK(problems[1].number == 5);
  CHECK(problems[1].where == "row 1, column 2");
  CHECK(problems[1].value == "Nam");
  CHECK(told(kPlain, "Id,Name,Name,Result\n1,a,b,5\n").at(0).number == 4);
}

TEST_CASE("tabular: a file of headings only says so and holds no message") {
  CHECK(cut(kPlain, "Id,Name,Result\n").empty());
  const auto problems = told(kPlain, "Id,Name,Result\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].severity == LT_INFORMATION);
  CHECK(told(kPlain, "").empty());
}

TEST_CASE("tabular: titles above the headings are skipped where the profile says how many") {
  Options options = kPlain;
  options.emplace_back("skip_lines", "2");
  CHECK(cut(options, "Report of the day\nprinted by \"x\nId,Name,Result\n1,a,5\n") == Strings{"1,a,5"});
}

TEST_CASE("tabular: tables without headings are read by position") {
  Options options = kPlain;
  options.emplace_back("header", "none");
  CHECK(cut(options, "1;a;5\n2;b;6\n") == Strings{"1;a;5", "2;b;6"});
}
