#pragma once
// A destination that is new gets everything that was there before it.

#include "gateway/delivery/clearance.h"
#include "gateway/delivery/outbox.h"
#include "gateway/repository/repository.h"
#include "gateway/store/store.h"

namespace lienthong::delivery {

// Queues every current resource for the destination, unless that was done before; where it was done with
// another clearance, those that carry a label (semantics 18). In slices, so that intake goes on; interrupted,
// it begins anew at the next start. Blocking; not on an io thread.
Result<void> backfill(store::Store& store, Outbox& outbox, const repository::Repository& repository,
                      store::Connection& connection, DestinationId destination, const Clearance& clearance,
                      const Clock& clock);

}  // namespace lienthong::delivery
