#pragma once
// Numbers of the journal's Errors (rendered LT-13xx). Stable across versions.

#include <cstdint>

namespace lienthong::journal {

inline constexpr std::uint16_t kMessageNotFound = 1301;  // NotFound: no such row or number
inline constexpr std::uint16_t kDictionaryNotFound =
    1302;                                              // Fault: a row names a dictionary that is not there
inline constexpr std::uint16_t kRawDamaged = 1303;     // Fault: kept bytes do not decompress to what was kept
inline constexpr std::uint16_t kSlotsFile = 1304;      // Fault: the in-hand file cannot be made or mapped
inline constexpr std::uint16_t kBatchNotFound = 1305;  // NotFound: no such batch
inline constexpr std::uint16_t kCompression = 1306;    // Fault: zstd failed
inline constexpr std::uint16_t kContributionsDamaged = 1307;  // Fault: a kept list does not read

}  // namespace lienthong::journal
