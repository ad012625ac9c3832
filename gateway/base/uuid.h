#pragma once
// UUIDs (RFC 9562): version 7 for our own message numbers, version 5 for ids minted from a business key.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lienthong {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
};

inline constexpr std::size_t kUuidTextSize = 36;

// Writes the 36 lower-case characters at `out`.
void write_uuid(const Uuid& uuid, char* out) noexcept;
std::string to_string(const Uuid& uuid);
// Accepts exactly 36 characters, either case.
std::optional<Uuid> parse_uuid(std::string_view text) noexcept;

// Version 5 in the project's namespace: the same key gives the same id on every machine. Any thread.
Uuid uuid_from_key(std::string_view key) noexcept;

// Version 7: ordered by time within a process (a counter breaks ties). `unix_milliseconds` from a Clock. Any
// thread.
Uuid new_uuid_v7(std::uint64_t unix_milliseconds) noexcept;

}  // namespace lienthong
