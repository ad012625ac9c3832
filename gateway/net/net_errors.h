#pragma once
// The numbers of this room's Errors (rendered LT-6003); stable across versions.

#include <cstdint>

namespace lienthong::net {

inline constexpr std::uint16_t kBadEndpoint = 6001;
inline constexpr std::uint16_t kBadCidr = 6002;
inline constexpr std::uint16_t kAddressInUse = 6003;
inline constexpr std::uint16_t kPortForbidden = 6004;
inline constexpr std::uint16_t kAddressNotHere = 6005;
inline constexpr std::uint16_t kUnreachable = 6006;
inline constexpr std::uint16_t kTimedOut = 6007;
inline constexpr std::uint16_t kTooManyWaiting = 6008;
inline constexpr std::uint16_t kBadAnswer = 6009;
inline constexpr std::uint16_t kBadTlsFile = 6010;
inline constexpr std::uint16_t kTlsFailed = 6011;
inline constexpr std::uint16_t kCutOff = 6012;

}  // namespace lienthong::net
