#pragma once
// Small numbers for the names in the configuration: sources, facilities, destinations. A name's number never
// changes and is never given to another.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::store {

// Finds the name's id, or makes it.
Result<SourceId> source_id(Transaction& transaction, std::string_view name);
Result<FacilityId> facility_id(Transaction& transaction, std::string_view name);
Result<DestinationId> destination_id(Transaction& transaction, std::string_view name);

// NotFound when there is none.
Result<SourceId> find_source(Connection& connection, std::string_view name);
Result<FacilityId> find_facility(Connection& connection, std::string_view name);
Result<DestinationId> find_destination(Connection& connection, std::string_view name);

// NotFound when there is none.
Result<std::string> name_of(Connection& connection, SourceId id);
Result<std::string> name_of(Connection& connection, FacilityId id);
Result<std::string> name_of(Connection& connection, DestinationId id);

}  // namespace lienthong::store
