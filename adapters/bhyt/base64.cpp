#include "adapters/bhyt/base64.h"

#include <array>
#include <cstdint>

namespace lienthong::bhyt {
namespace {

constexpr std::uint32_t kWrong = 0x80000000;
constexpr std::uint8_t kNotALetter = 0xff;

constexpr std::array<std::uint8_t, 256> make_letters() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNotALetter;
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kLetters.size(); ++i)
    values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::uint8_t>(i);
  return values;
}
constexpr auto kLetters = make_letters();

// Four letters become three bytes by four look-ups and three ors: each table holds the letter's bits where
// they end up. A byte that is no letter sets the highest bit.
using Places = std::array<std::uint32_t, 256>;
constexpr Places make_places(unsigned position) {
  Places places{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::uint32_t value = kLetters[i];
    if (value == kNotALetter) {
      places[i] = kWrong;
      continue;
    }
    const std::uint32_t bits = value << (18 - 6 * position);  // of 24, the first byte highest
    places[i] = (bits >> 16 & 0xff) | (bits & 0xff00) | (bits & 0xff) << 16;
  }
  return places;
}
constexpr Places kFirst = make_places(0), kSecond = make_places(1), kThird = make_places(2),
                 kFourth = make_places(3);

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::uint32_t three_bytes(const unsigned char* p) noexcept {
  return kFirst[p[0]] | kSecond[p[1]] | kThird[p[2]] | kFourth[p[3]];
}

void put_three(std::uint32_t bytes, char* out) noexcept {
  out[0] = static_cast<char>(bytes);
  out[1] = static_cast<char>(bytes >> 8);
  out[2] = static_cast<char>(bytes >> 16);
}

// One group that blanks interrupt or that ends the text.
struct Group {
  std::uint8_t values[4] = {};
  unsigned letters = 0, padding = 0;
};

}  // namespace

Decoded decode_base64(std::string_view text, char* out) noexcept {
  const auto* const begin = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = begin + text.size();
  const auto* p = begin;
  char* const start = out;
  const auto wrong = [&](const unsigned char* at) {
    return Decoded{false, 0, static_cast<std::size_t>(at - begin)};
  };
  for (;;) {
    while (end - p >= 8) {
      const std::uint32_t one = three_bytes(p), two = three_bytes(p + 4);
      if (((one | two) & kWrong) != 0) break;
      put_three(one, out);
      put_three(two, out + 3);
      p += 8;
      out += 6;
    }
    Group group;
    for (; p < end && group.letters + group.padding < 4; ++p) {
      if (is_blank(static_cast<char>(*p))) continue;
      if (*p == '=' && group.letters >= 2) {
        ++group.padding;
        continue;
      }
      if (kLetters[*p] == kNotALetter || group.padding > 0) return wrong(p);
      group.values[group.letters++] = kLetters[*p];
    }
    if (group.letters == 0) return {true, static_cast<std::size_t>(out - start), 0};
    if (group.letters == 1) return wrong(end);
    const std::uint32_t bits = static_cast<std::uint32_t>(group.values[0]) << 18 |
                               static_cast<std::uint32_t>(group.values[1]) << 12 |
                               static_cast<std::uint32_t>(group.values[2]) << 6 | group.values[3];
    *out++ = static_cast<char>(bits >> 16);
    if (group.letters > 2) *out++ = static_cast<char>(bits >> 8);
    if (group.letters > 3) *out++ = static_cast<char>(bits);
    if (group.letters == 4) continue;
    while (p < end && (is_blank(static_cast<char>(*p)) || *p == '=')) ++p;
    if (p < end) return wrong(p);  // text behind the end
    return {true, static_cast<std::size_t>(out - start), 0};
  }
}

}  // namespace lienthong::bhyt
