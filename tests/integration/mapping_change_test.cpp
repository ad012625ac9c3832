// A mapping that changes while the gateway runs: taken into use or refused, and what it makes of kept
// messages.
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

// A hospital whose mappings are a copy that the test may change. `vendor`: a profile beside hl7v2.
class Changing {
 public:
  explicit Changing(HospitalOptions options = {}) {
    std::filesystem::copy(LIENTHONG_ROOT "/mappings", folder_.file("mappings"),
                          std::filesystem::copy_options::recursive);
    options.gateway += "\nmappings = \"" + folder_.file("mappings") + "\"";
    config_ = write_hospital(folder_, options);
  }

  void start() {
    process_ = std::make_unique<GatewayProcess>(config_);
    process_->ready();
  }
  GatewayProcess& process() { return *process_; }
  void stop() { CHECK(process_->stop() == 0); }
  const TempFolder& folder() const { return folder_; }
  std::string file(const std::string& name) const { return folder_.file("mappings/" + name); }

  // Replaces one text of a mapping file.
  void change(const std::string& name, const std::string& from, const std::string& to) const {
    auto text = read_all(file(name));
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    folder_.write("mappings/" + name, text.replace(at, from.size(), to));
  }
  void append(const std::string& name, const std::string& text) const {
    folder_.write("mappings/" + name, read_all(file(name)) + text);
  }

  Ran run(std::vector<std::string> words) const {
    words.insert(words.begin() + 1, {"--config", config_});
    return run_binary(words);
  }
  std::string exchange(const std::string& message) {
    Peer peer(process_->address("mllp his"));
    return code_of(peer.exchange(message));
  }
  std::string search(const std::string& query) {
    return http(process_->address("http"), "GET", "/fhir/" + query).body;
  }

 private:
  TempFolder folder_;
  std::string config_;
  std::unique_ptr<GatewayProcess> process_;
};

std::string with_sex(const std::string& control_id, const std::string& number, const std::string& sex) {
  return adt("A28", control_id, "20260302080000",
             "PID|1||" + number + "^^^79999^MR||Trần^Bình^^^^^L||19790203|" + sex + "\r");
}

HospitalOptions refusing() {
  HospitalOptions options;
  options.source = "unknown_types = \"refuse\"";
  return options;
}

// An event that no mapping takes.
std::string of_unknown_type() {
  auto message = with_sex("c1", "BN1", "F");
  return message.replace(message.find("ADT^A28"), 7, "ADT^Z28");
}

}  // namespace

TEST_CASE("a code without a row is listed; once it has one, the messages that waited are converted again") {
  Changing hospital;
  hospital.start();
  CHECK(hospital.exchange(with_sex("c1", "BN1", "Q9")) == "AA");
  CHECK(hospital.exchange(with_sex("c2", "BN2", "Q9")) == "AA");
  CHECK(hospital.exchange(with_sex("c3", "BN3", "F")) == "AA");
  const auto listed = hospital.run({"codes"});
  INFO(listed.out << listed.err);
  CHECK(listed.code == 0);
  CHECK_THAT(listed.out,
             Contains("\"table\":\"administrative-sex\",\"code\":\"Q9\",\"seen\":2,\"waiting\":2") &&
                 Contains("\"row\":false"));

  hospital.append("hl7v2/codes/administrative-sex.csv", "Q9,,,other,,,\n");
  const auto rerun = hospital.run({"codes", "--rerun"});
  INFO(rerun.out << rerun.err << hospital.process().log());
  CHECK(rerun.code == 0);
  CHECK_THAT(rerun.out, Contains("\"messages\":2") && Contains("\"versions\":2"));
  CHECK_THAT(hospital.search("Patient?identifier=BN1"), Contains("\"gender\":\"other\""));
  CHECK_THAT(hospital.search("Patient?identifier=BN3"), Contains("\"gender\":\"female\""));
  CHECK(hospital.run({"codes"}).out.empty());
}

