#pragma once
// "Did you mean …?"

#include <span>
#include <string_view>

namespace lienthong::app {

// The candidate with the smallest edit distance to `name`, if it is near enough to be a slip of the hand;
// else empty.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace lienthong::app
