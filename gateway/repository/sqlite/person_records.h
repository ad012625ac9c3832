#pragma once
// The Patient records of one person: itself, what it was merged with, and what links join to those. Source:
// semantics.md rules 2, 3.

#include <cstdint>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/connection.h"

namespace lienthong::repository::sqlite {

// Rows of stored Patients, sorted, `patient` among them. Links are followed once, as Patient.link shows them;
// the relation is symmetric.
Result<std::vector<std::int64_t>> records_of_person(store::Connection& connection, ResourceRow patient);

}  // namespace lienthong::repository::sqlite
