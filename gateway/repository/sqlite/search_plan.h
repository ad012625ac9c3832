#pragma once
// A search's parameters, understood: what limits the rows, their order, and how much of them is wanted.

#include <cstdint>
#include <string>
#include <vector>

#include "fhir-model/search/search_value.h"
#include "gateway/base/result.h"
#include "gateway/repository/search.h"
#include "gateway/repository/sqlite/key_scheme.h"

namespace lienthong::repository::sqlite {

// One parameter with its alternatives (R4 §3.1.1.4.5).
struct ValueFilter {
  const ParameterUse* use = nullptr;
  fhir::search::SearchValues values;
};

// _lastUpdated: one of the alternatives holds.
struct UpdatedFilter {
  struct Alternative {
    fhir::search::Prefix prefix = fhir::search::Prefix::Eq;
    fhir::search::DateKey value;
  };
  std::vector<Alternative> alternatives;
  bool holds(std::int64_t micros) const;
};

enum class Order : std::uint8_t { Creation, Updated, UpdatedDescending };

struct SearchPlan {
  TypeNumber type = 0;
  // All must hold.
  std::vector<ValueFilter> filters;
  std::vector<std::vector<std::string>> ids;  // _id
  std::vector<std::vector<Uuid>> sources;     // _source; an empty list is met by nothing
  std::vector<UpdatedFilter> updated;
  Order order = Order::Creation;
  std::uint32_t count = 50;
  bool want_total = false, count_only = false;
  std::uint64_t question = 0;  // hash of all that decides the rows and their order
  std::vector<SearchTerm> used;
  std::vector<std::string> ignored;  // names of terms left out, when asked to be lenient

  bool passes(std::int64_t updated_micros) const;
  // Microseconds that no resource outside can pass.
  std::int64_t first_updated() const;
  std::int64_t last_updated() const;
};

// Incorrect: LT-1514 (unknown parameter or modifier), LT-1515; NotFound: LT-1503. `source_prefix` stands
// before message numbers in _source.
Result<SearchPlan> plan_search(const KeyScheme& scheme, const SearchRequest& request,
                               std::string_view source_prefix);

}  // namespace lienthong::repository::sqlite
