#pragma once
// Synthetic dossiers of the insurance XML, of every generation and in every wrapping that exporters use. All
// people, facilities and visits are invented. Equal options give equal bytes.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lienthong::test {

// Who the dossier is of; empty parts are invented.
struct DossierPerson {
  std::string name, citizen_id, birth_date /* yyyyMMdd */, sex /* 1, 2, 3 */;
};

struct DossierOptions {
  std::uint64_t seed = 1;
  std::uint32_t count = 1;          // dossiers
  std::uint32_t first = 1;          // number of the first one: MA_LK and MA_BN are made of it
  std::string generation = "3176";  // 4210, 130, 4750, 3176, CHECKIN
  std::string facility = "79999";   // MACSKCB
  std::string variant = "base64";   // one of dossier_variants()
  std::string date = "20260301";    // NGAYLAP; the visits lie in the weeks before
  std::uint32_t rows = 10;          // of XML2 and of XML3, about; XML4 and XML5 follow
  // Besides XML1 to XML5: those of 6 … 15 that the generation has, in this order. XML6 and XML15 make a
  // dossier sensitive.
  std::vector<std::uint32_t> tables = {};
  DossierPerson person;  // of the first dossier
};

// One element of a row, as written (not escaped).
using DossierField = std::pair<std::string, std::string>;
using DossierRow = std::vector<DossierField>;
struct DossierTable {
  std::uint32_t number = 1;  // XML1 …
  std::vector<DossierRow> rows;
};
using Dossier = std::vector<DossierTable>;

// What the dossier says; `number` counts from options.first.
Dossier make_dossier(const DossierOptions& options, std::uint32_t number);

// Changes or reads values by name; the first row that has the element.
std::string& field_of(Dossier& dossier, std::uint32_t table, std::uint32_t row, std::string_view name);

const std::vector<std::string>& dossier_variants();
// The tables that a generation has besides XML1 to XML5.
std::vector<std::uint32_t> further_tables(const std::string& generation);

// The file, piece by piece: header, dossiers, trailer.
void write_dossiers(const DossierOptions& options, const std::function<void(std::string_view)>& write);
// The same of dossiers at hand.
std::string dossier_file(const DossierOptions& options, const std::vector<Dossier>& dossiers);
inline std::string dossier_file(const DossierOptions& options) {
  std::string all;
  write_dossiers(options, [&](std::string_view piece) { all += piece; });
  return all;
}

// One table's document, before it is wrapped.
std::string table_document(const DossierOptions& options, const DossierTable& table);
std::string to_base64(std::string_view bytes, bool lines = false);

}  // namespace lienthong::test
