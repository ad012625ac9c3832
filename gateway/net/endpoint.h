#pragma once
// Where to listen or to connect, and who may connect.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace lienthong::net {

// A host (an address or a name; "" = all addresses) and a port.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const Endpoint&) const = default;
};

// Reads "127.0.0.1:2575", "[::1]:8080", ":8080", "his.local:2575". Incorrect (LT-6001) names what is wrong.
Result<Endpoint> parse_endpoint(std::string_view text);

// The same form again: IPv6 in brackets.
std::string to_string(const Endpoint& endpoint);

// True for 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 and the name "localhost"; false for all else, also for "".
bool is_loopback(std::string_view host) noexcept;
inline bool is_loopback(const Endpoint& endpoint) noexcept {
  return is_loopback(endpoint.host);
}

// An IPv4 address is held as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2).
using AddressBytes = std::array<std::uint8_t, 16>;

// False when the text is no numeric address.
bool parse_address(std::string_view text, AddressBytes& out) noexcept;

// Addresses that may connect: "10.0.0.0/8", "192.168.1.7", "fd00::/8". Immutable after set-up; any thread.
class AllowList {
 public:
  // Incorrect (LT-6002) when a text is no address or CIDR block, or has bits set behind its prefix.
  Result<void> add(std::string_view cidr);

  // An empty list allows everyone (semantics 26 decides whether that may be started).
  bool allows(const AddressBytes& address) const noexcept;
  bool allows(std::string_view address) const noexcept;
  bool empty() const noexcept { return blocks_.empty(); }

 private:
  struct Block {
    AddressBytes address;
    unsigned bits;
  };
  std::vector<Block> blocks_;
};

}  // namespace lienthong::net
