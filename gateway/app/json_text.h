#pragma once
// A text as a JSON string, for the lines that commands print.

#include <string>
#include <string_view>

namespace lienthong::app {

// With quotes; control characters escaped. `text` is UTF-8 (bytes that are not become U+FFFD).
std::string json_text(std::string_view text);

}  // namespace lienthong::app
