// Dossiers of the insurance XML from bytes to the repository: replacement by table (semantics 15), and what
// must not remove anything. All people are invented.

#include "tests/support/dossiers/dossier.h"
#include "tests/gateway/intake/intake_fixture.h"

namespace lienthong::intake {
namespace {

using test::Dossier;
using test::DossierOptions;

struct Dossiers {
  Dossiers() : fixture(setup()) {
    options.rows = 10;
    dossier = test::make_dossier(options, 1);
  }
  static IntakeSetup setup() {
    IntakeSetup with;
    with.profile = "bhyt";
    return with;
  }

  // The dossier as it stands, in a file of its own.
  std::string file() { return test::dossier_file(options, {dossier}); }
  std::vector<Outcome> send() { return fixture.take_all(file()); }
  void send_well() {
    for (const auto& outcome : send()) {
      INFO(problems_of(outcome));
      REQUIRE(outcome.fate == Fate::Stored);
    }
  }
  static std::string problems_of(const Outcome& outcome) {
    std::string all;
    for (const auto& problem : outcome.problems)
      all += problem.catalogue + std::to_string(problem.number) + " ";
    return all;
  }
  std::size_t live(const std::string& type) {
    std::size_t count = 0;
    for (const auto& one : fixture.resources(type)) {
      if (one.json.find("entered-in-error") == std::string::npos) ++count;
    }
    return count;
  }
  test::DossierTable& table(std::uint32_t number) {
    for (auto& one : dossier) {
      if (one.number == number) return one;
    }
    FAIL("no such table");
    return dossier[0];
  }

