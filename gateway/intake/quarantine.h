#pragma once
// Contents that killed the program twice are never opened again. Source: docs/semantics.md rule 22.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/journal/crashes.h"
#include "gateway/journal/in_hand_slots.h"
#include "gateway/store/store.h"

namespace lienthong::intake {

// Any thread may ask; filled at start.
class Quarantine {
 public:
  // Counts what a crash left in the slots, durably, then reads everything that is quarantined. Blocking; at
  // start, before the first message.
  Result<void> load(store::Store& store, journal::InHandSlots& slots, const Clock& clock);

  // Of a message's bytes as they are kept.
  static journal::ContentHash hash_of(std::string_view kept) noexcept;
  // How often this content was in hand when the program died, once that is too often; else 0.
  std::uint32_t crashes_of(SourceId source, std::uint64_t hash) const noexcept;
  // A person has released this content; durably, by journal::forget_crashes(), by the caller. Any thread.
  void release(SourceId source, std::uint64_t hash) noexcept;
  std::size_t size() const noexcept { return crashers_.size(); }

 private:
  std::vector<journal::Crasher> crashers_;  // sorted by hash
};

}  // namespace lienthong::intake
