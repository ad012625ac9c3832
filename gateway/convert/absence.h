#pragma once
// Whether a part of a program does nothing when none of the values it reads is there. Private to this room.
//
// Most of a mapping is about fields that most messages lack. Such a part is run here once, when the mapping
// is loaded, with every value absent: if it writes nothing, fails nothing and raises no problem, the machine
// steps over it by one test of bits (Op::SkipAbsent).

#include <cstdint>
#include <vector>

#include "gateway/convert/program_data.h"

namespace lienthong::convert {

class Absence {
 public:
  explicit Absence(const ProgramData& program) : program_(program) {}

  // The values that the instructions [from, to) may read at places that are entered before `from`.
  std::vector<ColumnMask> reads(std::uint32_t from, std::uint32_t to) const;

  // True when [from, to) surely does nothing while none of reads(from, to) is there.
  bool is_inert(std::uint32_t from, std::uint32_t to) const;

 private:
  void add_reads(std::uint32_t from, std::uint32_t to, std::vector<bool>& inner_levels,
                 std::vector<ColumnMask>& masks) const;
  std::uint32_t end_of(std::uint32_t program) const;

  const ProgramData& program_;
};

}  // namespace lienthong::convert
