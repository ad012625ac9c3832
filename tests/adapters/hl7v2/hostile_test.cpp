#include <filesystem>

#include "tests/adapters/test_host.h"

using namespace lienthong::test;

namespace {

// Whatever the bytes, every question gets an answer.
void ask_everything(Adapter& hl7, const std::string& bytes) {
  Opened m(hl7, bytes);
  if (m.status() != LT_OK) {
    CHECK(!hl7.host().problems.empty());
    return;
  }
  m.envelope();
  for (const char* path : {"PID-3", "OBX-5.2.3", "NTE", "ORDER_OBSERVATION/OBSERVATION", "MSH-2", "MSH-18"}) {
    const lt_path number = hl7.path(path);
    const std::size_t count = hl7.table().count(m.record(), LT_ROOT, number);
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 20); ++i) {
      const lt_node child = hl7.table().child(m.record(), LT_ROOT, number, i);
      m.place(child, 0);
      m.value(child, 0);
    }
    m.value(LT_ROOT, number);
  }
}

bool contains_all(const std::vector<Opened::Told>& values, const std::string& bytes) {
  for (const auto& told : values) {
    const std::string_view raw = std::string_view(bytes).substr(told.value.offset, told.value.length);
    if (raw.find('\\') == std::string_view::npos && told.value.presence == LT_VALUE && raw != told.text)
      return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a message of a million fields is read, and one beyond the limit refused") {
  Adapter hl7("hl7v2");
  const std::string fields = "MSH|^~\\&|A\rOBX|" + std::string(1'000'000, '|') + "x";
  Opened m(hl7, fields);
  REQUIRE(m.status() == LT_OK);
  CHECK(m.presence("OBX-9999") == LT_EMPTY);
  CHECK(m.values().back().place == "OBX[1]-1000001");
  Adapter strict("hl7v2", {{"max_fields", "1000"}, {"max_segments", "10"}});
  CHECK(Opened(strict, fields).status() == LT_LIMIT);
  CHECK(strict.host().heard(11));
  std::string segments = "MSH|^~\\&|A";
  for (int i = 0; i < 11; ++i) segments += "\rNTE|1";
  CHECK(Opened(strict, segments).status() == LT_LIMIT);
  CHECK(strict.host().heard(10));
}

TEST_CASE("a field of 64 MB and a million repetitions are walked in linear time") {
  Adapter hl7("hl7v2");
  Opened large(hl7, "MSH|^~\\&|A\rOBX|1|ED|||" + std::string(64U << 20, 'x') + "|end");
  REQUIRE(large.status() == LT_OK);
  CHECK(large.get("OBX-6") == "end");
  std::string repetitions = "MSH|^~\\&|A\rPID|1||";
  for (int i = 0; i < 1'000'000; ++i) repetitions += "a~";
  Opened many(hl7, repetitions);
  const lt_path path = hl7.path("PID-3");
  REQUIRE(many.count("PID-3") == 1'000'001);
  std::size_t values = 0;
  for (std::size_t i = 0; i < 1'000'000; ++i) {
    const lt_node node = hl7.table().child(many.record(), LT_ROOT, path, i);
    lt_value value{};
    hl7.table().get(many.record(), hl7.host().host(), node, 0, &value);
    values += value.text.size;
  }
  CHECK(values == 1'000'000);
}

TEST_CASE("broken and hostile bytes are refused or read, never more") {
  Adapter hl7("hl7v2");
  const std::string good =
      "MSH|^~\\&|A|B|C|D|2024||ORU^R01|1|P|2.5\rPID|1||X~Y\rOBR|1\rOBX|1|ST|C||a\\F\\b&c^d";
  for (std::size_t size = 0; size <= good.size(); ++size) ask_everything(hl7, good.substr(0, size));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'\0', '\r', '|', '\\', '\x1c', '\xFF', '"'}) {
      std::string changed = good;
      changed[at] = c;
      ask_everything(hl7, changed);
    }
    hl7.host().forget();
  }
  ask_everything(hl7, "");
  ask_everything(hl7, std::string(1000, '\0'));
  ask_everything(hl7, std::string(100'000, '\r'));
  ask_everything(hl7, "MSH|^~\\&|" + std::string(200'000, '\r') + "PID|1");
  ask_everything(hl7, "MSH|^~\\&|\rOBX|1|ST|||" + std::string(100'000, '\\'));
  ask_everything(hl7, std::string("\xFF\xFEM\0S\0H\0|\0", 10));
}

TEST_CASE("a host without memory gets LT_LIMIT, at every allocation") {
  Adapter hl7("hl7v2");
  const std::string message = "MSH|^~\\&|A\rOBX|1|ST|||a\\F\\b";
  for (std::size_t limit = 0; limit < 6000; limit += 64) {
    hl7.host().forget();
    hl7.host().set_limit(limit);
    Opened m(hl7, message);
    const bool expected = m.status() == LT_OK || m.status() == LT_LIMIT;
    REQUIRE(expected);
  }
}

TEST_CASE("every message of the corpus opens or is refused, and tells only what stands in it") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(LIENTHONG_ROOT) / ".." / "shared" / "corpus" / "hl7v2";
  if (!fs::exists(folder)) {
    WARN("no corpus at " << folder << ": skipped");
    return;
  }
  Adapter hl7("hl7v2");
  std::size_t opened = 0;
  std::size_t framed = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path().string());
    INFO(entry.path().string());
    const auto messages = frames(hl7, bytes, bytes.size());
    if (bytes.size() < 20'000) CHECK(frames(hl7, bytes, 13) == messages);
    framed += messages.size();
    for (const std::string& message : messages) {
      Opened m(hl7, message);
      if (m.status() != LT_OK) continue;
      ++opened;
      CHECK(contains_all(m.values(), message));
      ask_everything(hl7, message);
      hl7.host().forget();
    }
  }
  CHECK(opened > 1000);
  CHECK(opened == framed);
}
