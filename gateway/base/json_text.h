#pragma once
// Writing JSON by hand: text and escapes, nothing more.

#include <string>
#include <string_view>

namespace lienthong {

// Appends the text as a JSON string with its quotes (RFC 8259 §7). Bytes that are no UTF-8 become U+FFFD, so
// that the result is always valid JSON. Any thread.
void append_json_string(std::string& out, std::string_view text);

}  // namespace lienthong
