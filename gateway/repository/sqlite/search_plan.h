#pragma once
// A search's parameters, understood: what limits the rows, their order, and how much of them is wanted.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/search.h"
#include "gateway/repository/sqlite/keys.h"

namespace lienthong::repository::sqlite {

// One term that selects rows by key; its values are alternatives (R4 §3.1.1.4.5).
struct KeyFilter {
  enum class Kind : std::uint8_t { Id, Identifier, Reference };
  Kind kind = Kind::Id;
  ReferenceParameter parameter = ReferenceParameter::Subject;
  std::string_view element;  // Reference: the element that the parameter reads
  struct Value {
    std::string system, code;       // Identifier; Id: code
    bool any_system = false;        // "value" alone
    std::vector<TypeNumber> types;  // Reference: possible targets; empty: `code` is an absolute URL
  };
  std::vector<Value> values;

  // Its table knows no more than a hash of what is asked: the stored body has the last word.
  bool by_hash() const;
  bool holds(std::string_view body) const;
};

// _lastUpdated: both ends belong to it.
struct UpdatedRange {
  std::int64_t low = INT64_MIN, high = INT64_MAX;
  bool inside(std::int64_t micros) const { return micros >= low && micros <= high; }
};

enum class Order : std::uint8_t { Creation, Updated, UpdatedDescending };

struct SearchPlan {
  TypeNumber type = 0;
  std::vector<KeyFilter> keys;            // all must hold
  std::vector<UpdatedRange> updated;      // all must hold
  std::vector<UpdatedRange> not_updated;  // prefix ne
  Order order = Order::Creation;
  std::uint32_t count = 50;
  bool want_total = false, count_only = false;
  std::uint64_t question = 0;  // hash of all that decides the rows and their order
  std::vector<SearchTerm> used;

  bool passes(std::int64_t updated_micros) const;
};

// Incorrect: LT-1514 (unknown parameter or modifier), LT-1515; NotFound: LT-1503.
Result<SearchPlan> plan_search(const SearchRequest& request);

}  // namespace lienthong::repository::sqlite
