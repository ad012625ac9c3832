#pragma once
// How the machine reads a value, in line where it is done most often. Private to this room.

#include "gateway/convert/machine.h"

namespace lienthong::convert {

inline constexpr lt_value kNoValue{{nullptr, 0}, kNoOffset, 0, LT_ABSENT, 0};

// What stands where the instruction reads, when it stands there as it is to be read and nobody traces; else
// null.
inline const lt_value* Machine::plain_value(const Instruction& i) const {
  const auto* const from = standing_[i.level];
  if (from->node != nodes_[i.level] || from->kind != kind_of(i) || trace_ != nullptr) return nullptr;
  if (!from->may_have(column_of(i))) return &kNoValue;
  const auto& value = from->values[column_of(i)];
  return Places::is_settled(value) ? &value : nullptr;
}

inline void Machine::set_current(const lt_value& value, const Instruction& i) {
  current_.text = {value.text.data, value.text.size};
  current_.constant = current_.harmless = current_.null = false;
  current_.flags = value.flags;
  current_.read = &i;
  current_.offset = value.offset;
  if (value.presence == LT_NULL) current_.null = saw_null_ = true;
}

inline void Machine::get(const Instruction& i) {
  const auto* const value = plain_value(i);
  if (value == nullptr) return get_slowly(i);
  set_current(*value, i);
}

// What a test reads; empty when there is nothing.
inline std::string_view Machine::tested(const Instruction& i) {
  const auto* const value = plain_value(i);
  if (value == nullptr) return tested_slowly(i);
  tested_flags_ = value->flags;
  if (value->presence == LT_NULL) saw_null_ = true;
  return {value->text.data, value->text.size};
}

// A test is followed by a jump most often.
inline const Instruction* Machine::jump_on_truth(const Instruction* test) const {
  const auto* const next = test + 1;
  if (next->op == Op::JumpUnless) return truth_ ? next : before(next->a);
  if (next->op == Op::JumpIf) return truth_ ? before(next->a) : next;
  return test;
}

inline const Instruction* Machine::key_add(const Instruction* i) {
  return add_key_part(i->extra == 1) ? i : before(i->a);
}

}  // namespace lienthong::convert
