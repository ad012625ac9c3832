#include "gateway/convert/instances.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lienthong::convert {
namespace {
constexpr std::size_t kFirstIndex = 256;
}

std::uint64_t Instances::hash_of(std::string_view key) noexcept {
  return XXH3_64bits(key.data(), key.size());
}

void Instances::clear() noexcept {
  for (const auto hash : hashes_) {  // cheaper than wiping the index when a message makes a few resources
    for (auto at = hash & (index_.size() - 1); index_[at] != 0; at = (at + 1) & (index_.size() - 1))
      index_[at] = 0;
  }
  hashes_.clear();
  all.clear();
  scopes.clear();
  slot_instances.clear();
  continuation_nodes.clear();
  continuation_next.clear();
  keys.clear();
}

std::uint32_t Instances::open_scope(std::uint32_t parent, std::uint32_t slot_count) {
  Scope scope;
  scope.parent = parent;
  scope.slots_at = static_cast<std::uint32_t>(slot_instances.size());
  scope.slot_count = slot_count;
  scope.first = scope.end = static_cast<std::uint32_t>(all.size());
  slot_instances.resize(slot_instances.size() + slot_count, kNone);
  scopes.push_back(scope);
  return static_cast<std::uint32_t>(scopes.size() - 1);
}

std::uint32_t Instances::named(std::uint32_t scope, std::uint32_t local, std::uint32_t up) const noexcept {
  for (; up > 0 && scope != kNone; --up) scope = scopes[scope].parent;
  if (scope == kNone || local >= scopes[scope].slot_count) return kNone;
  return slot_instances[scopes[scope].slots_at + local];
}

std::uint32_t Instances::find(std::string_view key) const noexcept {
  if (index_.empty()) return kNone;
  const auto hash = hash_of(key);
  for (auto at = hash & (index_.size() - 1); index_[at] != 0; at = (at + 1) & (index_.size() - 1)) {
    const auto found = index_[at] - 1;
    if (hashes_[found] == hash && key_of(all[found]) == key) return found;
  }
  return kNone;
}

const Instances::KnownId& Instances::id_of(std::string_view key, std::uint64_t hash) {
  if (known_ids_.empty()) known_ids_.resize(kKnownIds + 1);  // the last one is for long keys
  auto& known = known_ids_[key.size() > kLongestKnown ? kKnownIds : hash % kKnownIds];
  if (known.hash == hash && known.key == key) return known;
  known.hash = hash;
  known.key = key;
  known.id = uuid_from_key(key);
  write_uuid(known.id, known.text.data());
  return known;
}

std::uint32_t Instances::add(Instance instance, std::string_view key) {
  if (index_.size() < (all.size() + 1) * 2) grow_index();
  const auto number = static_cast<std::uint32_t>(all.size());
  const auto hash = hash_of(key);
  const auto& known = id_of(key, hash);
  instance.id = known.id;
  instance.id_text = known.text;
  instance.key_at = static_cast<std::uint32_t>(keys.size());
  instance.key_size = static_cast<std::uint32_t>(key.size());
  keys += key;
  auto at = hash & (index_.size() - 1);
  while (index_[at] != 0) at = (at + 1) & (index_.size() - 1);
  index_[at] = number + 1;
  hashes_.push_back(hash);
  all.push_back(instance);
  return number;
}

void Instances::grow_index() {
  const auto size = index_.empty() ? kFirstIndex : index_.size() * 2;
  index_.assign(size, 0);
  for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
    auto at = hashes_[i] & (size - 1);
    while (index_[at] != 0) at = (at + 1) & (size - 1);
    index_[at] = i + 1;
  }
}

}  // namespace lienthong::convert
