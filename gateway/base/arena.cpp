#include "gateway/base/arena.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace lienthong {
namespace {
constexpr std::size_t kFirstBlock = std::size_t{64} << 10;
}

Arena::Arena(std::size_t limit) : limit_(limit) {}

void* Arena::allocate(std::size_t size, std::size_t align) noexcept {
  if (size > limit_ || used_ + size > limit_) return nullptr;
  auto address = (reinterpret_cast<std::uintptr_t>(next_) + align - 1) & ~(align - 1);
  if (next_ == nullptr || address + size > reinterpret_cast<std::uintptr_t>(end_)) {
    if (!grow(size + align)) return nullptr;
    address = (reinterpret_cast<std::uintptr_t>(next_) + align - 1) & ~(align - 1);
  }
  next_ = reinterpret_cast<char*>(address + size);
  used_ += size;
  return reinterpret_cast<void*>(address);
}

std::string_view Arena::copy(std::string_view text) noexcept {
  auto* place = static_cast<char*>(allocate(text.size(), 1));
  if (place == nullptr) return {};
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

void Arena::reset() noexcept {
  if (blocks_.size() > 1) blocks_.resize(1);
  used_ = 0;
  next_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
  end_ = blocks_.empty() ? nullptr : next_ + blocks_.front().size;
}

bool Arena::grow(std::size_t at_least) noexcept {
  const auto size = std::max({at_least, kFirstBlock, blocks_.empty() ? 0 : blocks_.back().size * 2});
  char* bytes = new (std::nothrow) char[size];
  if (bytes == nullptr) return false;
  blocks_.push_back({std::unique_ptr<char[]>(bytes), size});
  next_ = bytes;
  end_ = bytes + size;
  return true;
}

}  // namespace lienthong
