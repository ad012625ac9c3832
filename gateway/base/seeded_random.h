#pragma once
// Random numbers that depend on nothing but their seed: the same on every machine and in every version of the
// library.

#include <array>
#include <cstdint>

namespace lienthong {

// SplitMix64 (Steele, Lea, Flood 2014). Value type.
class SeededRandom {
 public:
  SeededRandom(std::uint64_t seed, std::uint64_t stream) : state_(seed * 0x9e3779b97f4a7c15u ^ stream) {
    next();
  }

  std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15u;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // 0 … bound - 1.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }
  template <class T, std::size_t N>
  const T& pick(const std::array<T, N>& from) noexcept {
    return from[below(N)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace lienthong
