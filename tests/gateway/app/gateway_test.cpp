// The wired gateway in this process: what settings do that no room can show by itself.
#include "gateway/app/serve_gateway.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "gateway/app/config_reader.h"
#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using namespace lienthong::app;
using namespace lienthong::test;
using Catch::Contains;
using namespace std::chrono_literals;

namespace {

// Two minutes: a hang, not a slow machine.
bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 2400; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

struct Served {
  explicit Served(const std::string& sections) {
    std::filesystem::create_directory(folder.file("out"));
    std::filesystem::create_directory(folder.file("test-out"));
    for (const std::string name : {"own", "stranger"}) folder.write(name, "secret-of-" + name);
    const auto read = read_config(R"([gateway]
name = "g"
data_dir = "data"
mappings = ")" LIENTHONG_ROOT R"(/mappings"
adapters = ")" LIENTHONG_BUILD R"(/lib/lienthong/adapters"
[http]
listen = "127.0.0.1:0"
)" + sections,
                                  folder.file("g.toml"));
    for (const auto& problem : read.problems) UNSCOPED_INFO(to_string(problem, "g.toml", Language::English));
    REQUIRE(read.ok());
    config = read.config;
    gateway = std::make_unique<Gateway>(config, log);
    const auto started = gateway->start();
    INFO((started ? std::string() : to_string(started.error())));
    REQUIRE(started);
    const std::string addresses = gateway->addresses();
    port = static_cast<std::uint16_t>(std::stoi(addresses.substr(addresses.find("127.0.0.1:") + 10)));
  }

  // Head and body of the answer.
  std::string ask(const std::string& method, const std::string& path, const std::string& token = {},
                  const std::string& body = {}) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: g\r\nConnection: close\r\n";
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    REQUIRE(::send(socket, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
    std::string answer;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(socket, buffer, sizeof(buffer), 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(got));
    ::close(socket);
    return answer;
  }
  int status(const std::string& method, const std::string& path, const std::string& token = {},
             const std::string& body = {}) const {
    const auto answer = ask(method, path, token, body);
    return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
  }
  // All files of a folder, one behind the other.
  std::string delivered(const std::string& name) const {
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(folder.file(name))) {
      if (file.path().filename().string().front() != '.') all += read_all(file.path());
    }
    return all;
  }

  TempFolder folder;
  SystemClock clock;
  Log log{{}, clock};
  Config config;
  std::unique_ptr<Gateway> gateway;
  std::uint16_t port = 0;
};

std::string admission(const std::string& facility, const std::string& number) {
  return "MSH|^~\\&|HIS|" + facility + "|LT|LT|20260302080000||ADT^A01^ADT_A01|C" + number +
         "|P|2.5.1|||AL|NE||UNICODE UTF-8\rEVN|A01|20260302080000\rPID|1||" + number +
         "^^^HIS^MR||Nguyễn^Văn Mẫu||19800101|M\rPV1|1|I|K01^P1^G1||||||||||||||||V" + number + "\r";
}

std::string source(const std::string& name, const std::string& more) {
  return "[[source]]\nname = \"" + name + "\"\nkind = \"http\"\nprofile = \"hl7v2\"\n" + more;
}

std::string token(const std::string& name, const std::string& facility) {
  return "[[http.token]]\nname = \"" + name + "\"\nfile = \"" + name +
         "\"\naccess = \"write\"\nfacility = \"" + facility + "\"\n";
}

}  // namespace

TEST_CASE("test data go to test destinations only, other data never") {
  Served served(
      source("his", "facility = \"79999\"\n") + source("try", "facility = \"79998\"\ntest = true\n") +
      "[[destination]]\nname = \"province\"\nkind = \"folder\"\nfolder = \"out\"\n"
      "[[destination]]\nname = \"sandbox\"\nkind = \"folder\"\nfolder = \"test-out\"\ntest = true\n");
  CHECK(served.status("POST", "/ingest/his", "", admission("HIS1", "1001")) < 300);
  CHECK(served.status("POST", "/ingest/try", "", admission("HIS1", "2002")) < 300);
  REQUIRE(eventually([&] { return served.delivered("out").find("1001") != std::string::npos; }));
  REQUIRE(eventually([&] { return served.delivered("test-out").find("2002") != std::string::npos; }));
  CHECK_THAT(served.delivered("test-out"), Contains("HTEST") && !Contains("1001"));
  CHECK_THAT(served.delivered("out"), !Contains("HTEST") && !Contains("2002"));
}

