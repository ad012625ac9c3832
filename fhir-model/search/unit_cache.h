#pragma once
// UCUM units understood once and then reused: reading a code takes far longer than using it.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fhir-model/path/ucum.h"

namespace fhir::search {

// A unit and its base units as a code.
struct KnownUnit {
  path::Unit unit;
  std::string base_code;
};

// Remembers up to a bound of codes; codes beyond it are read again each time. One thread at a time.
class UnitCache {
 public:
  // Null when `code` is no UCUM code. Valid until the next call with a code beyond the bound.
  const KnownUnit* find(std::string_view code);

 private:
  static constexpr std::size_t kMaxUnits = 2048;
  static constexpr std::size_t kMaxLength = 64;  // longer codes are not remembered

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::unique_ptr<const KnownUnit>, Hash, std::equal_to<>> units_;
  std::unique_ptr<const KnownUnit> last_;  // one that is not remembered
};

// A number of that unit in base units; none when it leaves the range of Decimal.
std::optional<path::Decimal> in_base_units(const path::Decimal& value, const KnownUnit& unit);

}  // namespace fhir::search
