#pragma once
// Internal to net: numeric socket addresses without <sys/socket.h> in headers.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/net/endpoint.h"

struct sockaddr;

namespace lienthong::net {

// An IPv4 or IPv6 address and port as the system calls want it.
struct SocketAddress {
  alignas(8) std::array<unsigned char, 28> bytes{};  // sockaddr_in or sockaddr_in6
  std::uint32_t size = 0;

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(bytes.data()); }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(bytes.data()); }
  int family() const noexcept;
  std::uint16_t port() const noexcept;
  // IPv4-mapped addresses are written as IPv4.
  std::string host() const;
  AddressBytes address() const noexcept;
};

// Nothing when the host is a name. "" is all addresses: [::], which takes IPv4 too.
std::optional<SocketAddress> numeric_address(const Endpoint& endpoint) noexcept;

// "10.0.0.1" from 4 bytes, "fd00::1" from 16.
std::string address_text(std::string_view bytes);

// What getsockname says; port 0 on failure.
SocketAddress local_address(int fd) noexcept;

}  // namespace lienthong::net
