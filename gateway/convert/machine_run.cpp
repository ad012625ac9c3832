// The loop over a program, with what it does most often.
#include "gateway/convert/error_numbers.h"
#include "gateway/convert/machine.h"

namespace lienthong::convert {

// Whether none of the values a rule reads is there. Tracing looks at every reading, so that nothing is left
// out.
inline bool Machine::is_absent(const Instruction& i) {
  const auto* mask = program_.masks.data() + i.a;
  for (const auto* const end = mask + i.c; mask != end; ++mask) {
    if ((place(mask->level, mask->kind).there[mask->word] & mask->bits) != 0) return false;
  }
  return trace_ == nullptr;
}

inline void Machine::get(const Instruction& i) {
  const auto& from = place(i.level, kind_of(i));
  current_.node = from.node;
  current_.path = i.a;
  current_.constant = current_.null = current_.harmless = false;
  current_.decimal_sign = '\0';
  if (!from.may_have(column_of(i))) {
    current_.text = {};
    current_.offset = kNoOffset;
    return;
  }
  const auto& value = places_.value(from, column_of(i), i.a);
  current_.text = {value.text.data, value.text.size};
  current_.offset = value.offset;
  current_.decimal_sign = MessageContext::decimal_sign_of(value);
  if (value.presence == LT_NULL) current_.null = saw_null_ = true;
  if (trace_ != nullptr && current_.valued()) trace_read(current_, value.length);
}

void Machine::read_current(const Instruction& i) {
  get(i);
}

// Writes a row's Coding; false when it must be written part by part: to be traced, or because of a problem.
bool Machine::get_coding(const Instruction& i) {
  get(i);
  if (trace_ != nullptr) return false;
  if (!current_.valued()) return true;
  const auto* row = program_.tables[i.b]->find(current_.text);
  if (row == nullptr || row->coding.empty()) return false;
  out_.append(row->coding);
  is_guarded_ = is_guarded_ || row->is_guarded;
  ++values_;
  return true;
}

inline void Machine::open(const Instruction& i) {
  auto& frame = frames_.push();
  frame.mark = static_cast<std::uint32_t>(out_.size());
  out_.append_padded(program_.literals.data() + i.a, i.b);
  frame.start = static_cast<std::uint32_t>(out_.size());
  frame.values = values_;
  frame.items = static_cast<std::uint32_t>(items_.size());
  frame.failed_at = kNone;
  frame.failed = 0;
}

inline void Machine::close(const Instruction& i) {
  const auto& frame = frames_.pop();
  items_.cut(frame.items);
  const bool is_empty =
      out_.size() == frame.start || ((i.extra & kNeedsValue) != 0 && values_ == frame.values);
  if (is_empty || frame.failed != 0) return drop(frame);
  out_.set_last(static_cast<char>(i.a));
  if ((i.extra & kIsItem) != 0) {
    if (is_repeated_item(frame)) return rewind(frame.mark);
    items_.push({frame.mark, static_cast<std::uint32_t>(out_.size())});
  }
  out_.append(',');
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

inline bool Machine::has_text(const Instruction& i) {
  const auto& from = place(i.level, kind_of(i));
  if (!from.may_have(column_of(i))) return false;
  run_test(i);
  return truth_;
}

// Nothing of the element before was written, and it was stated as nothing.
void Machine::end_element() {
  if (element_ != kNone && settings_.null_deletes && saw_null_ && out_.size() == null_mark_)
    removed_.push_back(element_);
  element_ = kNone;
}

inline void Machine::start_element(std::uint32_t name) {
  end_element();
  element_ = name;
  saw_null_ = false;
  null_mark_ = static_cast<std::uint32_t>(out_.size());
}

// The instruction before the one to go on with.
inline std::uint32_t Machine::step_over(const Instruction& i, std::uint32_t at) {
  if (is_absent(i)) return i.b - 1;
  if (i.extra != 0) start_element(i.extra - 1U);
  return at;
}

inline bool Machine::jumps(Op op) const noexcept {
  switch (op) {
    case Op::JumpIf:
      return truth_;
    case Op::JumpUnless:
      return !truth_;
    case Op::JumpIfGrown:
      return out_.size() > marks_.back();
    case Op::JumpIfValued:
      return current_.valued();
    default:
      return true;
  }
}

// Nested runs (the key of a mention within a resource) leave the loops of the outer one as they were.
void Machine::run(std::uint32_t at) {
  const auto loops = loops_.size();
  const auto* const code = program_.code.data();
  for (;; ++at) {
    const auto& i = code[at];
    switch (i.op) {
      case Op::SkipAbsent:
        at = step_over(i, at);
        continue;
      case Op::JumpIf:
      case Op::JumpUnless:
      case Op::JumpIfGrown:
      case Op::JumpIfValued:
      case Op::Jump:
        if (jumps(i.op)) at = i.a - 1;
        continue;
      case Op::Get:
        get(i);
        continue;
      case Op::GetOrSkip:
        get(i);
        if (!current_.valued() && trace_ == nullptr) at = i.b - 1;
        continue;
      case Op::GetOrGo:
        get(i);
        if (current_.valued()) at = i.b - 1;
        continue;
      case Op::Open:
        open(i);
        continue;
      case Op::Close:
        close(i);
        continue;
      case Op::Write:
        write(i, at);
        continue;
      case Op::TestValued:
      case Op::TestThere:
        truth_ = has_text(i);
        if (code[at + 1].op == Op::JumpUnless) at = truth_ ? at + 1 : code[at + 1].a - 1;
        continue;
      case Op::GetRegister:
        get(i);
        registers_[i.b] = current_.text;
        continue;
      case Op::Mark:
        marks_.push(static_cast<std::uint32_t>(out_.size()));
        continue;
      case Op::End:
      case Op::KeyEnd:
        is_done_ = i.op == Op::KeyEnd;
        loops_.cut(loops);
        return;
      default:
        at = run_other(i, at) - 1;
    }
  }
}

// Returns where to go on.
std::uint32_t Machine::run_other(const Instruction& i, std::uint32_t at) {
  switch (i.op) {
    case Op::NullStart:
      start_element(i.a);
      return at + 1;
    case Op::GetLiteral:
      current_ = {};
      current_.text = std::string_view(program_.literals.data() + i.a, i.b);
      current_.constant = true;
      return at + 1;
    case Op::KeyStart:
    case Op::KeyAdd:
    case Op::KeyOf:
    case Op::KeyPeriod:
      return run_key(i, at);
    case Op::EachStart:
      return each_start(i, at);
    case Op::EachNext:
      return each_next(i, at);
    case Op::EachMadeStart:
      return each_made_start(i, at);
    case Op::EachMadeNext:
      return each_made_next(i, at);
    case Op::GetCoding:
      return at + (get_coding(i) ? kCodingLength : 1);
    case Op::Lookup:
      lookup(i, at);
      return at + 1;
    case Op::RequireGrown:
      require_grown(i, at);
      return at + 1;
    case Op::DropMark:
      marks_.pop();
      return at + 1;
    case Op::TestNot:
      truth_ = !truth_;
      return at + 1;
    case Op::TestMade:
      truth_ = i.a != kNone && instances_.named(scope_, i.a, i.b) != kNone;
      return at + 1;
    case Op::Literal:
      out_.append_padded(program_.literals.data() + i.a, i.b);
      return at + 1;
    default:
      if (reads_column(i.op) && i.op != Op::Lines)
        run_test(i);
      else
        run_value(i);
      return at + 1;
  }
}

void Machine::run_value(const Instruction& i) {
  switch (i.op) {
    case Op::Clear:
      current_ = {};
      break;
    case Op::ToRegister:
      registers_[i.a] = current_.text;
      break;
    case Op::ClearRegister:
      registers_[i.a] = {};
      break;
    case Op::LiteralRegister:
      registers_[i.c] = std::string_view(program_.literals.data() + i.a, i.b);
      break;
    case Op::Lines:
      lines(i);
      break;
    case Op::Transform:
      transform(static_cast<Function>(i.a));
      break;
    case Op::JoinStart:
      joined_.clear();
      has_joined_ = false;
      break;
    case Op::JoinAdd:
      join_add(i);
      break;
    case Op::JoinEnd:
      join_end();
      break;
    case Op::Namespace:
      make_namespace(i);
      break;
    case Op::Reference:
      reference(i.a == kNone ? made_ : instances_.named(scope_, i.a, i.b));
      break;
    case Op::ReferenceIn:
      reference_in(i);
      break;
    case Op::Mention:
      reference(make_mention(i.a));
      break;
    default:
      break;
  }
}

}  // namespace lienthong::convert
