#pragma once
// Byte offsets → lines and columns.

#include <cstdint>
#include <string_view>
#include <vector>

namespace fhir {

struct SourcePosition {
  std::uint32_t line = 1;    // 1-based
  std::uint32_t column = 1;  // 1-based, in bytes
};

// Finds lines of one text. Builds its index of line starts at the first question (one pass), then answers by
// binary search: made for a report of many problems. One thread at a time. The text must outlive it.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text) : text_(text) {}
  SourcePosition at(std::uint64_t offset);  // offsets behind the end count as the end

 private:
  std::string_view text_;
  std::vector<std::uint64_t> starts_;
};

// A single question, in one pass over the text before `offset`.
SourcePosition source_position(std::string_view text, std::uint64_t offset);

}  // namespace fhir