  IntakeFixture fixture;
  DossierOptions options;
  Dossier dossier;
};

bool has(const std::vector<Outcome>& outcomes, std::uint16_t number, std::string_view catalogue = "") {
  for (const auto& outcome : outcomes) {
    for (const auto& problem : outcome.problems) {
      if (problem.number == number && problem.catalogue == catalogue) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a dossier's rows are all there: as many resources as rows") {
  Dossiers d;
  d.send_well();
  CHECK(d.live("Patient") == 1);
  CHECK(d.live("Encounter") == 1);
  CHECK(d.live("MedicationRequest") == d.table(2).rows.size());
  CHECK(d.live("ServiceRequest") + d.live("Procedure") + d.live("SupplyDelivery") == d.table(3).rows.size());
  // XML4, XML5, the weight and the blood group of XML1
  CHECK(d.live("Observation") == d.table(4).rows.size() + d.table(5).rows.size() + 2);
  CHECK(d.live("Claim") == 1);
}

TEST_CASE(
    "a row that a later file leaves out becomes entered-in-error, and comes back when it is sent again") {
  Dossiers d;
  d.send_well();
  const auto kept = d.dossier;
  d.table(2).rows.pop_back();
  d.options.date = "20260302";
  d.send_well();
  CHECK(d.live("MedicationRequest") == 9);
  CHECK(d.fixture.count("MedicationRequest") == 10);
  d.dossier = kept;
  d.options.date = "20260303";
  d.send_well();
  CHECK(d.live("MedicationRequest") == 10);
}

TEST_CASE("a table that a later file does not have is unchanged") {
  Dossiers d;
  d.send_well();
  const auto services = d.live("ServiceRequest");
  std::erase_if(d.dossier, [](const auto& table) { return table.number != 1; });
  d.options.date = "20260302";
  d.send_well();
  CHECK(d.live("MedicationRequest") == 10);
  CHECK(d.live("ServiceRequest") == services);
}

TEST_CASE("an older file removes nothing and brings nothing back") {
  Dossiers d;
  d.options.date = "20260305";
  auto older = d.dossier;
  d.table(2).rows.pop_back();
  d.send_well();
  CHECK(d.live("MedicationRequest") == 9);
  d.options.date = "20260302";
  d.dossier = older;
  d.send_well();
  CHECK(d.live("MedicationRequest") == 9);
  older[1].rows.erase(older[1].rows.begin());
  d.dossier = older;
  d.options.date = "20260301";
  d.send_well();
  CHECK(d.live("MedicationRequest") == 9);
}

TEST_CASE("files with a wrong count, without an end, or with a broken dossier remove nothing") {
  Dossiers d;
  d.send_well();
  d.table(2).rows.pop_back();
  d.options.date = "20260302";
  auto counted = d.file();
  counted.replace(counted.find("<SOLUONGHOSO>1"), 14, "<SOLUONGHOSO>2");
  CHECK(has(d.fixture.take_all(counted), 6, "bhyt"));
  CHECK(d.live("MedicationRequest") == 10);
  d.options.date = "20260303";
  const auto whole = d.file();
  CHECK(has(d.fixture.take_all(whole.substr(0, whole.rfind("</DANHSACHHOSO>"))), 5, "bhyt"));
  CHECK(d.live("MedicationRequest") == 10);
  d.options.date = "20260304";
  auto broken = d.file();
  broken.insert(broken.rfind("</NOIDUNGFILE>"), "*");
  const auto outcomes = d.fixture.take_all(broken);
  CHECK(has(outcomes, 10, "bhyt"));
  CHECK(outcomes.at(0).fate == Fate::Refused);
  CHECK(d.live("MedicationRequest") == 10);
  d.options.date = "20260305";
  d.send_well();
  CHECK(d.live("MedicationRequest") == 9);
}

TEST_CASE("what is wrong with a file is told of the file, not of one more dossier") {
  Dossiers d;
  auto counted = d.file();
  counted.replace(counted.find("<SOLUONGHOSO>1"), 14, "<SOLUONGHOSO>2");
  const auto outcomes = d.fixture.take_all(counted);
  REQUIRE(outcomes.size() == 2);
  CHECK_FALSE(outcomes[0].of_whole);
  CHECK(outcomes[0].fate == Fate::Stored);
  CHECK(outcomes[1].of_whole);
  CHECK(outcomes[1].number == MessageNumber{});
  CHECK(has({outcomes[1]}, 6, "bhyt"));
  for (const std::string& nothing :
       {std::string("\xFF\xFE<\0G\0", 6), std::string("<GIAMDINHHS></GIAMDINHHS>")}) {
    const auto refused = d.fixture.take_all(nothing);
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].of_whole);
    CHECK(refused[0].fate == Fate::Refused);
    CHECK(refused[0].number != MessageNumber{});  // kept raw
  }
}

TEST_CASE("a dossier that would lose more than 30 % is held until that is confirmed") {
  Dossiers d;
  d.send_well();
  d.table(2).rows.resize(1);
  d.table(3).rows.resize(1);
  d.options.date = "20260302";
  CHECK(has(d.send(), 1568));
  CHECK(d.live("MedicationRequest") == 10);
  auto rules = Dossiers::setup().rules;
  rules.confirms_removals = true;
  d.fixture.change(rules);
  d.options.date = "20260303";
  d.send_well();
  CHECK(d.live("MedicationRequest") == 1);
}

TEST_CASE("two visits of one patient do not touch each other") {
  Dossiers d;
  d.send_well();
  for (auto& table : d.dossier) {
    for (auto& row : table.rows) {
      for (auto& [name, value] : row) {
        if (name == "MA_LK") value = "79999_9999999";
      }
    }
  }
  d.table(2).rows.resize(3);
  d.options.date = "20260302";
  d.send_well();
  CHECK(d.live("Patient") == 1);
  CHECK(d.live("Encounter") == 2);
  CHECK(d.live("MedicationRequest") == 13);
}

TEST_CASE("another facility's dossier on a source bound to a facility is kept apart, by name") {
  Dossiers d;
  auto rules = Dossiers::setup().rules;
  rules.settings.facility = "79001";
  d.fixture.change(rules);
  const auto outcomes = d.send();
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].fate == Fate::Quarantined);
  CHECK(has(outcomes, 2165));
  CHECK(d.fixture.count("Patient") == 0);
  CHECK(d.fixture.journal().size() == 1);
  rules.settings.facility = "BVMAU";
  rules.settings.facilities = {{"79999", "BVMAU"}};
  d.fixture.change(rules);
  d.options.date = "20260302";
  d.send_well();
  CHECK(d.fixture.count("Patient") == 1);
}

TEST_CASE("the same dossier in another wrapping changes nothing") {
  Dossiers d;
  d.send_well();
  const auto versions = [&] {
    std::vector<std::uint64_t> all;
    for (const auto& one : d.fixture.resources("MedicationRequest")) all.push_back(one.version);
    return all;
  };
  const auto before = versions();
  d.options.variant = "inline";
  d.send_well();
  CHECK(versions() == before);
}

TEST_CASE("a dossier that is cut off is refused and kept raw, with a number to look it up by") {
  Dossiers d;
  const auto whole = d.file();
  const auto outcomes = d.fixture.take_all(whole.substr(0, whole.rfind("</NOIDUNGFILE>")));
  REQUIRE(outcomes.size() >= 1);
  CHECK(outcomes[0].fate == Fate::Refused);
  CHECK(has(outcomes, 4, "bhyt"));
  const auto kept = d.fixture.journal();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].number == outcomes[0].number);
  CHECK(kept[0].fate == journal::Fate::Refused);
  CHECK(d.fixture.raw(kept[0].row).find("<HOSO>") != std::string::npos);
}

}  // namespace lienthong::intake
