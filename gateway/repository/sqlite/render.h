#pragma once
// From what is stored to the resource as a client sees it: id, meta and Patient.link are written on read.

#include <string>
#include <string_view>

#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/stored_version.h"

namespace lienthong::repository::sqlite {

// `body` plain. `links`: further items for Patient.link, comma-separated JSON, may be empty.
std::string render(const Head& head, std::string_view body, std::string_view source_prefix,
                   std::string_view links);

// The items of Patient.link for the links in force when the version was made; empty for other types.
Result<std::string> link_items(store::Connection& connection, const Head& head, std::string_view body);

// The whole of it. `packed` as stored.
Result<StoredVersion> make_version(store::Connection& connection, const Head& head, std::string_view packed,
                                   std::string_view source_prefix);

}  // namespace lienthong::repository::sqlite
