#include "adapters/bhyt/rows.h"

#include <cstring>

namespace lienthong::bhyt {
namespace {

// Room for twice as many, with what was there.
template <class T>
T* grown(sdk::Host host, const T* old, std::size_t used, std::size_t wanted) noexcept {
  T* made = host.allocate<T>(wanted);
  if (made != nullptr && used != 0) std::memcpy(static_cast<void*>(made), old, used * sizeof(T));
  return made;
}

}  // namespace

Value* Rows::add(sdk::Host host, std::uint32_t first_capacity) noexcept {
  if (count == capacity) {
    const std::uint32_t wanted = capacity == 0 ? first_capacity : capacity * 2;
    Value* made = grown(host, values, std::size_t{count} * field_count, std::size_t{wanted} * field_count);
    if (made == nullptr) return nullptr;
    values = made;
    capacity = wanted;
  }
  return values + std::size_t{count++} * field_count;
}

bool Rows::add_extra(sdk::Host host, const Extra& extra) noexcept {
  if (extra_count == extra_capacity) {
    const std::uint32_t wanted = extra_capacity == 0 ? 8 : extra_capacity * 2;
    Extra* made = grown(host, extras, extra_count, wanted);
    if (made == nullptr) return false;
    extras = made;
    extra_capacity = wanted;
  }
  extras[extra_count++] = extra;
  return true;
}

}  // namespace lienthong::bhyt
