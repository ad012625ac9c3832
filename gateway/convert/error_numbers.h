#pragma once
// The numbers of this room: problems of data (texts in problems.tsv) and errors. Stable: documentation refers
// to them.

#include <cstdint>

namespace lienthong::convert {

// Problems.
inline constexpr std::uint16_t kUnmappedCode = 2101;
inline constexpr std::uint16_t kNotATime = 2102;
inline constexpr std::uint16_t kNotANumber = 2103;
inline constexpr std::uint16_t kHourOnly = 2104;
inline constexpr std::uint16_t kKeyAbsent = 2105;
inline constexpr std::uint16_t kKeyNull = 2106;
inline constexpr std::uint16_t kRequiredMissing = 2107;
inline constexpr std::uint16_t kInvalidText = 2108;
inline constexpr std::uint16_t kUnknownCharset = 2109;
inline constexpr std::uint16_t kNotOfType = 2110;
inline constexpr std::uint16_t kSameKey = 2112;
inline constexpr std::uint16_t kEventInFuture = 2113;
inline constexpr std::uint16_t kEventUnreadable = 2114;
inline constexpr std::uint16_t kOutputLimit = 2115;
inline constexpr std::uint16_t kControlCharacters = 2116;
inline constexpr std::uint16_t kUnknownSender = 2118;
inline constexpr std::uint16_t kUnmappedUnit = 2119;
inline constexpr std::uint16_t kElseUsed = 2123;
inline constexpr std::uint16_t kOnlyAsText = 2124;
inline constexpr std::uint16_t kMadeUp = 2125;  // an exporter's constants stand together (semantics 17)

// Errors.
inline constexpr std::uint16_t kAdapterNotLoaded = 2151;
inline constexpr std::uint16_t kAdapterVersion = 2152;
inline constexpr std::uint16_t kAdapterIncomplete = 2153;
inline constexpr std::uint16_t kAdapterTwice = 2154;
inline constexpr std::uint16_t kNoSuchProfile = 2155;
inline constexpr std::uint16_t kMappingIncorrect = 2156;
inline constexpr std::uint16_t kAdapterAbsent = 2157;
inline constexpr std::uint16_t kAdapterRefused = 2158;
inline constexpr std::uint16_t kMalformed = 2159;
inline constexpr std::uint16_t kNoMapping = 2160;
inline constexpr std::uint16_t kMessageLimit = 2161;
inline constexpr std::uint16_t kAdapterFault = 2162;
inline constexpr std::uint16_t kNotOpen = 2163;
inline constexpr std::uint16_t kFileUnreadable = 2164;

inline constexpr std::uint16_t kOtherSender =
    2165;  // not of the facility the source is bound to (semantics 1)

}  // namespace lienthong::convert
