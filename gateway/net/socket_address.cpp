#include "gateway/net/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace lienthong::net {
namespace {

bool is_mapped(const AddressBytes& a) noexcept {
  constexpr AddressBytes kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::memcmp(a.data(), kPrefix.data(), 12) == 0;
}

}  // namespace

int SocketAddress::family() const noexcept {
  sa_family_t family = AF_UNSPEC;
  std::memcpy(&family, bytes.data(), sizeof family);
  return family;
}

std::uint16_t SocketAddress::port() const noexcept {
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  std::uint16_t port = 0;
  std::memcpy(&port, bytes.data() + offsetof(sockaddr_in, sin_port), sizeof port);
  return ntohs(port);
}

AddressBytes SocketAddress::address() const noexcept {
  AddressBytes out{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (family() == AF_INET) {
    std::memcpy(out.data() + 12, bytes.data() + offsetof(sockaddr_in, sin_addr), 4);
  } else {
    std::memcpy(out.data(), bytes.data() + offsetof(sockaddr_in6, sin6_addr), 16);
  }
  return out;
}

std::string SocketAddress::host() const {
  const AddressBytes a = address();
  char text[INET6_ADDRSTRLEN] = "";
  if (is_mapped(a)) {
    inet_ntop(AF_INET, a.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, a.data(), text, sizeof text);
  }
  return text;
}

std::optional<SocketAddress> numeric_address(const Endpoint& endpoint) noexcept {
  AddressBytes a{};
  if (!endpoint.host.empty() && !parse_address(endpoint.host, a)) return std::nullopt;
  SocketAddress out;
  if (is_mapped(a)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, a.data() + 12, 4);
    std::memcpy(out.bytes.data(), &v4, sizeof v4);
    out.size = sizeof v4;
    return out;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(endpoint.port);
  std::memcpy(&v6.sin6_addr, a.data(), 16);
  std::memcpy(out.bytes.data(), &v6, sizeof v6);
  out.size = sizeof v6;
  return out;
}

std::string address_text(std::string_view bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

SocketAddress local_address(int fd) noexcept {
  SocketAddress out;
  socklen_t size = out.bytes.size();
  if (getsockname(fd, out.get(), &size) == 0) out.size = size;
  return out;
}

}  // namespace lienthong::net
