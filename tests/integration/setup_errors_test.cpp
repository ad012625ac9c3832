// A set-up that is wrong ends the start with exit code 2 and names the place.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

// The mappings of the repository with one line changed.
void copy_mappings(const TempFolder& folder, const std::string& file, const std::string& from,
                   const std::string& to) {
  const auto target = folder.file("mappings");
  std::filesystem::copy(LIENTHONG_ROOT "/mappings", target, std::filesystem::copy_options::recursive);
  auto text = read_all(target + '/' + file);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  folder.write("mappings/" + file, text.replace(at, from.size(), to));
}

}  // namespace

TEST_CASE("a wrong configuration: exit code 2, each mistake with file, line, column and what was meant") {
  const TempFolder folder;
  HospitalOptions options;
  options.source = "acknowlege = \"stored\"\nmessage_limit = \"many\"";
  const auto config = write_hospital(folder, options);
  GatewayProcess process(config);
  CHECK(process.wait_for_end() == 2);
  const auto said = process.log();
  INFO(said);
  CHECK_THAT(said, Contains(config + ":13:1") && Contains("did you mean \"acknowledge\""));
  CHECK_THAT(said, Contains(config + ":14:17") && Contains("\"message_limit\" must be a size"));
  CHECK_FALSE(std::filesystem::exists(folder.file("hospital")));  // nothing was begun
}

TEST_CASE("a configuration that is no TOML names the line") {
  const TempFolder folder;
  const auto config = folder.write("broken.toml", "[gateway]\nname = \"x\n");
  GatewayProcess process(config);
  CHECK(process.wait_for_end() == 2);
  CHECK_THAT(process.log(), Contains(config + ":2:") && Contains("this is not TOML"));
}

TEST_CASE("a mapping with a typo: exit code 2, file, line, column and the nearest name") {
  const TempFolder folder;
  copy_mappings(folder, "hl7v2/segments/PID.yaml", "birthDate: PID-7.1", "birthDat: PID-7.1");
  HospitalOptions options;
  options.gateway = "mappings = \"mappings\"";
  GatewayProcess process(write_hospital(folder, options));
  CHECK(process.wait_for_end() == 2);
  const auto said = process.log();
  INFO(said);
  CHECK_THAT(said, Contains("segments/PID.yaml:") && Contains("birthDat") && Contains("birthDate"));
}

TEST_CASE("a profile that does not exist: exit code 2 and its name") {
  const TempFolder folder;
  const auto config = folder.write("gateway.toml", R"([gateway]
name = "x"
data_dir = "x"
[http]
listen = "127.0.0.1:0"
[[source]]
name = "his"
kind = "http"
profile = "hl7v3"
facility = "79999"
)");
  GatewayProcess process(config);
  CHECK(process.wait_for_end() == 2);
  CHECK_THAT(process.log(), Contains("hl7v3"));
}

TEST_CASE("a second gateway on the same data is refused, the first goes on") {
  Hospital hospital;
  const auto second =
      hospital.folder().write("second.toml", read_all(hospital.folder().file("hospital.toml")));
  GatewayProcess process(second);
  CHECK(process.wait_for_end() != 0);
  CHECK_THAT(process.log(), Contains("LT-1205"));
  Peer peer(hospital.mllp());
  CHECK(code_of(peer.exchange(admission("c1", "BN1"))) == "AA");
}

TEST_CASE("a port that is taken is named") {
  Hospital hospital;
  const TempFolder folder;
  HospitalOptions options;
  options.mllp_listen = net::to_string(hospital.mllp());
  GatewayProcess process(write_hospital(folder, options));
  CHECK(process.wait_for_end() != 0);
  CHECK_THAT(process.log(), Contains(options.mllp_listen));
}
