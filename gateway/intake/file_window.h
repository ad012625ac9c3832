#pragma once
// The bytes of a body or file that are in hand: a bounded window that moves over it.

#include <cstddef>
#include <string_view>
#include <vector>

#include "gateway/intake/take.h"

namespace lienthong::intake {

// One thread. Grows with the message in it, so that a body of any size takes the memory of its largest one.
class FileWindow {
 public:
  enum class Filled : std::uint8_t { Yes, TooLong };

  // `most_bytes`: of what was not yet consumed.
  explicit FileWindow(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // What is in hand, with kPadding zero bytes behind it; valid until fill().
  std::string_view bytes() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }
  bool at_end() const noexcept { return at_end_; }
  std::size_t most_bytes() const noexcept { return most_bytes_; }
  void consume(std::size_t size) noexcept { begin_ += size; }
  // Reads on, a piece. TooLong: more than most_bytes wait already; nothing was read. Errors: the supply's.
  Result<Filled> fill(ByteSupply& supply);
  // Empty, as before the first fill(); the memory stays.
  void restart() noexcept {
    begin_ = end_ = 0;
    at_end_ = false;
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{256} << 10;

  const std::size_t most_bytes_;
  std::vector<char> bytes_;  // kPadding zero bytes behind end_
  std::size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;  // of the supply
};

}  // namespace lienthong::intake
