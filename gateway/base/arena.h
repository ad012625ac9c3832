#pragma once
// Scratch memory of one message: allocated by moving a pointer, given back all at once by reset().

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace lienthong {

// Not thread-safe: one arena a worker. Objects placed here are never destroyed, so place only trivial ones.
class Arena {
 public:
  // `limit`: the most bytes one message may take; allocate() returns nullptr beyond it.
  explicit Arena(std::size_t limit = std::size_t{64} << 20);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Returns `size` bytes aligned to `align` (a power of two), or nullptr when the limit is reached.
  void* allocate(std::size_t size, std::size_t align = alignof(std::max_align_t)) noexcept;

  // Copies text into the arena; an empty view with nullptr data when the limit is reached.
  std::string_view copy(std::string_view text) noexcept;

  // Forgets everything; keeps the first block, so a steady load allocates nothing.
  void reset() noexcept;

  std::size_t used() const noexcept { return used_; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  bool grow(std::size_t at_least) noexcept;

  std::vector<Block> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  std::size_t used_ = 0;
  std::size_t limit_;
};

}  // namespace lienthong
