#pragma once
// The hashes that the generator filled the tables' slots with (generator/flat.py, generator/names.py).

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fhir {

// FNV-1a, 32 bits, over the text with ASCII letters lowered.
inline std::uint32_t hash_text(std::string_view text) {
  std::uint32_t value = 0x811C9DC5U;
  for (const char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<unsigned char>(byte + 0x20);
    value = (value ^ byte) * 0x01000193U;
  }
  return value;
}

// Of a member name with at least 8 readable bytes behind it: from its first and last 8 bytes and its length.
inline std::uint32_t hash_name(const char* name, std::size_t length) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::memcpy(&first, name, sizeof first);
  if (length < 8) {
    first &= (std::uint64_t{1} << (8 * length)) - 1;
  } else if (length > 8) {
    std::memcpy(&last, name + length - 8, sizeof last);
  }
  const std::uint64_t mixed = ((first + length) * 0x9E3779B97F4A7C15ULL) ^ (last * 0xC2B2AE3D27D4EB4FULL);
  return static_cast<std::uint32_t>(mixed >> 48);
}

}  // namespace fhir
