// Values by heading, their places, declared numbers and times, rows that cannot be read.

#include "tests/adapters/test_host.h"

namespace {
using namespace lienthong::test;

const Options kLab = {{"columns", "Mã BN\nHọ tên\nKết quả\nNgày"},
                      {"numbers", "Kết quả = 1.234,5"},
                      {"times", "Ngày = d/M/yyyy H:mm | d/M/yyyy | yyyy"}};
const std::string kHeader = "Mã BN;Họ tên;Kết quả;Ngày\n";

struct Read {
  std::string text;
  std::uint32_t flags;
};
Read result_of(std::string_view text) {
  Adapter adapter("tabular", kLab);
  Opened opened(adapter, kHeader + "1;a;" + std::string(text) + ";x");
  REQUIRE(opened.status() == LT_OK);
  const lt_value value = opened.value(LT_ROOT, adapter.path("Kết quả"));
  return {str(value.text), value.flags};
}
std::string time_of(std::string_view text) {
  Adapter adapter("tabular", kLab);
  Opened opened(adapter, kHeader + "1;a;x;" + std::string(text));
  return opened.get("Ngày");
}
std::uint32_t refusal(std::string_view rows, Options options = kLab) {
  Adapter adapter("tabular", options);
  Opened opened(adapter, kHeader + std::string(rows));
  CHECK(opened.status() == LT_MALFORMED);
  return adapter.host().problems.empty() ? 0 : adapter.host().problems.back().number;
}

}  // namespace

TEST_CASE("tabular: values are found by heading, wherever the column stands") {
  Adapter adapter("tabular", kLab);
  adapter.path("mã_bn");  // mappings are loaded before messages come
  Opened usual(adapter, kHeader + "BN1;Nguyễn Văn A;5,5;");
  CHECK(usual.get("Mã BN") == "BN1");
  CHECK(usual.get("mã_bn") == "BN1");
  CHECK(usual.presence("Ngày") == LT_EMPTY);
  Opened moved(adapter, "Ngày;Kết quả;Mã BN;Họ tên\n;5,5;BN1;Nguyễn Văn A\n");
  CHECK(moved.get("Mã BN") == "BN1");
  CHECK(moved.get("Kết quả") == "5.5");
  CHECK(moved.place("Kết quả") == "row 2, column 2 (Kết quả)");
}

TEST_CASE("tabular: a typing error in a path is found, with the name that was meant") {
  Adapter adapter("tabular", kLab);
  CHECK(adapter.nearest("Họ tê") == "Họ tên");
  CHECK(adapter.nearest(".1", adapter.path("row")).empty());
}

TEST_CASE("tabular: rows are nodes") {
  Adapter adapter("tabular", kLab);
  Opened opened(adapter, kHeader + "1;a;5;\n\n2;b;6;\n");
  const lt_path row = adapter.path("row");
  REQUIRE(opened.count("row") == 2);
  CHECK(opened.get(opened.child("row", 1), "Mã BN", row) == "2");
  CHECK(opened.place(opened.child("row", 1), 0) == "row 4");
  CHECK(opened.count(opened.child("row", 0), "Ngày", row) == 0);
  CHECK(opened.count(opened.child("row", 0), "Kết quả", row) == 1);
  const lt_node field = opened.child(opened.child("row", 1), "Kết quả", row, 0);
  CHECK(str(opened.value(field, 0).text) == "6");
}

TEST_CASE("tabular: declared numbers have one meaning, others stay as they are") {
  CHECK(result_of("1.234,5").text == "1234.5");
  CHECK(result_of("1.200").text == "1200");
  CHECK(result_of("1200").flags == LT_VALUE_PLAIN_NUMBER);
  CHECK(result_of("<0,50").text == "<0.50");
  CHECK(result_of("-3,20").text == "-3.20");
  for (const std::string_view text : {"1.5", "1,234.5", "12.34.567", "0.200", "1.2000"}) {
    const Read read = result_of(text);
    INFO(text);
    CHECK(read.text == text);
    CHECK(read.flags == LT_VALUE_NO_NUMBER);
  }
  CHECK(result_of("Âm tính").flags == 0);
  CHECK(result_of("1/80").text == "1/80");
}

TEST_CASE("tabular: declared times come as ISO 8601, others as they are") {
  CHECK(time_of("05/03/2024 08:15") == "2024-03-05T08:15");
  CHECK(time_of("5/3/2024 8:15") == "2024-03-05T08:15");
  CHECK(time_of("31/12/1975") == "1975-12-31");
  CHECK(time_of("1975") == "1975");
  CHECK(time_of("05-03-2024") == "05-03-2024");
  CHECK(time_of("05/03/24") == "05/03/24");
}

TEST_CASE("tabular: quoted, protected and empty texts") {
  Adapter adapter("tabular", {{"columns", "A\nB\nC"}, {"empty", "NULL\n-"}});
  Opened opened(adapter, "A,B,C\n\"x \"\"y\"\" z\",=\"00123\",NULL\n");
  CHECK(opened.get("A") == "x \"y\" z");
  CHECK(opened.get("B") == "00123");
  CHECK(opened.presence("C") == LT_EMPTY);
  Opened stray(adapter, "A,B,C\n\"Viêm \"dạ dày\" cấp\",\"\"\"x\"\"\",1\n");
  CHECK(stray.get("A") == "Viêm \"dạ dày\" cấp");
  CHECK(stray.get("B") == "\"x\"");
  CHECK(adapter.host().heard(7));
}

