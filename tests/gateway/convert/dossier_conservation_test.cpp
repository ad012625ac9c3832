// Semantics 28 for the insurance XML: each row of each table is a resource of its own or is reported by its
// place, and each value is read or told as unread. Invented people only.

#include <map>
#include <set>

#include "gateway/convert/explain.h"
#include "tests/gateway/convert/loaded_profile.h"
#include "tests/support/dossiers/dossier.h"

namespace lienthong::convert {
namespace {

using test::Dossier;
using test::DossierOptions;

constexpr Instant kReceived{std::chrono::seconds(1'772'500'000)};

// What became of a dossier, by the rows of its tables ("XML3[2]", of a table of one row "XML9") and by its
// values.
struct Account {
  std::map<std::string, std::set<std::string>> resources;  // of a row
  std::set<std::string> mapped, unread, troubled;          // values; troubled: named by a problem

  std::set<std::string> rows_of(const std::string& resource) const {
    std::set<std::string> rows;
    for (const auto& [row, made] : resources) {
      if (made.count(resource) != 0) rows.insert(row);
    }
    return rows;
  }
  // A resource that this row makes and no other row of its table.
  bool has_own_resource(const std::string& row) const {
    const auto found = resources.find(row);
    if (found == resources.end()) return false;
    const auto table = row.substr(0, row.find('['));
    for (const auto& resource : found->second) {
      if (resource.starts_with("Claim[") || resource.starts_with("Patient[") ||
          resource.starts_with("Encounter["))
        continue;  // of the visit as a whole
      std::size_t of_table = 0;
      for (const auto& other : rows_of(resource))
        of_table += other.substr(0, other.find('[')) == table ? 1U : 0U;
      if (of_table == 1) return true;
    }
    return false;
  }
  bool reports(const std::string& row) const {
    const auto begins = [&](const std::set<std::string>& places) {
      const auto found = places.lower_bound(row + "/");
      return found != places.end() && found->starts_with(row + "/");
    };
    return begins(unread) || begins(troubled);
  }
};

std::string row_of(const std::string& place) {
  return place.substr(0, place.find('/'));
}

// Without the number of a list's entry: "XML6/MA_XU_TRI" of "XML6/MA_XU_TRI[2]".
std::string value_of(const std::string& place) {
  const auto slash = place.find('/');
  const auto item = slash == std::string::npos ? slash : place.find('[', slash);
  return place.substr(0, item);
}

Account account_of(const std::string& file) {
  static const auto program = shipped_program("bhyt");
  ProblemSink problems;
  const auto explanation = explain(program, program->profile().defaults, file, kReceived, problems);
  REQUIRE(explanation);
  Account account;
  for (const auto& element : explanation->elements) {
    for (std::size_t at = 0; at < element.place.size();) {
      const auto end = std::min(element.place.find(' ', at), element.place.size());
      const auto place = element.place.substr(at, end - at);
      account.mapped.insert(value_of(place));
      account.resources[row_of(place)].insert(element.element.substr(0, element.element.find('.')));
      at = end + 1;
    }
  }
  for (const auto& unread : explanation->unread) account.unread.insert(value_of(unread.place));
  for (const auto& problem : problems.problems()) account.troubled.insert(value_of(problem.where_input));
  return account;
}

// The rows of a dossier that are neither resources nor reported.
std::vector<std::string> lost_rows(const Dossier& dossier, const Account& account) {
  std::vector<std::string> lost;
  for (const auto& table : dossier) {
    if (table.number == 1) continue;  // the visit itself
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      auto place = "XML" + std::to_string(table.number);
      if (table.rows.size() > 1) place += "[" + std::to_string(row + 1) + "]";
      if (!account.has_own_resource(place) && !account.reports(place)) lost.push_back(place);
    }
  }
  return lost;
}

std::vector<std::string> lost_values(const Dossier& dossier, const Account& account) {
  std::vector<std::string> lost;
  for (const auto& table : dossier) {
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      auto place = "XML" + std::to_string(table.number);
      if (table.rows.size() > 1) place += "[" + std::to_string(row + 1) + "]";
      for (const auto& [name, value] : table.rows[row]) {
        const auto whole = place + "/" + name;
        if (value.empty() ||
            account.mapped.count(whole) + account.unread.count(whole) + account.troubled.count(whole) != 0)
          continue;
        lost.push_back(whole);
      }
    }
  }
  return lost;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts) all += part + " ";
  return all;
}

DossierOptions full(const std::string& generation, std::uint64_t seed = 1) {
  DossierOptions options;
  options.generation = generation;
  options.tables = test::further_tables(generation);
  options.rows = 11;
  options.seed = seed;
  return options;
}

}  // namespace

