#pragma once
// Resources of one key that had to be kept apart because they name different patients (semantics 4), and
// visits that a move event gave to another patient (semantics 3): what must be known to put things right when
// a merge or a move is heard of later.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/uuid.h"
#include "gateway/store/transaction.h"

namespace lienthong::identity {

struct Apart {
  Uuid kept;         // the resource that has the key
  Uuid apart;        // the second one
  std::string type;  // "Encounter"
  Uuid one, other;   // their patients
};

// Saying it again changes nothing.
Result<void> note_apart(store::Transaction& transaction, const Apart& apart);
// They are one after all.
Result<void> forget_apart(store::Transaction& transaction, const Apart& apart);
// Those of which one belongs to `patient`.
Result<std::vector<Apart>> aparts_of_patient(store::Connection& connection, const Uuid& patient);
// Those kept apart from `kept`.
Result<std::vector<Apart>> aparts_of(store::Connection& connection, const Uuid& kept);

struct Move {
  Uuid resource;
  Instant at{};   // event time
  Uuid from, to;  // patients
};

Result<void> note_move(store::Transaction& transaction, const Move& move);
// In the order of the events.
Result<std::vector<Move>> moves_of(store::Connection& connection, const Uuid& resource);

}  // namespace lienthong::identity
