#pragma once
// Which values of the input each instruction of a resource's program may work on. Private to this room.

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "gateway/convert/program_data.h"

namespace lienthong::convert {

// The current value, or that of several ways to here.
struct Flow {
  std::set<std::uint64_t> sources;  // values it may come from: level and packed column
  bool is_computed = false;         // not as read: joined, cut, of lines
  bool has_lines = false;           // repetitions of a value, of which only the first is a source
  std::uint32_t begin = 0;          // the first instruction that had a part in it

  void add(const Flow& other);
};

constexpr std::uint64_t source_of(const Instruction& i) noexcept {
  return std::uint64_t{i.level} << 32 | i.c;
}

// Follows the current value through one program, in the order of its instructions: jumps lead onward, but for
// loops, whose bodies read values anew.
class ValueFlow {
 public:
  // The instructions [from, to) of a resource's program.
  ValueFlow(const ProgramData& program, std::uint32_t from, std::uint32_t to);

  // Values whose text decides what is written: looked up in tables, compared with many others, named by.
  const std::set<std::uint64_t>& deciding() const noexcept { return deciding_; }
  // What each Write writes, by instruction.
  const std::map<std::uint32_t, Flow>& writes() const noexcept { return writes_; }
  // False when what decides is more than single values.
  bool is_sound() const noexcept { return is_sound_; }

 private:
  void follow(std::uint32_t at);
  void read(const Instruction& i, std::uint32_t at);
  void leave(const Instruction& i);
  void decide(const Flow& flow);
  bool only_computes(std::uint32_t from, std::uint32_t to) const;

  const ProgramData& program_;
  Flow current_, joined_;
  std::map<std::uint32_t, Flow> arriving_;  // by jumps, by instruction
  std::set<std::uint64_t> deciding_;
  std::map<std::uint64_t, std::set<std::uint64_t>> compared_;  // with which texts and lists
  std::map<std::uint32_t, Flow> writes_;
  bool is_sound_ = true;
};

}  // namespace lienthong::convert
