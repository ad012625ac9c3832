#include "fhir-model/document/source_position.h"

#include <algorithm>
#include <cstring>

namespace fhir {
namespace {

// Calls `found` with the offset behind each line feed of the text.
template <class Found>
void for_each_line_end(std::string_view text, Found found) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (at == nullptr) return;
    found(static_cast<std::uint64_t>(++at - text.data()));
  }
}

}  // namespace

SourcePosition LineIndex::at(std::uint64_t offset) {
  if (starts_.empty()) {
    starts_.push_back(0);
    for_each_line_end(text_, [this](std::uint64_t start) { starts_.push_back(start); });
  }
  offset = std::min<std::uint64_t>(offset, text_.size());
  const auto behind = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return {static_cast<std::uint32_t>(behind - starts_.begin()),
          static_cast<std::uint32_t>(offset - *(behind - 1) + 1)};
}

SourcePosition source_position(std::string_view text, std::uint64_t offset) {
  offset = std::min<std::uint64_t>(offset, text.size());
  std::uint64_t start = 0;
  std::uint32_t line = 1;
  for_each_line_end(text.substr(0, offset), [&](std::uint64_t next) {
    start = next;
    ++line;
  });
  return {line, static_cast<std::uint32_t>(offset - start + 1)};
}

}  // namespace fhir
