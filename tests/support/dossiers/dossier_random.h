#pragma once
// Random numbers that depend on nothing but their seed, the same everywhere (SplitMix64; Steele, Lea, Flood
// 2014).

#include <array>
#include <cstdint>
#include <string>

namespace lienthong::test {

class DossierRandom {
 public:
  DossierRandom(std::uint64_t seed, std::uint64_t stream) : state_(seed * 0x9e3779b97f4a7c15u ^ stream) {
    next();
  }

  std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15u;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }
  template <class T, std::size_t N>
  const T& pick(const std::array<T, N>& from) noexcept {
    return from[below(N)];
  }
  std::string digits(std::size_t count) {
    std::string text;
    while (text.size() < count) text += static_cast<char>('0' + below(10));
    return text;
  }

 private:
  std::uint64_t state_;
};

}  // namespace lienthong::test
