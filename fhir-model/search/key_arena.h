#pragma once
// Memory for the texts that keys need besides the resource's own.

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace fhir::search {

// Hands out bytes that stay in place until clear(), which keeps memory of usual size for the next use. One
// thread at a time.
class KeyArena {
 public:
  void clear() {
    if (total_ > kKept) {
      blocks_.clear();
      total_ = 0;
    }
    block_ = 0;
    used_ = 0;
  }
  // `size` writable bytes. give_back() returns the unused end of the last ones.
  char* take(std::size_t size) {
    while (block_ < blocks_.size() && blocks_[block_].size - used_ < size) {
      ++block_;
      used_ = 0;
    }
    if (block_ == blocks_.size()) add_block(size);
    char* bytes = blocks_[block_].bytes.get() + used_;
    used_ += size;
    return bytes;
  }
  void give_back(std::size_t size) { used_ -= size; }
  std::string_view copy(std::string_view text) {
    char* bytes = take(text.size());
    text.copy(bytes, text.size());
    return {bytes, text.size()};
  }

 private:
  static constexpr std::size_t kKept = 1 << 20;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  void add_block(std::size_t least) {
    constexpr std::size_t kUsual = 16 * 1024;
    const std::size_t size = least > kUsual ? least : kUsual;
    blocks_.push_back({std::make_unique<char[]>(size), size});
    total_ += size;
    used_ = 0;
  }

  std::vector<Block> blocks_;
  std::size_t total_ = 0;
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

}  // namespace fhir::search
