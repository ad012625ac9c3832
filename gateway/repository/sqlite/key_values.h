#pragma once
// How values become the integers that postings stand under: buckets of dates and numbers, hashes of texts.
// A bucket holds more than is asked for at its ends; the resource itself then decides.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fhir-model/search/search_value.h"
#include "gateway/base/uuid.h"
#include "gateway/repository/sqlite/key_scheme.h"

namespace lienthong::repository::sqlite {

// From low to high, both included.
struct ValueRange {
  std::int64_t low = 0, high = 0;
};

// Days for what lasts less than one, wider buckets for what lasts longer: an interval lies in one bucket.
std::int64_t date_value(const fhir::search::DateKey& key) noexcept;
// Where a key that date_matches(prefix, asked, key) can stand; nothing for ne.
std::vector<ValueRange> date_ranges(fhir::search::Prefix prefix, const fhir::search::DateKey& asked);

// The first two digits and the exponent. `canonical`: in UCUM's base units.
std::int64_t number_value(const fhir::search::NumberKey& key, bool canonical) noexcept;
std::vector<ValueRange> number_ranges(fhir::search::Prefix prefix, const fhir::search::NumberKey& asked,
                                      bool canonical);

// Below zero: no row of a resource.
std::int64_t url_value(std::string_view url) noexcept;
// Of an absolute reference, the version left out: base, type name and id.
std::int64_t url_value(std::string_view base, std::string_view type, std::string_view id);
// Reference.identifier by its value alone; above all rows.
std::int64_t identifier_value(std::string_view value) noexcept;
// Ascending with the time for message numbers of version 7.
std::int64_t source_value(const Uuid& message) noexcept;

// 44 bits of (parameter, value) above 20 bits of the system: one row serves system|value and value alone.
std::uint64_t unique_hash(ParameterNumber parameter, std::string_view system,
                          std::string_view value) noexcept;
inline constexpr std::uint64_t kSystemBits = (std::uint64_t{1} << 20) - 1;

// Codes and strings are kept up to these bytes: longer codes as a hash, longer strings by their beginning.
inline constexpr std::size_t kLongestCode = 512, kLongestString = 120;
inline constexpr char kHashedCode = '\x01';  // begins a code that is a hash

// The bytes that dict keeps of a code.
std::string_view stored_code(std::string_view code, std::string& memory);
// The beginning that str keeps; never cuts a UTF-8 character in two.
std::string_view stored_string(std::string_view folded) noexcept;

}  // namespace lienthong::repository::sqlite
