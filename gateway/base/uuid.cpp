#include "gateway/base/uuid.h"

// OpenSSL's own block function uses what the processor has for SHA-1; a message mints a dozen ids.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <atomic>
#include <bit>
#include <cstring>

namespace lienthong {
namespace {

// The project's namespace: made once at random, never changed (every id minted so far depends on it).
constexpr std::uint8_t kNamespace[16] = {0x6f, 0x1d, 0x2c, 0x94, 0x0b, 0x7e, 0x4a, 0x53,
                                         0x9c, 0x61, 0xe8, 0x35, 0x42, 0xaf, 0xd0, 0x17};

static_assert(std::endian::native == std::endian::little);
constexpr std::size_t kBlock = 64;  // of SHA-1 (FIPS 180-4 §5.2.1)

// The digest of the namespace and the key, block by block: a key is short, and the interface for texts of any
// length costs more than the digest itself.
SHA_CTX digest_of(std::string_view key) noexcept {
  SHA_CTX state;
  SHA1_Init(&state);
  std::uint8_t block[kBlock];
  std::memcpy(block, kNamespace, sizeof kNamespace);
  std::size_t filled = sizeof kNamespace;
  const std::uint64_t bits = (sizeof kNamespace + key.size()) * 8;
  while (key.size() >= kBlock - filled) {
    std::memcpy(block + filled, key.data(), kBlock - filled);
    key.remove_prefix(kBlock - filled);
    SHA1_Transform(&state, block);
    filled = 0;
  }
  if (!key.empty()) std::memcpy(block + filled, key.data(), key.size());
  filled += key.size();
  block[filled++] = 0x80;
  if (filled > kBlock - sizeof bits) {
    std::memset(block + filled, 0, kBlock - filled);
    SHA1_Transform(&state, block);
    filled = 0;
  }
  std::memset(block + filled, 0, kBlock - sizeof bits - filled);
  const std::uint64_t big_endian = __builtin_bswap64(bits);
  std::memcpy(block + kBlock - sizeof bits, &big_endian, sizeof bits);
  SHA1_Transform(&state, block);
  return state;
}

// All bytes as two hexadecimal digits each.
struct HexDigits {
  char pairs[256][2];
};
constexpr HexDigits kHexDigits = [] {
  constexpr char kDigits[] = "0123456789abcdef";
  HexDigits made{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    made.pairs[byte][0] = kDigits[byte >> 4];
    made.pairs[byte][1] = kDigits[byte & 15];
  }
  return made;
}();

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_hyphen_place(std::size_t i) noexcept {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

void write_uuid(const Uuid& uuid, char* out) noexcept {
  constexpr std::uint8_t kPlaces[] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i)
    std::memcpy(out + kPlaces[i], kHexDigits.pairs[uuid.bytes[i]], 2);
  for (const std::size_t place : {8, 13, 18, 23}) out[place] = '-';
}

std::string to_string(const Uuid& uuid) {
  std::string text(kUuidTextSize, '\0');
  write_uuid(uuid, text.data());
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) noexcept {
  if (text.size() != kUuidTextSize) return std::nullopt;
  Uuid uuid;
  std::size_t digit = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_hyphen_place(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[i]);
    if (value < 0) return std::nullopt;
    auto& byte = uuid.bytes[digit / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
    ++digit;
  }
  return uuid;
}

Uuid uuid_from_key(std::string_view key) noexcept {
  const SHA_CTX state = digest_of(key);
  const std::uint32_t words[] = {__builtin_bswap32(state.h0), __builtin_bswap32(state.h1),
                                 __builtin_bswap32(state.h2), __builtin_bswap32(state.h3)};
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), words, sizeof words);
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x50);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

Uuid new_uuid_v7(std::uint64_t unix_milliseconds) noexcept {
  // 48 bits of time, then a 24-bit counter in the places of rand_a and the head of rand_b, then random bits.
  static std::atomic<std::uint32_t> counter{0};
  thread_local std::uint8_t pool[512];
  thread_local std::size_t used = sizeof pool;
  if (used + 8 > sizeof pool) {
    RAND_bytes(pool, sizeof pool);
    used = 0;
  }
  Uuid uuid;
  for (std::size_t i = 0; i < 6; ++i)
    uuid.bytes[i] = static_cast<std::uint8_t>(unix_milliseconds >> (40 - 8 * i));
  std::memcpy(uuid.bytes.data() + 8, pool + used, 8);
  used += 8;
  const auto count = counter.fetch_add(1, std::memory_order_relaxed);
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | ((count >> 20) & 0x0f));
  uuid.bytes[7] = static_cast<std::uint8_t>(count >> 12);
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | ((count >> 6) & 0x3f));
  uuid.bytes[9] = static_cast<std::uint8_t>(((count & 0x3f) << 2) | (uuid.bytes[9] & 0x03));
  return uuid;
}

}  // namespace lienthong
