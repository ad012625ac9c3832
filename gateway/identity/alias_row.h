#pragma once
// The one way into the alias table. Internal to the room.

#include <cstdint>

#include "gateway/identity/aliases.h"

namespace lienthong::identity {

// Writes the row as it is, in the place of the key's former one; whether it leads back is the caller's to
// know. `since` in microseconds.
Result<void> write_alias(store::Transaction& transaction, const Uuid& minted, const Uuid& target,
                         AliasReason reason, std::int64_t since);

}  // namespace lienthong::identity
