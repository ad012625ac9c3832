#pragma once
// A stack whose memory is kept: pushing costs a comparison. Private to this room.

#include <cstddef>
#include <vector>

namespace lienthong::convert {

// T is trivially copyable. One thread.
template <class T>
class Stack {
 public:
  // A new item, which the caller fills in.
  T& push() {
    if (size_ == capacity_) grow();
    return items_[size_++];
  }
  void push(const T& item) { push() = item; }
  // Of a stack that is not empty. What is given stays as it is until the next push().
  const T& pop() noexcept { return items_[--size_]; }
  T& back() noexcept { return items_[size_ - 1]; }
  const T& back() const noexcept { return items_[size_ - 1]; }

  const T& operator[](std::size_t i) const noexcept { return items_[i]; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  // `size` is not above size().
  void cut(std::size_t size) noexcept { size_ = size; }
  void clear() noexcept { size_ = 0; }

 private:
  void grow() {
    capacity_ = size_ < 16 ? 32 : size_ * 2;
    items_.resize(capacity_);
  }

  std::vector<T> items_;
  std::size_t size_ = 0, capacity_ = 0;  // capacity_: items_.size(), which takes a division to tell
};

}  // namespace lienthong::convert
