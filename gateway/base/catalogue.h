#pragma once
// The catalogue of texts: what each problem number means, in English and Vietnamese, and what to do about it.
//
// One problems.tsv a room (compiled in) and one beside each adapter (read when it is loaded). Columns,
// tab-separated:
//   number  issue-type  hl7-error  english  vietnamese  remedy-english  remedy-vietnamese
// issue-type: FHIR R4 value set issue-type; hl7-error: HL7 table 0357 (100 … 207). {0}, {1} … are a problem's
// arguments, {value} its value. Lines starting with # are comments.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/problem.h"
#include "gateway/base/result.h"

namespace lienthong {

enum class Language : std::uint8_t { English, Vietnamese };

// What a person looks a problem up by: "LT-2103", of an adapter's catalogue "hl7v2-1".
std::string code_of(const Problem& problem);

struct CatalogueEntry {
  std::string issue_code;
  std::uint16_t hl7_error = 207;
  std::string text[2];    // by Language
  std::string remedy[2];  // by Language
};

// Built once at start, then read by any thread.
class Catalogue {
 public:
  // The gateway's own texts. Throws std::runtime_error if a compiled-in line is malformed (a broken build).
  static const Catalogue& gateway();

  // Adds the lines of one file for the catalogue `name` ("" = the gateway's own).
  Result<void> add(std::string_view name, std::string_view tsv);

  // nullptr when the number is unknown.
  const CatalogueEntry* find(std::string_view name, std::uint16_t number) const noexcept;

  // Text with its arguments filled in. `with_value` false leaves "…" in the value's place (logs, metrics).
  std::string text(const Problem& problem, Language language, bool with_value = true) const;
  std::string remedy(const Problem& problem, Language language) const;

 private:
  std::map<std::pair<std::string, std::uint16_t>, CatalogueEntry, std::less<>> entries_;
};

// The compiled-in texts, ended by an empty view (generated).
const std::string_view* catalogue_texts() noexcept;

}  // namespace lienthong