TEST_CASE("reload: a wrong mapping never replaces the running one, a corrected one does") {
  Changing hospital;
  hospital.start();
  hospital.change("hl7v2/segments/PID.yaml", "birthDate: PID-7.1", "birthDat: PID-7.1");
  const auto refused = hospital.run({"reload"});
  INFO(refused.out << refused.err);
  CHECK(refused.code == 1);
  CHECK_THAT(refused.out, Contains("segments/PID.yaml:") && Contains("birthDate") && Contains("stays"));
  CHECK(hospital.exchange(with_sex("c1", "BN1", "F")) == "AA");
  CHECK_THAT(hospital.search("Patient?identifier=BN1"), Contains("1979-02-03"));
  CHECK(eventually([&] {
    const auto health = http(hospital.process().address("http"), "GET", "/health").body;
    return health.find("\"mapping_refused\":true") != std::string::npos;
  }));
  const auto status = hospital.run({"status"});
  CHECK(status.code == 1);
  CHECK_THAT(status.out, Contains("{\"status\":\"degraded\""));
  CHECK_THAT(status.err, Contains("source his: its mapping is wrong; in use: \"hl7v2 "));

  hospital.change("hl7v2/segments/PID.yaml", "birthDat: PID-7.1", "active: \"= true\"");
  std::filesystem::remove_all(hospital.file("hl7v2/cases"));
  const auto used = hospital.run({"reload"});
  INFO(used.out << used.err);
  CHECK(used.code == 0);
  CHECK_THAT(used.out, Contains("in use"));
  CHECK(hospital.exchange(with_sex("c2", "BN2", "F")) == "AA");
  CHECK_THAT(hospital.search("Patient?identifier=BN2"),
             !Contains("1979-02-03") && Contains("\"active\":true"));
}

