// The loop over a program, with what it does most often.
#include "gateway/convert/error_numbers.h"
#include "gateway/convert/machine_reading.h"
#include "gateway/convert/machine_steps.h"

namespace lienthong::convert {
namespace {
constexpr char kEndOfArray[JsonText::kBlock + 1] = "],";
}  // namespace

// Whether none of the values a rule reads is there. Tracing looks at every reading, so that nothing is left
// out.
inline bool Machine::is_absent(const Instruction& i) {
  const auto* mask = program_.masks.data() + i.a;
  const auto* const end = mask + i.c;
  do {
    if ((place(mask->level, mask->kind).there[mask->word] & mask->bits) != 0) return false;
  } while (++mask != end);
  return trace_ == nullptr;
}

// Rules that are stepped over follow one another most often.
inline const Instruction* Machine::step_over(const Instruction* i) {
  while (is_absent(*i)) {
    i = before(i->b) + 1;
    if (i->op != Op::SkipAbsent) return i - 1;
  }
  if (i->extra != 0) start_element(i->extra - 1U);
  return i;
}

void Machine::get_slowly(const Instruction& i) {
  const auto& from = place(i.level, kind_of(i));
  if (!from.may_have(column_of(i))) return set_current(kNoValue, i);
  const auto& value = places_.value(from, column_of(i), i.a);
  set_current(value, i);
  if (trace_ != nullptr && current_.valued()) trace_read(current_, value.length);
}

inline const Instruction* Machine::get_write(const Instruction* i) {
  get(*i);
  if (!current_.valued() && trace_ == nullptr) return before(i->b);
  write(i[1], index_of(i + 1));
  return i + 1;
}

inline const Instruction* Machine::get_registers(const Instruction* i) {
  do {
    get(*i);
    registers_[i->b] = current_.text;
  } while ((++i)->op == Op::GetRegister);
  return i - 1;
}

std::string_view Machine::tested_slowly(const Instruction& i) {
  const auto& from = place(i.level, kind_of(i));
  if (!from.may_have(column_of(i))) return {};
  const auto& value = places_.value(from, column_of(i), i.a);
  tested_flags_ = value.flags;
  if (value.presence == LT_NULL) saw_null_ = true;
  const std::string_view text(value.text.data, value.text.size);
  if (trace_ != nullptr && !text.empty() && i.op != Op::TestThere)
    trace_->conditions.push_back({value.offset, value.length, nodes_[i.level], i.a});
  return text;
}

// Writes a row's Coding; false when it must be written part by part: to be traced, or because of a problem.
bool Machine::get_coding(const Instruction& i) {
  get(i);
  if (trace_ != nullptr) return false;
  if (!current_.valued()) return true;
  const auto* row = row_of(i.b, current_.text);
  if (row == nullptr || row->coding.empty()) return false;
  out_.append(row->coding);
  is_guarded_ = is_guarded_ || row->is_guarded;
  ++values_;
  return true;
}

// False when nothing was written.
bool Machine::coding_array(const Instruction* i) {
  if (trace_ != nullptr) return false;
  const auto before_all = out_.size();
  out_.append_padded(program_.literals.data() + i[0].a, i[0].b);
  out_.append_padded(program_.literals.data() + i[1].a, i[1].b);
  const auto before_coding = out_.size();
  if (!get_coding(i[2]) || out_.size() == before_coding) {
    out_.cut(before_all);
    return false;
  }
  out_.set_last('}');
  out_.append_padded(kEndOfArray, 2);
  return true;
}

const Instruction* Machine::open_all(const Instruction* i) {
  do {
    auto& frame = frames_.push();
    frame.mark = static_cast<std::uint32_t>(out_.size());
    out_.append_padded(program_.literals.data() + i->a, i->b);
    frame.start = static_cast<std::uint32_t>(out_.size());
    frame.values = values_;
    frame.items = static_cast<std::uint32_t>(items_.size());
    frame.failed_at = kNone;
    frame.failed = 0;
  } while ((++i)->op == Op::Open);
  return i - 1;
}

inline void Machine::close(const Instruction& i) {
  const auto& frame = frames_.pop();
  items_.cut(frame.items);
  const bool is_empty =
      out_.size() == frame.start || ((i.extra & kNeedsValue) != 0 && values_ == frame.values);
  if (is_empty || frame.failed != 0) return drop(frame);
  out_.set_last(static_cast<char>(i.a));
  if ((i.extra & kIsItem) != 0) {
    const std::size_t first = frames_.empty() ? 0 : frames_.back().items;
    if (items_.size() != first && is_repeated_item(frame)) {
      if (recorder_ != nullptr) recorder_->give_up();
      return rewind(frame.mark);
    }
    if (recorder_ != nullptr) record_item(frame, static_cast<std::uint32_t>(out_.size()));
    items_.push({frame.mark, static_cast<std::uint32_t>(out_.size())});
  }
  out_.append(',');
}

const Instruction* Machine::close_all(const Instruction* i) {
  do close(*i);
  while ((++i)->op == Op::Close);
  return i - 1;
}

// An object or array in which nothing was said, or which lacks what it needs.
void Machine::drop(const Frame& frame) {
  if (frame.failed == 2 && values_ != frame.values) {
    raise(Severity::Error, kRequiredMissing, frame.failed_at,
          program_.texts[program_.mark_entries[program_.marks[frame.failed_at]].element], false);
  }
  values_ = frame.values;
  rewind(frame.mark);
}

// Nothing of the element before was written, and it was stated as nothing.
void Machine::end_element() {
  if (element_ != kNone && settings_.null_deletes && saw_null_ && out_.size() == null_mark_)
    removed_.push_back(element_);
  element_ = kNone;
}

inline void Machine::start_element(std::uint32_t name) {
  if (saw_null_) end_element();
  element_ = name;
  saw_null_ = false;
  null_mark_ = static_cast<std::uint32_t>(out_.size());
}

// Nested runs (the key of a mention within a resource) leave the loops of the outer one as they were.
void Machine::run(std::uint32_t at) {
  const auto loops = loops_.size();
  for (const auto* i = program_.code.data() + at;; ++i) {
    switch (i->op) {
      case Op::SkipAbsent:
        i = step_over(i);
        continue;
      case Op::JumpIfGrown:
        if (out_.size() > marks_.back()) i = before(i->a);
        continue;
      case Op::JumpIf:
      case Op::JumpUnless:
        if (truth_ == (i->op == Op::JumpIf)) i = before(i->a);
        continue;
      case Op::GetWrite:
        i = get_write(i);
        continue;
      case Op::Open:
        i = open_all(i);
        continue;
      case Op::Close:
        i = close_all(i);
        continue;
      case Op::TestValued:
      case Op::TestThere:
        truth_ = !tested(*i).empty();
        i = jump_on_truth(i);
        continue;
      case Op::GetRegister:
        i = get_registers(i);
        continue;
      case Op::NullStart:
        start_element(i->a);
        continue;
      case Op::Literal:
        out_.append_padded(program_.literals.data() + i->a, i->b);
        continue;
      case Op::Mark:
        marks_.push(static_cast<std::uint32_t>(out_.size()));
        continue;
      case Op::DropMark:
        marks_.pop();
        continue;
      case Op::GetKey:
        get(*i);
        i = key_add(i + 1);
        continue;
      case Op::End:
      case Op::KeyEnd:
        is_done_ = i->op == Op::KeyEnd;
        loops_.cut(loops);
        return;
      default:
        i = kMachineSteps[static_cast<std::size_t>(i->op)](*this, i);
    }
  }
}

}  // namespace lienthong::convert
