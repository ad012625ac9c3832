#include "gateway/net/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "gateway/net/net_errors.h"

namespace lienthong::net {
namespace {

constexpr AddressBytes kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
constexpr unsigned kMappedBits = 96;

Failure bad_endpoint(std::string_view text, std::string_view why) {
  return fail(Category::Incorrect, kBadEndpoint,
              "\"" + std::string(text) + "\" is not an address and port: " + std::string(why));
}

bool parse_number(std::string_view text, unsigned limit, unsigned& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty() && out <= limit;
}

// True when the first `bits` bits are the same.
bool same_prefix(const AddressBytes& a, const AddressBytes& b, unsigned bits) noexcept {
  const unsigned whole = bits / 8;
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool zero_behind(const AddressBytes& address, unsigned bits) noexcept {
  for (unsigned bit = bits; bit < 128; ++bit) {
    if ((address[bit / 8] & (0x80U >> (bit % 8))) != 0) return false;
  }
  return true;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_endpoint(text, "the port is missing, write HOST:PORT");
  unsigned port = 0;
  if (!parse_number(text.substr(colon + 1), 65535, port)) {
    return bad_endpoint(text, "the port must be a number from 0 to 65535");
  }
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (has_colon && !bracketed) return bad_endpoint(text, "write an IPv6 address in brackets: [::1]:8080");
  AddressBytes address;
  if (bracketed && (!has_colon || !parse_address(host, address))) {
    return bad_endpoint(text, "only a numeric IPv6 address stands in brackets");
  }
  if (host.find_first_of(" \t\r\n/[]@") != std::string_view::npos) {
    return bad_endpoint(text, "the host holds a character that no host name has");
  }
  return Endpoint{std::string(host), static_cast<std::uint16_t>(port)};
}

std::string to_string(const Endpoint& endpoint) {
  const bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

bool parse_address(std::string_view text, AddressBytes& out) noexcept {
  char terminated[INET6_ADDRSTRLEN + 1];
  if (text.size() >= sizeof terminated) return false;
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  out = kMappedPrefix;
  if (inet_pton(AF_INET, terminated, out.data() + 12) == 1) return true;
  return inet_pton(AF_INET6, terminated, out.data()) == 1;
}

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost") return true;
  AddressBytes address;
  if (!parse_address(host, address)) return false;
  if (same_prefix(address, kMappedPrefix, kMappedBits)) return address[12] == 127;
  AddressBytes one{};
  one[15] = 1;
  return address == one;
}

Result<void> AllowList::add(std::string_view cidr) {
  const std::size_t slash = cidr.find('/');
  const std::string_view host = cidr.substr(0, slash);
  Block block{};
  const auto bad = [&](std::string_view why) {
    return fail(Category::Incorrect, kBadCidr,
                "\"" + std::string(cidr) + "\" is not an address block: " + std::string(why));
  };
  if (!parse_address(host, block.address)) return bad("write an address or ADDRESS/BITS, as 192.168.1.0/24");
  const bool ipv4 = host.find(':') == std::string_view::npos;
  block.bits = 128;
  if (slash != std::string_view::npos) {
    if (!parse_number(cidr.substr(slash + 1), ipv4 ? 32 : 128, block.bits)) {
      return bad(ipv4 ? "the bits must be a number from 0 to 32" : "the bits must be a number from 0 to 128");
    }
    if (ipv4) block.bits += kMappedBits;
  }
  if (!zero_behind(block.address, block.bits)) return bad("the address has bits set behind its prefix");
  blocks_.push_back(block);
  return {};
}

bool AllowList::allows(const AddressBytes& address) const noexcept {
  return blocks_.empty() || std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
           return same_prefix(address, block.address, block.bits);
         });
}

bool AllowList::allows(std::string_view address) const noexcept {
  AddressBytes bytes;
  return blocks_.empty() || (parse_address(address, bytes) && allows(bytes));
}

}  // namespace lienthong::net