TEST_CASE("rows in are resources out and rows reported: every table, every generation, every envelope") {
  for (const std::string generation : {"4210", "130", "4750", "3176"}) {
    auto options = full(generation);
    const auto dossier = test::make_dossier(options, 1);
    for (const auto& variant : test::dossier_variants()) {
      options.variant = variant;
      const auto account = account_of(test::dossier_file(options, {dossier}));
      const auto rows = lost_rows(dossier, account), values = lost_values(dossier, account);
      INFO(generation << " " << variant << ": " << joined(rows) << "/ " << joined(values));
      CHECK(rows.empty());
      CHECK(values.empty());
    }
  }
}

// Of XML2 and XML3 rows only: what a rule reads and then leaves out for want of another value (a unit without
// an amount) is not told value by value.
TEST_CASE("rows in are resources out for many dossiers, whatever is missing in them") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto options = full(seed % 2 == 0 ? "3176" : "4750", seed);
    auto dossier = test::make_dossier(options, 1);
    test::field_of(dossier, 13, 0, "MA_BENH_KT") = "K35.8";  // equal entries of a list become one
    std::uint64_t state = seed;
    for (auto& table : dossier) {
      if (table.number == 1) continue;
      for (auto& row : table.rows) {
        for (auto& [name, value] : row) {
          state = state * 6364136223846793005U + 1442695040888963407U;
          if (name != "MA_LK" && (state >> 33) % 3 == 0) value.clear();
        }
      }
    }
    const auto account = account_of(test::dossier_file(options, {dossier}));
    const auto rows = lost_rows(dossier, account);
    std::erase_if(dossier, [](const auto& table) { return table.number < 6; });
    const auto values = lost_values(dossier, account);
    INFO(seed << ": " << joined(rows) << "/ " << joined(values));
    CHECK(rows.empty());
    CHECK(values.empty());
  }
}

TEST_CASE("tables that a decision does not have are told value by value") {
  auto options = full("4210");
  auto dossier = test::make_dossier(options, 1);
  const auto newer = test::make_dossier(full("3176"), 1);
  for (const auto& table : newer) {
    if (table.number > 5) dossier.push_back(table);
  }
  const auto account = account_of(test::dossier_file(options, {dossier}));
  const auto values = lost_values(dossier, account);
  INFO(joined(values));
  CHECK(values.empty());
  CHECK(account.unread.count("XML8/QT_BENHLY") == 1);
  CHECK(account.unread.count("XML15[2]/PHACDO_DTRI_LAO") == 1);
}

TEST_CASE("each row of the tables from XML6 on makes what it says: birth by birth, programme by programme") {
  const auto options = full("3176");
  const auto account = account_of(test::dossier_file(options, {test::make_dossier(options, 1)}));
  const auto types = [&](const std::string& row) {
    std::map<std::string, int> counts;
    for (const auto& resource : account.resources.at(row)) ++counts[resource.substr(0, resource.find('['))];
    return counts;
  };
  const auto hiv = types("XML6[1]");
  CHECK(hiv.at("Condition") == 1);
  CHECK(hiv.at("Observation") == 2);  // the record, the viral load
  CHECK(hiv.at("MedicationRequest") == 1);
  CHECK(hiv.at("MedicationStatement") == 3);        // first regimen, cotrimoxazole, tuberculosis
  CHECK(types("XML6[2]").count("Condition") == 0);  // an exposed child is not ill
  CHECK(types("XML6[2]").at("Observation") == 2);
  for (const auto* row : {"XML9[1]", "XML9[2]"}) {
    CHECK(types(row).at("RelatedPerson") == 1);
    CHECK(types(row).at("Observation") == 1);
    CHECK(types(row).count("Patient") == 0);
  }
  CHECK(types("XML13").at("ServiceRequest") == 1);
  CHECK(types("XML15[1]").at("Condition") == 1);
  CHECK(types("XML15[2]").count("Condition") == 0);  // latent
}

}  // namespace lienthong::convert