TEST_CASE("tabular: a row whose values may stand in the wrong columns is refused, with its place") {
  CHECK(refusal("1;a;5;x;y") == 9);
  CHECK(refusal("1;a;5") == 8);
  CHECK(refusal("1;\"a;5;x") == 6);
  Adapter adapter("tabular", kLab);
  Opened tail(adapter, kHeader + "1;a;5;x;;;\n");
  CHECK(tail.status() == LT_OK);
  Options filled = kLab;
  filled.emplace_back("short_rows", "fill");
  Adapter tolerant("tabular", filled);
  Opened opened(tolerant, kHeader + "1;a;5\n");
  CHECK(opened.status() == LT_OK);
  CHECK(opened.presence("Ngày") == LT_ABSENT);
}

TEST_CASE("tabular: one bad row refuses its message, so that nothing of a group is half read") {
  Adapter adapter("tabular", kLab);
  Opened opened(adapter, kHeader + "1;a;5;x\n1;b;6\n1;c;7;x\n");
  CHECK(opened.status() == LT_MALFORMED);
  REQUIRE(adapter.host().problems.size() == 1);
  CHECK(adapter.host().problems[0].where == "row 3");
}

TEST_CASE("tabular: the envelope says type, control id, sender and the latest time") {
  Options options = kLab;
  options.insert(
      options.end(),
      {{"control_id", "Mã BN\nHọ tên"}, {"time", "Ngày"}, {"sender", "Mã BN"}, {"type", "result"}});
  Adapter adapter("tabular", options);
  Opened opened(adapter, kHeader + "1;a;5;5/3/2024 8:15\n1;a;6;5/3/2024 10:02\n1;a;7;\n");
  const lt_envelope envelope = opened.envelope();
  CHECK(str(envelope.type) == "result");
  CHECK(str(envelope.control_id) == "1|a");
  CHECK(str(envelope.event_time) == "2024-03-05T10:02");
  CHECK(str(envelope.sender) == "1");
}

TEST_CASE("tabular: a message with the preamble of its file is read alone as it was in the file") {
  Adapter adapter("tabular", kLab);
  const lt_adapter& table = adapter.table();
  void* stream = nullptr;
  REQUIRE(table.stream_open(adapter.instance(), adapter.host().host(), &stream) == LT_OK);
  const Padded file("Ngày;Kết quả;Mã BN;Họ tên\n;5,5;BN1;A\n;6;BN2;B\n");
  std::size_t consumed = 0;
  lt_text message{}, before{};
  REQUIRE(table.frame(adapter.instance(), stream, adapter.host().host(), file.text(), 1, &consumed,
                      &message) == LT_OK);
  REQUIRE(table.preamble(adapter.instance(), stream, adapter.host().host(), &before) == LT_OK);
  Opened in_file(adapter, str(message), stream);
  CHECK(in_file.get("Mã BN") == "BN1");
  CHECK(in_file.place("Mã BN") == "row 2, column 3 (Mã BN)");
  Opened alone(adapter, str(before) + str(message));
  CHECK(alone.get("Mã BN") == "BN1");
  CHECK(alone.get("Kết quả") == "5.5");
  table.stream_close(adapter.instance(), stream);
}

TEST_CASE("tabular: every value is listed for coverage, also of columns that nobody reads") {
  Adapter adapter("tabular", {{"empty", "-"}});
  adapter.path("A");
  Opened opened(adapter, "A,B\n1,2\n-,3\n");
  const auto values = opened.values();
  REQUIRE(values.size() == 3);
  CHECK(values[1].path == "B");
  CHECK(values[1].text == "2");
  CHECK(values[2].place == "row 3, column 2 (B)");
}

TEST_CASE("tabular: unknown options and wrong values are refused by name") {
  for (const Options& options :
       {Options{{"seperator", ","}}, Options{{"separator", "x"}},
        Options{{"columns", "A"}, {"header", "absent"}}, Options{{"columns", "A"}, {"group_by", "B"}},
        Options{{"numbers", "A = 12a"}}, Options{{"times", "A = dd/MM/yy"}}, Options{{"times", "A = HH:mm"}},
        Options{{"max_rows", "0"}}}) {
    Adapter adapter("tabular", options);
    INFO(options.back().first);
    CHECK(adapter.status() == LT_OPTION);
    REQUIRE(adapter.host().problems.size() == 1);
    CHECK(adapter.host().problems[0].where == options.back().first);
  }
}

TEST_CASE("tabular: parts of a fixed length stand exactly where the pattern has them") {
  const auto read = [&](const std::string& text) {
    Adapter adapter("tabular",
                    {{"columns", "A"}, {"times", "A = dd/MM/yyyy HH:mm | yyyy-MM-ddTHH:mm:ss | yyyyMMdd"}});
    Opened opened(adapter, "A\n" + text);
    return str(opened.value(LT_ROOT, adapter.path("A")).text);
  };
  CHECK(read("05/09/2026 07:30") == "2026-09-05T07:30");
  CHECK(read("2026-09-05T07:30:01") == "2026-09-05T07:30:01");
  CHECK(read("20260905") == "2026-09-05");
  for (const auto* text :
       {"5/09/2026 07:30", "05/09/2026 7:30", "05/09/2026", "05/09/2026 07:3x", "2026-09-05 07:30:01",
        "2026-09-05t07:30:01", "2026095", "202609055", "05-09-2026 07:30"}) {
    INFO(text);
    CHECK(read(text) == text);
  }
}

TEST_CASE("tabular: at the host's memory limit it says so") {
  Adapter adapter("tabular", kLab);
  adapter.host().forget();
  adapter.host().set_limit(100);
  Opened opened(adapter, kHeader + "1;a;5;x\n");
  CHECK(opened.status() == LT_LIMIT);
}
