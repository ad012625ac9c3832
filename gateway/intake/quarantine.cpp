#include "gateway/intake/quarantine.h"

#include <algorithm>
#include <atomic>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lienthong::intake {

Result<void> Quarantine::load(store::Store& store, journal::InHandSlots& slots, const Clock& clock) {
  for (const auto& in_hand : slots.recovered()) {
    auto counted = store.submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
      auto count = journal::count_crash(transaction, in_hand.source, in_hand.hash, clock.now());
      if (!count) return forward(count);
      return {};
    });
    if (!counted) return counted;
  }
  slots.acknowledge_recovered();
  auto reader = store.open_reader();
  if (!reader) return forward(reader);
  auto crashers = journal::read_crashers(**reader);
  if (!crashers) return forward(crashers);
  crashers_ = std::move(*crashers);
  std::erase_if(crashers_,
                [](const auto& crasher) { return crasher.crashes < journal::kCrashesToQuarantine; });
  std::sort(crashers_.begin(), crashers_.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
  return {};
}

journal::ContentHash Quarantine::hash_of(std::string_view kept) noexcept {
  return journal::ContentHash{XXH3_64bits(kept.data(), kept.size())};
}

std::uint32_t Quarantine::crashes_of(SourceId source, std::uint64_t hash) const noexcept {
  if (crashers_.empty()) return 0;
  const auto first =
      std::lower_bound(crashers_.begin(), crashers_.end(), hash,
                       [](const auto& crasher, std::uint64_t value) { return crasher.hash.value < value; });
  for (auto i = first; i != crashers_.end() && i->hash.value == hash; ++i) {
    if (i->source == source) return std::atomic_ref(const_cast<std::uint32_t&>(i->crashes)).load();
  }
  return 0;
}

void Quarantine::release(SourceId source, std::uint64_t hash) noexcept {
  for (auto& crasher : crashers_) {
    if (crasher.source == source && crasher.hash.value == hash) std::atomic_ref(crasher.crashes).store(0);
  }
}

}  // namespace lienthong::intake
