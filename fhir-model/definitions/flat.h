#pragma once
// Building blocks of the flat definition tables: they lie in the program file as they are used, so "loading"
// them is nothing but mapping the program. References inside the tables are distances from the field itself.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fhir {

// A text inside the tables. Lives as long as the program; never copied out of its record (the distance would
// be wrong), hence no copy constructor.
class Text {
 public:
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  std::string_view view() const { return {reinterpret_cast<const char*>(this) + distance_, length_}; }
  bool empty() const { return length_ == 0; }
  operator std::string_view() const { return view(); }

 private:
  std::int32_t distance_;
  std::uint32_t length_;
};

// A run of records of type T inside the tables. Same lifetime and copying rule as Text.
template <class T>
class Slice {
 public:
  Slice(const Slice&) = delete;
  Slice& operator=(const Slice&) = delete;

  const T* begin() const {
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(this) + distance_);
  }
  const T* end() const { return begin() + count_; }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  const T& operator[](std::size_t index) const { return begin()[index]; }  // index < size()

 private:
  std::int32_t distance_;
  std::uint32_t count_;
};

}  // namespace fhir
