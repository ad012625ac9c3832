#pragma once
// Numbers of this room's Errors (LT-16xx).

#include <cstdint>

namespace lienthong::identity {

inline constexpr std::uint16_t kCycle = 1601;  // Conflict: an alias or merge would lead back to itself

}  // namespace lienthong::identity
