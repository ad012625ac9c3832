#pragma once
// Who said something, and when: what decides which of two statements about an element holds (semantics 8,
// 11).

#include <compare>
#include <cstdint>

namespace lienthong::repository::sqlite {

struct Said {
  std::uint32_t source = 0;
  std::int32_t precedence = 0;  // between sources the higher one decides
  std::int64_t time = 0;        // event time, microseconds
  std::uint8_t rank = 0;        // results: a final one is above a preliminary one, whatever the time
  std::uint8_t correction = 0;  // results: at the same time a correction is above what it corrects
  bool operator==(const Said&) const = default;
};

// Does a statement that arrives now replace the present one? The same for every order of arrival, except
// between statements of one source with the same time: there the last to arrive holds (semantics 8: ties go
// by order).
inline bool beats(const Said& arriving, const Said& present) noexcept {
  if (arriving.rank != present.rank) return arriving.rank > present.rank;
  if (arriving.precedence != present.precedence) return arriving.precedence > present.precedence;
  if (arriving.time != present.time) return arriving.time > present.time;
  if (arriving.correction != present.correction) return arriving.correction > present.correction;
  return arriving.source <= present.source;
}

}  // namespace lienthong::repository::sqlite