TEST_CASE("a facility's token may send to a source whose table names the facility, and to no other") {
  Served served(source("many", "facilities = { BV1 = \"79999\", BV2 = \"78888\" }\n") +
                source("one", "facility = \"77777\"\n") + token("own", "79999") + token("stranger", "70000"));
  CHECK(served.status("POST", "/ingest/many", "secret-of-own", admission("BV1", "1")) < 300);
  CHECK(served.status("POST", "/ingest/one", "secret-of-own", admission("BV1", "1")) == 403);
  CHECK(served.status("POST", "/ingest/many", "secret-of-stranger", admission("BV1", "2")) == 403);
}

TEST_CASE("reads are audited without their queries") {
  Served served("");
  CHECK(served.status("GET", "/fhir/Patient?identifier=urn:x%7Csecret-number") == 200);
  CHECK(served.status("GET", "/fhir/Patient/none") == 404);
  const auto audit = served.folder.file("data/audit.log");
  REQUIRE(eventually([&] { return read_all(audit).find("\"none\"") != std::string::npos; }));
  CHECK_THAT(read_all(audit), Contains("\"interaction\":\"search-type\"") && Contains("\"status\":404") &&
                                  Contains("\"address\":\"127.0.0.1") && !Contains("secret-number"));
}

TEST_CASE("metrics and health tell of sources, listeners and the store") {
  Served served(source("his", "facility = \"79999\"\nexpect = \"every 30m\"\n"));
  CHECK(served.status("POST", "/ingest/his", "", admission("HIS1", "1001")) < 300);
  REQUIRE(eventually([&] {
    const auto page = served.ask("GET", "/metrics");
    return page.find("lienthong_resource_versions_total 0\n") == std::string::npos &&
           page.find("lienthong_store_database_bytes 0\n") == std::string::npos;
  }));
  const auto page = served.ask("GET", "/metrics");
  CHECK_THAT(page, Contains("lienthong_build_info{version=") && Contains("lienthong_start_time_seconds ") &&
                       Contains("lienthong_connections{listener=\"http\"} ") &&
                       Contains("lienthong_connections_refused_total{listener=\"http\"} 0") &&
                       Contains("lienthong_source_silent{source=\"his\"} 0") &&
                       Contains("lienthong_problems_total{source=\"his\",severity=\"error\"} "));
  CHECK_THAT(served.ask("GET", "/health"), Contains("\"sources\":[{\"name\":\"his\",\"silent_seconds\":") &&
                                               Contains("\"late\":false,\"mapping\":\"hl7v2 "));
}

TEST_CASE("a start that fails says which line of the configuration asks for the impossible") {
  const TempFolder folder;
  Served first("");
  const auto start = [&](const std::string& text) {
    const auto read = read_config(text, folder.file("g.toml"));
    REQUIRE(read.ok());
    const SystemClock clock;
    Log log({}, clock);
    Gateway gateway(read.config, log);
    const auto started = gateway.start();
    return started ? std::string() : to_string(started.error());
  };
  const std::string head = "[gateway]\nname = \"g\"\nmappings = \"" LIENTHONG_ROOT
                           "/mappings\"\nadapters = \"" LIENTHONG_BUILD "/lib/lienthong/adapters\"\n";
  CHECK_THAT(start(head + "data_dir = \"data\"\n[http]\nlisten = \"127.0.0.1:" + std::to_string(first.port) +
                   "\"\n"),
             Contains("LT-6003") && Contains("g.toml:7:10: cannot listen on"));
  CHECK_THAT(start(head + "data_dir = \"/proc/none\"\n"), Contains("LT-9101") && Contains("g.toml:5:12: "));
}
