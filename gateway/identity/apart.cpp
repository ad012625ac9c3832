#include "gateway/identity/apart.h"

#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

const store::Sql kNote(
    "INSERT OR IGNORE INTO apart(kept, apart, type, one, other) VALUES (?1, ?2, ?3, ?4, ?5)");
const store::Sql kForget("DELETE FROM apart WHERE kept = ?1 AND apart = ?2");
const store::Sql kOfPatient(
    "SELECT kept, apart, type, one, other FROM apart WHERE one = ?1 "
    "UNION SELECT kept, apart, type, one, other FROM apart WHERE other = ?1 ORDER BY 1, 2");
const store::Sql kOf("SELECT kept, apart, type, one, other FROM apart WHERE kept = ?1 ORDER BY apart");
const store::Sql kMove("INSERT OR IGNORE INTO moved(resource, at, old, new) VALUES (?1, ?2, ?3, ?4)");
const store::Sql kMoves("SELECT at, old, new FROM moved WHERE resource = ?1 ORDER BY at, old, new");

Result<std::vector<Apart>> read(store::Statement rows) {
  std::vector<Apart> all;
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return all;
    all.push_back({rows.uuid(0), rows.uuid(1), std::string(rows.text(2)), rows.uuid(3), rows.uuid(4)});
  }
}

}  // namespace

Result<void> note_apart(store::Transaction& transaction, const Apart& apart) {
  return transaction.run(kNote, apart.kept, apart.apart, std::string_view(apart.type), apart.one,
                         apart.other);
}

Result<void> forget_apart(store::Transaction& transaction, const Apart& apart) {
  return transaction.run(kForget, apart.kept, apart.apart);
}

Result<std::vector<Apart>> aparts_of_patient(store::Connection& connection, const Uuid& patient) {
  return read(connection.query(kOfPatient, patient));
}

Result<std::vector<Apart>> aparts_of(store::Connection& connection, const Uuid& kept) {
  return read(connection.query(kOf, kept));
}

Result<void> note_move(store::Transaction& transaction, const Move& move) {
  return transaction.run(kMove, move.resource, move.at.time_since_epoch().count(), move.from, move.to);
}

Result<std::vector<Move>> moves_of(store::Connection& connection, const Uuid& resource) {
  std::vector<Move> all;
  store::Statement rows = connection.query(kMoves, resource);
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return all;
    all.push_back(
        {resource, Instant(std::chrono::microseconds(rows.integer(0))), rows.uuid(1), rows.uuid(2)});
  }
}

}  // namespace lienthong::identity
