#include "gateway/base/uuid.h"

// The one-shot digest interface allocates for each digest; a message mints a dozen ids.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <atomic>
#include <cstring>

namespace lienthong {
namespace {

// The project's namespace: made once at random, never changed (every id minted so far depends on it).
constexpr std::uint8_t kNamespace[16] = {0x6f, 0x1d, 0x2c, 0x94, 0x0b, 0x7e, 0x4a, 0x53,
                                         0x9c, 0x61, 0xe8, 0x35, 0x42, 0xaf, 0xd0, 0x17};

// A digest that has the namespace behind it already; copying it costs less than starting anew.
const SHA_CTX& prefix() noexcept {
  static const SHA_CTX made = [] {
    SHA_CTX fresh;
    SHA1_Init(&fresh);
    SHA1_Update(&fresh, kNamespace, sizeof kNamespace);
    return fresh;
  }();
  return made;
}

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
  static constexpr char kDigits[] = "0123456789abcdef";
  std::size_t place = 0;
  for (const auto byte : uuid.bytes) {
    if (is_hyphen_place(place)) out[place++] = '-';
    out[place++] = kDigits[byte >> 4];
    out[place++] = kDigits[byte & 15];
  }
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
  SHA_CTX work = prefix();
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1_Update(&work, key.data(), key.size());
  SHA1_Final(digest, &work);
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), digest, 16);
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
