#include <map>
#include <set>

#include "adapters/sdk/nearest.h"
#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

lt_adapter_entry_function entry_of(const std::string& name) {
  load_adapter(name);
  const std::string file = std::string(LIENTHONG_BUILD) + "/lib/lienthong/adapters/" + name + ".so";
  return reinterpret_cast<lt_adapter_entry_function>(
      dlsym(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), "lt_adapter_entry"));
}

std::vector<std::vector<std::string>> table_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> row(1);
    for (const char c : line) {
      if (c == '\t') {
        row.emplace_back();
      } else {
        row.back() += c;
      }
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("a module refuses a host of another major version") {
  for (const char* name : {"hl7v2", "keyvalue"}) {
    const auto entry = entry_of(name);
    CHECK(entry(LT_ABI_MAJOR + 1, 0) == nullptr);
    CHECK(entry(0, 0) == nullptr);
    const lt_adapter* table = entry(LT_ABI_MAJOR, LT_ABI_MINOR + 7);
    REQUIRE(table != nullptr);
    CHECK(table->struct_size == sizeof(lt_adapter));
    CHECK(table->abi_major == LT_ABI_MAJOR);
    CHECK(str(table->name) == name);
  }
}

TEST_CASE("a module exports nothing but its entry") {
  for (const char* name : {"hl7v2", "keyvalue"}) {
    const std::string file = std::string(LIENTHONG_BUILD) + "/lib/lienthong/adapters/" + name + ".so";
    FILE* list = popen(
        ("nm -D --defined-only '" + file + "' | grep -v -e asan -e ' [vVwWuU] ' | grep -c ' T '").c_str(),
        "r");
    REQUIRE(list != nullptr);
    int count = 0;
    CHECK(fscanf(list, "%d", &count) == 1);
    pclose(list);
    CHECK(count == 1);
  }
}

TEST_CASE("the texts beside a module are complete in both languages") {
  for (const char* name : {"hl7v2", "keyvalue"}) {
    const auto rows =
        table_of(std::string(LIENTHONG_BUILD) + "/lib/lienthong/adapters/" + name + ".problems.tsv");
    CHECK(!rows.empty());
    std::set<std::string> numbers;
    for (const auto& row : rows) {
      INFO(name << " " << row[0]);
      REQUIRE(row.size() == 7);
      for (const std::string& cell : row) CHECK(!cell.empty());
      CHECK(numbers.insert(row[0]).second);
    }
  }
}

TEST_CASE("the example adapter reads its samples") {
  Adapter adapter("keyvalue");
  const std::string file =
      "id=0042\r\npatient=BN001\r\nresult=GLU;5.4;mmol/L\r\nresult=NA;140;mmol/L\r\n\r\nid=0043\nodd=1\n";
  const auto samples = frames(adapter, file, file.size());
  REQUIRE(samples.size() == 2);
  for (const std::size_t step : {1U, 5U}) CHECK(frames(adapter, file, step) == samples);
  Opened m(adapter, samples[0]);
  REQUIRE(m.status() == LT_OK);
  CHECK(str(m.envelope().control_id) == "0042");
  CHECK(m.get("patient") == "BN001");
  CHECK(m.presence("sex") == LT_ABSENT);
  REQUIRE(m.count("result") == 2);
  const lt_path result = adapter.path("result");
  const lt_node second = m.child("result", 1);
  CHECK(m.get(second, ".1", result) == "NA");
  CHECK(m.get(second, ".3", result) == "mmol/L");
  CHECK(m.value(second, adapter.path(".9", result)).presence == LT_EMPTY);
  CHECK(m.place(second, 0) == "result");
  CHECK(m.values().size() == 4);
  CHECK(adapter.nearest("patients") == "patient");
  Opened unknown(adapter, samples[1]);
  CHECK(unknown.status() == LT_OK);
  CHECK(adapter.host().heard(2));
  CHECK(Opened(adapter, "patient=1").status() == LT_MALFORMED);
  CHECK(Adapter("keyvalue", {{"a", "b"}}).status() == LT_OPTION);
}

TEST_CASE("the nearest name is one or few edits away, or none") {
  constexpr std::string_view kNames[] = {"result", "patient", "operator"};
  CHECK(lienthong::sdk::nearest("reslt", kNames) == "result");
  CHECK(lienthong::sdk::nearest("patiennt", kNames) == "patient");
  CHECK(lienthong::sdk::nearest("zzz", kNames).empty());
  CHECK(lienthong::sdk::edit_distance("", "abc") == 3);
  CHECK(lienthong::sdk::edit_distance("abc", "abc") == 0);
}
