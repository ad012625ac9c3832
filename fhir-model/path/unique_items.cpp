#include "fhir-model/path/unique_items.h"

#include <functional>

namespace fhir::path {
namespace {

std::size_t hash_node(const Node& node) {
  // Members may stand in any order, and numbers in any notation: a sum, and nothing of a number.
  std::size_t sum = static_cast<std::size_t>(node.kind());
  if (node.is_string()) return std::hash<std::string_view>()(node.text());
  for (const Node& child : node.children()) sum += hash_node(child) * 31 + child.atom();
  return sum;
}

}  // namespace

// Equal items have equal hashes; those whose equality is not plain (dates of some precision, quantities)
// share one.
std::size_t Machine::hash(const Value& item) {
  Value system;
  if (item.kind == ValueKind::TypeInfo) return std::hash<std::string_view>()(item.string());
  if (!to_system(item, system)) return item.node != nullptr ? hash_node(*item.node) : 0;
  switch (system.kind) {
    case ValueKind::String:
      return std::hash<std::string_view>()(system.string());
    case ValueKind::Boolean:
      return system.boolean ? 1 : 2;
    case ValueKind::Integer:
      return Decimal::from_integer(system.integer).hash();
    case ValueKind::Decimal:
      return system.decimal->hash();
    default:
      return 3;
  }
}

bool UniqueItems::contains(const Value& item) {
  if (items_.size() <= kFew) {
    for (const Value& other : items_) {
      if (!machine_.charge(1)) return true;
      if (machine_.equal(other, item) == Truth::True) return true;
    }
    return false;
  }
  const std::size_t hash = machine_.hash(item);
  for (std::size_t slot = slot_of(hash); slots_[slot] != 0; slot = slot_of(slot + 1)) {
    const std::size_t index = slots_[slot] - 1;
    if (!machine_.charge(1)) return true;
    if (hashes_[index] == hash && machine_.equal(items_[index], item) == Truth::True) return true;
  }
  return false;
}

bool UniqueItems::add(const Value& item) {
  if (contains(item)) return false;
  items_.push_back(item);
  if (items_.size() > kFew && items_.size() * 2 > slots_.size()) {
    rehash();
  } else if (items_.size() > kFew) {
    hashes_.push_back(machine_.hash(item));
    std::size_t slot = slot_of(hashes_.back());
    while (slots_[slot] != 0) slot = slot_of(slot + 1);
    slots_[slot] = static_cast<std::uint32_t>(items_.size());
  }
  return true;
}

void UniqueItems::rehash() {
  std::size_t size = 64;
  while (size < items_.size() * 4) size *= 2;
  slots_.assign(size, 0);
  for (std::size_t i = hashes_.size(); i < items_.size(); ++i) hashes_.push_back(machine_.hash(items_[i]));
  for (std::size_t i = 0; i < items_.size(); ++i) {
    std::size_t slot = slot_of(hashes_[i]);
    while (slots_[slot] != 0) slot = slot_of(slot + 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace fhir::path
