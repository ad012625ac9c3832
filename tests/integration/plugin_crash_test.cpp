// Semantics 22: a message that ends the program is counted durably; the second time it is set apart unread.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;

namespace {

// A profile for the adapter that is built beside the tests.
void write_profile(const TempFolder& folder) {
  for (const auto* part : {"mappings/lines/messages", "mappings/lines/segments"})
    std::filesystem::create_directories(folder.file(part));
  folder.write("mappings/lines/profile.toml", R"(version = "1"
title = "Lines"
adapter = "crashing"
[defaults]
facility = "local"
utc_offset = "+07:00"
)");
  folder.write("mappings/lines/messages/line.yaml", R"(takes: [line]
make:
  - patient: { use: person, required: true }
)");
  folder.write("mappings/lines/segments/person.yaml", R"(resource: Patient
key: { kind: = MR, value: patient }
identifier: [{ value: patient }]
name: [{ text: word }]
)");
}

std::string write_config(const TempFolder& folder, const std::string& more = "") {
  return folder.write("gateway.toml", R"([gateway]
name = "ward"
)" + more + R"(
data_dir = "data"
mappings = ")" + folder.file("mappings") + R"("
adapters = ")" + program_folder() + R"(/lib/lienthong/test-adapters"
[http]
listen = "127.0.0.1:0"
[[source]]
name = "lines"
kind = "http"
profile = "lines"
facility = "79999"
)");
}

}  // namespace

TEST_CASE(
    "a plug-in that crashes on one message: after the second time it is quarantined, the rest is taken") {
  const TempFolder folder;
  write_profile(folder);
  const auto config = write_config(folder);
  const std::string body = "m1;BN1;one\nm2;BN2;CRASH\nm3;BN3;three\n";

  for (int crash = 1; crash <= 2; ++crash) {
    GatewayProcess process(config);
    Peer peer(process.ready().address("http"));
    peer.send("POST /ingest/lines HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
    CHECK(peer.rest().empty());  // no answer: nothing of the body is promised
    CHECK(process.wait_for_end() == 128 + 9);
  }

  GatewayProcess process(config);
  const auto http_at = process.ready().address("http");
  const auto answer = http(http_at, "POST", "/ingest/lines", body);
  INFO(answer.body);
  CHECK(answer.status == 422);
  CHECK_THAT(answer.body,
             Catch::Contains("message 2") && Catch::Contains("quarantined") && Catch::Contains("LT-1704"));
  CHECK_THAT(process.log(), Catch::Contains("contents are quarantined"));
  const auto people = newest(read_content(http_at));
  CHECK(people.size() == 2);
  CHECK(http(http_at, "POST", "/ingest/lines", "m4;BN4;four\n").status == 200);
  CHECK(process.stop() == 0);

  const auto data = folder.file("data");
  CHECK(query(data, "SELECT control_id, fate FROM message WHERE fate=0 ORDER BY control_id") ==
        std::vector<std::string>{"m1|0", "m3|0", "m4|0"});
  // Kept raw, for a person to look at.
  CHECK(query(data, "SELECT fate, raw_size, length(raw)>0 FROM message WHERE fate<>0") ==
        std::vector<std::string>{"2|12|1"});
}

TEST_CASE(
    "a conversion that does not come back ends the program; the second time its message is quarantined") {
  const TempFolder folder;
  write_profile(folder);
  const auto config = write_config(folder, "conversion_limit = \"1s\"");
  const std::string body = "m1;BN1;one\nm2;BN2;HANG\nm3;BN3;three\n";
  for (int hang = 1; hang <= 2; ++hang) {
    GatewayProcess process(config);
    Peer peer(process.ready().address("http"));
    peer.send("POST /ingest/lines HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
    CHECK(peer.rest().empty());
    CHECK(process.wait_for_end() == 1);
    CHECK_THAT(process.log(), Catch::Contains("does not come back"));
  }
  GatewayProcess process(config);
  const auto http_at = process.ready().address("http");
  const auto answer = http(http_at, "POST", "/ingest/lines", body);
  INFO(answer.body);
  CHECK(answer.status == 422);
  CHECK_THAT(answer.body, Catch::Contains("message 2") && Catch::Contains("LT-1704"));
  CHECK(newest(read_content(http_at)).size() == 2);
}
