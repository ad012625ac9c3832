#pragma once
// The form of a value: '#' is a digit, '?' any character, '*' any characters, everything else itself.

#include <string_view>

namespace lienthong::convert {

// Whether the whole text has that form. Linear in the text for each '*'; any thread.
bool is_like(std::string_view text, std::string_view form) noexcept;

}  // namespace lienthong::convert