TEST_CASE("reload: a mapping whose cases do not hold is refused") {
  Changing hospital;
  hospital.start();
  hospital.change("hl7v2/segments/PID.yaml", "birthDate: PID-7.1", "");
  const auto refused = hospital.run({"reload"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.out, Contains(".case"));
}

TEST_CASE("SIGHUP and the watch on the files take a changed mapping into use") {
  HospitalOptions options;
  const bool by_watch = GENERATE(false, true);
  if (by_watch) options.gateway = "watch_mappings = \"50ms\"";
  Changing hospital(options);
  std::filesystem::remove_all(hospital.file("hl7v2/cases"));
  hospital.start();
  hospital.change("hl7v2/segments/PID.yaml", "birthDate: PID-7.1", "");
  if (!by_watch) REQUIRE(::kill(hospital.process().pid(), SIGHUP) == 0);
  CHECK(eventually([&] { return hospital.process().log().find("mapping in use") != std::string::npos; }));
  CHECK(hospital.exchange(with_sex("c1", "BN1", "F")) == "AA");
  CHECK_THAT(hospital.search("Patient?identifier=BN1"), !Contains("1979-02-03"));
}

TEST_CASE("a mapping that is wrong at the start stops its own source only, until it is corrected") {
  HospitalOptions options;
  options.sections =
      "[[source]]\nname = \"vendor\"\nkind = \"http\"\nprofile = \"other\"\nfacility = \"79998\"\n";
  Changing hospital(options);
  std::filesystem::create_directories(hospital.file("vendors/other/segments"));
  hospital.folder().write("mappings/vendors/other/profile.toml", "extends = \"hl7v2\"\nversion = \"1\"\n");
  hospital.folder().write("mappings/vendors/other/segments/PID.yaml",
                          "extends: hl7v2/segments/PID\nbirthDat: PID-7.1\n");
  hospital.start();
  CHECK(hospital.exchange(with_sex("c1", "BN1", "F")) == "AA");
  const auto at = hospital.process().address("http");
  const auto body = with_sex("c2", "BN2", "F");
  const auto busy = http(at, "POST", "/ingest/vendor", body);
  INFO(busy.body);
  CHECK(busy.status == 503);  // nothing is promised: the sender keeps it
  CHECK_THAT(hospital.process().log(), Contains("birthDat") && Contains("birthDate"));
  CHECK(hospital.run({"check"}).code == 2);
  hospital.change("vendors/other/segments/PID.yaml", "birthDat:", "birthDate:");
  CHECK(hospital.run({"reload"}).code == 0);
  CHECK(http(at, "POST", "/ingest/vendor", body).status == 200);
}

TEST_CASE("replay: the difference is shown without writing, then applied, running or stopped") {
  Changing hospital;
  hospital.start();
  CHECK(hospital.exchange(with_sex("c1", "BN1", "F")) == "AA");
  CHECK(hospital.exchange(with_sex("c2", "BN2", "M")) == "AA");
  std::filesystem::remove_all(hospital.file("hl7v2/cases"));
  hospital.change("hl7v2/segments/PID.yaml", "birthDate: PID-7.1", "active: \"= true\"");
  const auto diff = hospital.run({"replay", "--source", "his", "--diff"});
  INFO(diff.out << diff.err);
  CHECK(diff.code == 0);
  CHECK_THAT(diff.out, Contains("{\"path\":\"birthDate\",\"change\":\"removed\"}") &&
                           Contains("{\"path\":\"active\",\"change\":\"added\"}") && !Contains("1979"));
  CHECK_THAT(diff.err, Contains("2\tremoved\tPatient.birthDate"));
  CHECK_THAT(hospital.run({"replay", "--values"}).out, Contains("1979-02-03"));
  CHECK_THAT(hospital.search("Patient?identifier=BN1"), Contains("1979-02-03"));

  const bool running = GENERATE(true, false);
  if (running) {
    CHECK(hospital.run({"reload"}).code == 0);
  } else {
    hospital.stop();
  }
  const auto applied = hospital.run({"replay", "--source", "his", "--apply"});
  INFO(applied.out << applied.err);
  CHECK(applied.code == 0);
  CHECK_THAT(applied.out, Contains("\"messages\":2,\"versions\":2"));
  if (!running) hospital.start();
  CHECK_THAT(hospital.search("Patient?identifier=BN1"),
             !Contains("1979-02-03") && Contains("\"active\":true"));
  // Once more: it is what it is.
  CHECK_THAT(hospital.run({"replay", "--apply"}).out, Contains("\"versions\":0"));
  CHECK(hospital.run({"replay", "--diff"}).out.empty());
}

TEST_CASE("going live: what a learning source has received is applied and delivered") {
  HospitalOptions options;
  options.source = "state = \"learn\"";
  options.sections = "[[destination]]\nname = \"drop\"\nkind = \"folder\"\nfolder = \"drop\"\n";
  Changing hospital(options);
  std::filesystem::create_directories(hospital.folder().file("drop"));
  hospital.start();
  CHECK(hospital.exchange(with_sex("c1", "BN1", "F")) == "AA");
  hospital.stop();
  auto config = read_all(hospital.folder().file("hospital.toml"));
  config.replace(config.find("\"learn\""), 7, "\"live\"");
  hospital.folder().write("hospital.toml", config);
  hospital.start();
  CHECK_THAT(hospital.search("Patient"), !Contains("BN1"));
  CHECK_THAT(hospital.run({"replay", "--source", "his", "--apply", "--deliver"}).out,
             Contains("\"created\":1"));
  CHECK_THAT(hospital.search("Patient"), Contains("BN1"));
  CHECK(eventually([&] { return !std::filesystem::is_empty(hospital.folder().file("drop")); }));
}

TEST_CASE("triage: a message that no mapping took is tried again once one does") {
  Changing hospital(refusing());
  hospital.start();
  const auto message = of_unknown_type();
  CHECK(hospital.exchange(message) == "AR");
  const auto listed = hospital.run({"triage", "list"});
  INFO(listed.out << listed.err);
  CHECK(listed.code == 0);
  CHECK_THAT(listed.out, Contains("\"fate\":\"refused\"") && Contains("1701"));
  const auto number = listed.out.substr(listed.out.find(':') + 2, 36);
  CHECK_THAT(listed.out, Contains("\"code\":\"LT-1701\",\"text\":\"") && Contains("ADT^Z28"));
  CHECK_THAT(hospital.run({"triage", "list", "--lang", "vi"}).out, Contains("Không có ánh xạ"));
  const auto shown = hospital.run({"triage", "show", number});
  CHECK(shown.out == message);
  CHECK_THAT(shown.err, Contains("error LT-1701: ") && Contains("\n    "));
  hospital.change("hl7v2/messages/ADT_A28.yaml", "[ADT^A28,", "[ADT^A28, ADT^Z28,");
  CHECK(hospital.run({"reload"}).code == 0);
  CHECK(hospital.run({"triage", "retry", number}).code == 0);
  CHECK_THAT(hospital.search("Patient?identifier=BN1"), Contains("BN1"));
  CHECK(hospital.run({"triage", "list"}).out.empty());
}

TEST_CASE("triage: a discarded message is listed no more and stays in the journal") {
  Changing hospital(refusing());
  hospital.start();
  const auto message = of_unknown_type();
  CHECK(hospital.exchange(message) == "AR");
  const auto number = hospital.run({"triage", "list"}).out.substr(12, 36);
  CHECK(hospital.run({"triage", "release", number}).code == 1);  // nothing holds it
  const auto discarded = hospital.run({"triage", "discard", number});
  INFO(discarded.out << discarded.err);
  CHECK(discarded.code == 0);
  CHECK(hospital.run({"triage", "list"}).out.empty());
  CHECK(hospital.run({"triage", "show", number}).out == message);
  CHECK(hospital.run({"triage", "discard", "nothing"}).code == 2);
}

TEST_CASE("coverage: over what a source has received") {
  Changing hospital;
  hospital.start();
  CHECK(hospital.exchange(with_sex("c1", "BN1", "F") + "ZZ1|unknown\r") == "AA");
  const auto covered = hospital.run({"coverage", "--source", "his"});
  INFO(covered.out << covered.err);
  CHECK(covered.code == 0);
  CHECK_THAT(covered.out, Contains("ZZ1"));
}
