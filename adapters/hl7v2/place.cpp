#include "adapters/hl7v2/place.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "adapters/hl7v2/bytes.h"

namespace lienthong::hl7v2 {

ShortText& ShortText::add(std::string_view text) noexcept {
  const std::size_t size = std::min(text.size(), sizeof(bytes_) - size_);
  if (size != 0) std::memcpy(bytes_ + size_, text.data(), size);
  size_ += size;
  return *this;
}

ShortText& ShortText::add(char before, std::uint32_t number) noexcept {
  char digits[12] = {before};
  const auto result = std::to_chars(digits + 1, digits + sizeof(digits), number);
  return add({digits, static_cast<std::size_t>(result.ptr - digits)});
}

ShortText& ShortText::add_index(std::uint32_t number) noexcept {
  return add('[', number).add("]");
}

Position position_of(const Scan& scan, const Segment& segment, std::uint32_t offset) noexcept {
  const std::uint32_t* first = scan.index + segment.first;
  const std::uint32_t* end = std::lower_bound(first, first + segment.fields, offset);
  Position position;
  if (end == first) return position;
  position.field = static_cast<std::uint32_t>(end - first) + (is_header(segment.id) ? 1 : 0);
  const char* field = scan.data + end[-1] + 1;
  const char* at = scan.data + offset;
  const char* field_end = scan.data + *end;
  position.repetition = 1;
  const char* start = field;
  const char* next = find_byte(field, field_end, scan.delimiters.repetition);
  position.repeats = next != field_end;
  for (; next < at; next = find_byte(start, field_end, scan.delimiters.repetition)) {
    ++position.repetition;
    start = next + 1;
  }
  position.component = count_byte(start, at, scan.delimiters.component) + 1;
  for (const char* p = start; p < at; p = find_byte(p, at, scan.delimiters.component) + 1) start = p;
  if (at > start && at[-1] == scan.delimiters.component) start = at;
  position.subcomponent = count_byte(start, at, scan.delimiters.subcomponent) + 1;
  return position;
}

ShortText place_text(std::string_view segment, std::uint32_t ordinal, const Position& position,
                     Depth depth) noexcept {
  ShortText text;
  text.add(segment);
  if (ordinal != 0) text.add_index(ordinal);
  if (depth >= Depth::Field) text.add('-', position.field);
  if (depth >= Depth::Field && position.repeats) text.add_index(position.repetition);
  if (depth >= Depth::Component) text.add('.', position.component);
  if (depth >= Depth::Subcomponent) text.add('.', position.subcomponent);
  return text;
}

ShortText path_text(std::string_view segment, const Position& position, Depth depth) noexcept {
  Position once = position;
  once.repeats = false;
  return place_text(segment, 0, once, depth);
}

}  // namespace lienthong::hl7v2
