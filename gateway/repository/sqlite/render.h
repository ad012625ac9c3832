#pragma once
// From what is stored to the resource as a client sees it: id, meta, Patient.link and the result that a
// claims copy is of are written on read.

#include <string>
#include <string_view>

#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/stored_version.h"

namespace lienthong::repository::sqlite {

// What records of their own say of a resource: further items of one of its lists.
struct AddedItems {
  std::string_view member;  // "link"
  std::string items;        // comma-separated JSON, may be empty
};

// `body` plain.
std::string render(const Head& head, std::string_view body, std::string_view source_prefix,
                   const AddedItems& added);

// As they were when the version was made: Patient.link by links and merges (semantics 2, 3),
// Observation.derivedFrom of a claims copy by its tie (semantics 16). Nothing for other types.
Result<AddedItems> added_items(store::Connection& connection, const Head& head, std::string_view body);

// The whole of it. `packed` as stored.
Result<StoredVersion> make_version(store::Connection& connection, const Head& head, std::string_view packed,
                                   std::string_view source_prefix);

}  // namespace lienthong::repository::sqlite
