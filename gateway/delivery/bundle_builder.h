#pragma once
// Closed bundles: every reference is in the bundle, or the destination has its target already. Source:
// docs/semantics.md rule 23.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/delivery/outbox.h"
#include "gateway/delivery/withholding.h"
#include "gateway/repository/repository.h"

namespace lienthong::delivery {

// A resource that is in the bundle, and the outbox row that its confirmation takes out (entry 0: none).
struct Included {
  ResourceRow resource;
  Lane lane;
  std::int64_t entry = 0;
  std::int64_t change = 0;
};

// Builds one transaction Bundle of current versions, what is referred to before what refers. One thread.
class BundleBuilder {
 public:
  // `in_flight`: resources that are on their way in another bundle; what refers to them must wait.
  // `clearance`: outlives the builder; what it does not let pass is not read into the bundle, and references
  // to it are masked.
  BundleBuilder(const repository::Repository& repository, store::Connection& connection,
                DestinationId destination, const std::unordered_set<std::int64_t>& in_flight,
                const Clearance& clearance);

  enum class Added : std::uint8_t { Yes, AlreadyDelivered, MustWait, Withheld };
  // Adds the resource of an outbox entry with everything it refers to that the destination has not confirmed.
  // On MustWait nothing was added; on Withheld nothing either, and the entry is in withheld().
  Result<Added> add(const OutboxEntry& entry);

  const std::vector<Included>& included() const noexcept { return included_; }
  // Entries that the destination may not have, with what they held when that was found.
  const std::vector<Delivered>& withheld() const noexcept { return withheld_entries_; }
  std::size_t size() const noexcept { return included_.size(); }
  std::size_t bytes() const noexcept { return entries_.size(); }
  // The Bundle as JSON; leaves the builder empty but for included().
  std::string finish();

 private:
  struct Pending {
    repository::StoredVersion version;
    Included included;
    bool references_done = false;
  };
  Result<bool> gather(ResourceRow row, std::vector<Pending>& closure);
  Result<bool> look_up(Pending& pending, bool& wanted);
  Result<void> append(const Pending& pending);

  const repository::Repository& repository_;
  store::Connection& connection_;
  const DestinationId destination_;
  const std::unordered_set<std::int64_t>& in_flight_;
  Withholding withholding_;
  std::vector<Delivered> withheld_entries_;
  std::unordered_set<std::int64_t> rows_;  // in the bundle
  std::vector<Included> included_;
  std::string entries_;
};

}  // namespace lienthong::delivery
