#include "gateway/store/names.h"

#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

// AUTOINCREMENT: a removed name's number is never given to another.
const Sql kFindSource("SELECT id FROM source WHERE name=?1");
const Sql kFindFacility("SELECT id FROM facility WHERE name=?1");
const Sql kFindDestination("SELECT id FROM destination WHERE name=?1");
const Sql kAddSource("INSERT INTO source(name) VALUES (?1)");
const Sql kAddFacility("INSERT INTO facility(name) VALUES (?1)");
const Sql kAddDestination("INSERT INTO destination(name) VALUES (?1)");
const Sql kSourceName("SELECT name FROM source WHERE id=?1");
const Sql kFacilityName("SELECT name FROM facility WHERE id=?1");
const Sql kDestinationName("SELECT name FROM destination WHERE id=?1");

template <class Id>
Result<Id> find(Connection& connection, const Sql& sql, std::string_view name) {
  Statement statement = connection.query(sql, name);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) {
    return fail(Category::NotFound, kNoSuchName, "The store has no entry named '" + std::string(name) + "'.");
  }
  return statement.id<Id>(0);
}

template <class Id>
Result<Id> find_or_add(Transaction& transaction, const Sql& find_sql, const Sql& add_sql,
                       std::string_view name) {
  Result<Id> found = find<Id>(transaction, find_sql, name);
  if (found || found.error().category != Category::NotFound) return found;
  const Result<void> added = transaction.run(add_sql, name);
  if (!added) return forward(added);
  return Id{static_cast<decltype(Id::value)>(transaction.last_insert_rowid())};
}

Result<std::string> name_by_id(Connection& connection, const Sql& sql, std::uint32_t id) {
  Statement statement = connection.query(sql, id);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) {
    return fail(Category::NotFound, kNoSuchName,
                "The store has no entry numbered " + std::to_string(id) + ".");
  }
  return std::string(statement.text(0));
}

}  // namespace

Result<SourceId> source_id(Transaction& transaction, std::string_view name) {
  return find_or_add<SourceId>(transaction, kFindSource, kAddSource, name);
}
Result<FacilityId> facility_id(Transaction& transaction, std::string_view name) {
  return find_or_add<FacilityId>(transaction, kFindFacility, kAddFacility, name);
}
Result<DestinationId> destination_id(Transaction& transaction, std::string_view name) {
  return find_or_add<DestinationId>(transaction, kFindDestination, kAddDestination, name);
}

Result<SourceId> find_source(Connection& connection, std::string_view name) {
  return find<SourceId>(connection, kFindSource, name);
}
Result<FacilityId> find_facility(Connection& connection, std::string_view name) {
  return find<FacilityId>(connection, kFindFacility, name);
}
Result<DestinationId> find_destination(Connection& connection, std::string_view name) {
  return find<DestinationId>(connection, kFindDestination, name);
}

Result<std::string> name_of(Connection& connection, SourceId id) {
  return name_by_id(connection, kSourceName, id.value);
}
Result<std::string> name_of(Connection& connection, FacilityId id) {
  return name_by_id(connection, kFacilityName, id.value);
}
Result<std::string> name_of(Connection& connection, DestinationId id) {
  return name_by_id(connection, kDestinationName, id.value);
}

}  // namespace lienthong::store
