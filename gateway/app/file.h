#pragma once
// Whole files in and out, for configuration and tools; not for the data plane.

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace lienthong::app {

// The whole file; "-" = standard input. Errors: NotFound or Forbidden (LT-9001), Incorrect when longer than
// `limit`.
Result<std::string> read_file(const std::string& path, std::uint64_t limit = std::uint64_t{4} << 30);

// Replaces the file. Errors: Fault (LT-9215).
Result<void> write_file(const std::string& path, std::string_view content);

}  // namespace lienthong::app
