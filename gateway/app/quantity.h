#pragma once
// Quantities of the configuration as people write them: "64 MiB", "30s".

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lienthong::app {

// A number of bytes: "512", "64 KiB", "16 MiB", "2 GiB"; the space may be left out.
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
std::string format_size(std::uint64_t bytes);  // the largest unit that divides it

// "250ms", "30s", "10m", "24h", "7d". A bare number is no duration, except 0.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
std::string format_duration(std::chrono::milliseconds duration);  // the largest unit that divides it

// "+07:00", "-03:30", "Z" or "+00:00": minutes east of UTC.
std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) noexcept;

}  // namespace lienthong::app
