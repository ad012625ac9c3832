#pragma once
// The little of JSON that delivery has to find in resources which are known to be valid JSON: where a value
// ends, and which labels a resource carries. Any thread.

#include <cstddef>
#include <string_view>
#include <vector>

namespace lienthong::delivery {

// Bytes of the value at the beginning of `text`: an object, array or string to its end, else up to a comma or
// closing bracket. All of `text` when it does not end.
std::size_t value_size(std::string_view text) noexcept;

// The codes of every list named "security" (meta.security, R4 §6.1.1), in the resource itself and in what it
// holds; "" for one without a code. Views into `json`.
std::vector<std::string_view> security_codes(std::string_view json);

}  // namespace lienthong::delivery
