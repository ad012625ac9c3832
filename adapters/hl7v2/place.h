#pragma once
// Places for people, "PID[1]-3[2].4", and paths for mappings, "PID-3.4".

#include <cstdint>
#include <string_view>

#include "adapters/hl7v2/scan.h"

namespace lienthong::hl7v2 {

// Short text on the stack; what does not fit is left out (no place is that long).
class ShortText {
 public:
  ShortText& add(std::string_view text) noexcept;
  ShortText& add(char before, std::uint32_t number) noexcept;
  ShortText& add_index(std::uint32_t number) noexcept;
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[96];
  std::size_t size_ = 0;
};

// Where a byte of a field stands, in HL7's numbers (1 …).
struct Position {
  std::uint32_t field = 0;
  std::uint32_t repetition = 0;
  std::uint32_t component = 0;
  std::uint32_t subcomponent = 0;
  bool repeats = false;  // the field has more than one repetition
};
Position position_of(const Scan& scan, const Segment& segment, std::uint32_t offset) noexcept;

enum class Depth : std::uint8_t { Segment, Field, Component, Subcomponent };

// "PID[1]-3[2].4"; the repetition is named where the field has several.
ShortText place_text(std::string_view segment, std::uint32_t ordinal, const Position& position,
                     Depth depth) noexcept;
// "PID-3.4".
ShortText path_text(std::string_view segment, const Position& position, Depth depth) noexcept;

}  // namespace lienthong::hl7v2
