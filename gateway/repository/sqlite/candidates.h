#pragma once
// Where the rows that answer to a filter can be: posting lists, or rows already found.

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/sqlite/posting_reader.h"
#include "gateway/repository/sqlite/search_plan.h"
#include "gateway/store/connection.h"

namespace lienthong::repository::sqlite {

struct ListRange {
  ParameterNumber parameter = 0;
  ValueRange values;
};

struct Candidates {
  bool known = true;  // false: no list holds them all, each resource must be asked
  bool exact = true;  // false: some may not answer, each must be asked
  std::vector<ListRange> lists;
  Rows rows;  // besides those of the lists
};

// All rows that answer to the filter, and perhaps others. `scheme`: of the type asked for.
Result<Candidates> find_candidates(store::Connection& connection, const TypeScheme& scheme,
                                   const ValueFilter& filter);

// Adds to references those to what their target replaced (semantics 3).
Result<void> add_replaced(store::Connection& connection, ValueFilter& filter);

}  // namespace lienthong::repository::sqlite
