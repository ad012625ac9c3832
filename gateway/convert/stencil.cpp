#include "gateway/convert/stencil.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <utility>

namespace lienthong::convert {
namespace {

// After so many resources of a program it is known whether keeping them is of use.
constexpr std::uint32_t kTrial = 2048;
constexpr std::uint32_t kExactTrial = 512;
constexpr std::uint32_t kFewest = 8;  // one of so many found pays for the search
constexpr std::uint32_t kPause = 65536;

std::size_t bytes_of(const Stencil& stencil) noexcept {
  return sizeof stencil + stencil.shape.capacity() + stencil.text.capacity() +
         stencil.gaps.capacity() * sizeof(StencilGap);
}

}  // namespace

const Stencil* StencilStore::find(std::uint32_t resource, std::string_view shape) {
  if (slots_.empty()) {
    slots_.resize(kSlots);
    seen_.resize(kSlots);
  }
  hash_ = XXH3_64bits_withSeed(shape.data(), shape.size(), resource);
  for (std::size_t i = 0; i < kProbes; ++i) {
    const auto& slot = slots_[(hash_ + i) % kSlots];
    if (slot.hash != hash_ || slot.stencil == nullptr || slot.stencil->shape != shape) continue;
    ++uses_[resource].found;
    return slot.stencil.get();
  }
  return nullptr;
}

bool StencilStore::is_wanted() {
  auto& seen = seen_[(hash_ >> 32) % kSlots];
  const auto once = static_cast<std::uint32_t>(hash_) | 1U;
  if (seen == (once ^ 1U)) return false;
  return std::exchange(seen, once) == once;
}

void StencilStore::refuse() {
  seen_[(hash_ >> 32) % kSlots] = static_cast<std::uint32_t>(hash_) & ~1U;
}

void StencilStore::add(Stencil stencil) {
  const auto more = bytes_of(stencil);
  if (bytes_ + more > kMostBytes) {
    slots_.clear();
    slots_.resize(kSlots);
    bytes_ = 0;
  }
  auto* chosen = &slots_[hash_ % kSlots];
  for (std::size_t i = 0; i < kProbes; ++i) {
    auto& slot = slots_[(hash_ + i) % kSlots];
    if (slot.stencil != nullptr) continue;
    chosen = &slot;
    break;
  }
  if (chosen->stencil != nullptr) bytes_ -= bytes_of(*chosen->stencil);
  bytes_ += more;
  chosen->hash = hash_;
  chosen->stencil = std::make_unique<const Stencil>(std::move(stencil));
}

bool StencilStore::is_worthwhile(std::uint32_t resource) {
  if (uses_.size() <= resource) uses_.resize(resource + 1);
  auto& use = uses_[resource];
  if (use.paused > 0) {
    --use.paused;
    return false;
  }
  ++use.tried;
  if (use.is_exact && use.tried >= kExactTrial) {
    use.is_exact = use.found >= use.tried - use.tried / 4;
    use.tried = use.found = 0;
  }
  if (use.tried < kTrial) return true;
  if (use.found < use.tried / kFewest) use.paused = kPause;
  use.tried = use.found = 0;
  return true;
}

}  // namespace lienthong::convert
