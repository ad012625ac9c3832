#pragma once
// Memory for values computed during one evaluation.

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fhir::path {

// Bump allocation in blocks that are kept for the next evaluation. Objects are not destroyed, only forgotten.
// One thread at a time. Allocation beyond the limit returns null.
class Scratch {
 public:
  explicit Scratch(std::size_t limit) : limit_(limit) {}

  // Aligned for every type; null when the limit is reached.
  void* allocate(std::size_t bytes) {
    bytes = (bytes + 15U) & ~std::size_t{15};
    if (bytes > static_cast<std::size_t>(end_ - next_) && !grow(bytes)) return nullptr;
    void* result = next_;
    next_ += bytes;
    return result;
  }

  template <class T>
  const T* keep(const T& value) {
    static_assert(std::is_trivially_destructible_v<T>);
    void* memory = allocate(sizeof(T));
    return memory == nullptr ? nullptr : new (memory) T(value);
  }

  // A copy of the text; a view of null data when the limit is reached and the text is not empty.
  std::string_view keep_text(std::string_view text) {
    if (text.empty()) return {"", 0};
    auto* memory = static_cast<char*>(allocate(text.size()));
    if (memory == nullptr) return {};
    std::memcpy(memory, text.data(), text.size());
    return {memory, text.size()};
  }

  // Forgets everything; keeps the first block.
  void reset() {
    if (blocks_.size() > 1) blocks_.resize(1);
    used_ = blocks_.empty() ? 0 : kBlock;
    next_ = blocks_.empty() ? nullptr : blocks_[0].get();
    end_ = blocks_.empty() ? nullptr : next_ + kBlock;
  }

 private:
  static constexpr std::size_t kBlock = 16 * 1024;

  // The first block always has kBlock bytes: reset() keeps it.
  bool grow(std::size_t bytes) {
    const std::size_t size = blocks_.empty() || bytes < kBlock ? kBlock : bytes;
    if (bytes > limit_ || used_ > limit_ - bytes) return false;
    blocks_.push_back(std::make_unique<char[]>(size));
    used_ += size;
    next_ = blocks_.back().get();
    end_ = next_ + size;
    return bytes <= size || grow(bytes);
  }

  std::size_t limit_;
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace fhir::path
