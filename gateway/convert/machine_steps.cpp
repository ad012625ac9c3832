#include "gateway/convert/machine_steps.h"

#include "gateway/convert/machine_reading.h"

namespace lienthong::convert {

struct MachineSteps {
  // The loop's own.
  static const Instruction* nothing(Machine&, const Instruction* i) { return i; }

  static const Instruction* get(Machine& m, const Instruction* i) {
    m.get(*i);
    return i;
  }

  static const Instruction* get_or_skip(Machine& m, const Instruction* i) {
    m.get(*i);
    return m.current_.valued() || m.trace_ != nullptr ? i : m.before(i->b);
  }

  static const Instruction* get_or_go(Machine& m, const Instruction* i) {
    m.get(*i);
    return m.current_.valued() ? m.before(i->b) : i;
  }

  static const Instruction* get_coding(Machine& m, const Instruction* i) {
    return m.get_coding(*i) ? i + kCodingLength - 1 : i;
  }

  static const Instruction* coding_array(Machine& m, const Instruction* i) {
    return m.coding_array(i) ? i + kCodingArrayLength - 1 : m.open_all(i);
  }

  static const Instruction* get_literal(Machine& m, const Instruction* i) {
    m.current_ = {};
    m.current_.text = m.literal(i->a, i->b);
    m.current_.constant = true;
    return i;
  }

  static const Instruction* clear(Machine& m, const Instruction* i) {
    m.current_ = {};
    return i;
  }

  static const Instruction* jump_if_valued(Machine& m, const Instruction* i) {
    return m.current_.valued() ? m.before(i->a) : i;
  }

  static const Instruction* jump(Machine& m, const Instruction* i) { return m.before(i->a); }

  static const Instruction* to_register(Machine& m, const Instruction* i) {
    m.registers_[i->a] = m.current_.text;
    return i;
  }

  static const Instruction* clear_register(Machine& m, const Instruction* i) {
    m.registers_[i->a] = {};
    return i;
  }

  static const Instruction* literal_register(Machine& m, const Instruction* i) {
    m.registers_[i->c] = m.literal(i->a, i->b);
    return i;
  }

  static const Instruction* write(Machine& m, const Instruction* i) {
    m.write(*i, m.index_of(i));
    return i;
  }

  static const Instruction* lookup(Machine& m, const Instruction* i) {
    m.lookup(*i, m.index_of(i));
    return i;
  }

  static const Instruction* make_namespace(Machine& m, const Instruction* i) {
    m.make_namespace(*i);
    return m.write_namespace(i[1]) ? i + 1 : i;
  }

  static const Instruction* require_grown(Machine& m, const Instruction* i) {
    m.require_grown(*i, m.index_of(i));
    return i;
  }

  static const Instruction* lines(Machine& m, const Instruction* i) {
    m.lines(*i);
    return i;
  }

  static const Instruction* transform(Machine& m, const Instruction* i) {
    m.transform(static_cast<Function>(i->a));
    return i;
  }

  static const Instruction* join_start(Machine& m, const Instruction* i) {
    m.joined_.clear();
    m.has_joined_ = false;
    return i;
  }

  static const Instruction* join_add(Machine& m, const Instruction* i) {
    m.join_add(*i);
    return i;
  }

  static const Instruction* join_end(Machine& m, const Instruction* i) {
    m.join_end();
    return i;
  }

  static const Instruction* reference(Machine& m, const Instruction* i) {
    const bool is_made = i->a == kNone;
    if (m.recorder_ != nullptr) is_made ? m.record_made() : m.record_slot(i->a, i->b);
    m.reference(is_made ? m.made_ : m.instances_.named(m.scope_, i->a, i->b));
    return i;
  }

  static const Instruction* reference_in(Machine& m, const Instruction* i) {
    m.reference_in(*i);
    return i;
  }

  static const Instruction* mention(Machine& m, const Instruction* i) {
    const auto instance = m.make_mention(i->a);
    if (m.recorder_ != nullptr) m.record_mention(i->a, instance);
    m.reference(instance);
    return i;
  }

  static const Instruction* key_add(Machine& m, const Instruction* i) { return m.key_add(i); }

  static const Instruction* key(Machine& m, const Instruction* i) {
    return m.before(m.run_key(*i, m.index_of(i)));
  }

  static const Instruction* each_start(Machine& m, const Instruction* i) {
    return m.before(m.each_start(*i, m.index_of(i)));
  }

  static const Instruction* each_next(Machine& m, const Instruction* i) {
    return m.before(m.each_next(*i, m.index_of(i)));
  }

  static const Instruction* each_made_start(Machine& m, const Instruction* i) {
    return m.before(m.each_made_start(*i, m.index_of(i)));
  }

  static const Instruction* each_made_next(Machine& m, const Instruction* i) {
    return m.before(m.each_made_next(*i, m.index_of(i)));
  }

  static const Instruction* test_equals(Machine& m, const Instruction* i) {
    m.truth_ = Machine::is_same(m.tested(*i), m.program_.texts[i->b]);
    return m.jump_on_truth(i);
  }

  static const Instruction* test_in(Machine& m, const Instruction* i) {
    m.truth_ = Machine::is_in(m.tested(*i), m.program_.lists[i->b]);
    return m.jump_on_truth(i);
  }

  static const Instruction* test_in_table(Machine& m, const Instruction* i) {
    const auto* row = m.row_of(i->b, m.tested(*i));
    m.truth_ = row != nullptr && !row->target_code.empty();
    return m.jump_on_truth(i);
  }

  static const Instruction* test_repeats(Machine& m, const Instruction* i) {
    const bool is_there = m.place(i->level, kind_of(*i)).may_have(column_of(*i));
    m.truth_ = is_there && m.message_.count(m.nodes_[i->level], i->a) > 1;
    return m.jump_on_truth(i);
  }

  static const Instruction* test_form(Machine& m, const Instruction* i) {
    m.tested_flags_ = 0;
    const auto text = m.tested(*i);
    m.truth_ = m.test_value(*i, text, m.sign_of(MessageContext::decimal_sign_of(m.tested_flags_)));
    return m.jump_on_truth(i);
  }

  static const Instruction* test_made(Machine& m, const Instruction* i) {
    m.truth_ = i->a != kNone && m.instances_.named(m.scope_, i->a, i->b) != kNone;
    return m.jump_on_truth(i);
  }

  static const Instruction* test_not(Machine& m, const Instruction* i) {
    m.truth_ = !m.truth_;
    return m.jump_on_truth(i);
  }
};

namespace {

// The steps, and for how many instructions there is one.
struct Steps {
  std::array<MachineStep, kOps> all{};
  std::size_t count = 0;

  constexpr Steps() { all.fill(&MachineSteps::nothing); }
  constexpr void set(Op op, MachineStep step) {
    all[static_cast<std::size_t>(op)] = step;
    ++count;
  }
};

constexpr void add_values(Steps& steps) {
  steps.set(Op::Get, &MachineSteps::get);
  steps.set(Op::GetOrSkip, &MachineSteps::get_or_skip);
  steps.set(Op::GetOrGo, &MachineSteps::get_or_go);
  steps.set(Op::GetCoding, &MachineSteps::get_coding);
  steps.set(Op::CodingArray, &MachineSteps::coding_array);
  steps.set(Op::GetLiteral, &MachineSteps::get_literal);
  steps.set(Op::Clear, &MachineSteps::clear);
  steps.set(Op::ToRegister, &MachineSteps::to_register);
  steps.set(Op::ClearRegister, &MachineSteps::clear_register);
  steps.set(Op::LiteralRegister, &MachineSteps::literal_register);
  steps.set(Op::Write, &MachineSteps::write);
  steps.set(Op::Lookup, &MachineSteps::lookup);
  steps.set(Op::Namespace, &MachineSteps::make_namespace);
  steps.set(Op::RequireGrown, &MachineSteps::require_grown);
  steps.set(Op::Lines, &MachineSteps::lines);
  steps.set(Op::Transform, &MachineSteps::transform);
  steps.set(Op::JoinStart, &MachineSteps::join_start);
  steps.set(Op::JoinAdd, &MachineSteps::join_add);
  steps.set(Op::JoinEnd, &MachineSteps::join_end);
  steps.set(Op::Reference, &MachineSteps::reference);
  steps.set(Op::ReferenceIn, &MachineSteps::reference_in);
  steps.set(Op::Mention, &MachineSteps::mention);
}

constexpr void add_ways_and_tests(Steps& steps) {
  steps.set(Op::JumpIfValued, &MachineSteps::jump_if_valued);
  steps.set(Op::Jump, &MachineSteps::jump);
  steps.set(Op::KeyAdd, &MachineSteps::key_add);
  steps.set(Op::EachStart, &MachineSteps::each_start);
  steps.set(Op::EachNext, &MachineSteps::each_next);
  steps.set(Op::EachMadeStart, &MachineSteps::each_made_start);
  steps.set(Op::EachMadeNext, &MachineSteps::each_made_next);
  steps.set(Op::TestEquals, &MachineSteps::test_equals);
  steps.set(Op::TestIn, &MachineSteps::test_in);
  steps.set(Op::TestInTable, &MachineSteps::test_in_table);
  steps.set(Op::TestRepeats, &MachineSteps::test_repeats);
  steps.set(Op::TestMade, &MachineSteps::test_made);
  steps.set(Op::TestNot, &MachineSteps::test_not);
  steps.set(Op::KeyStart, &MachineSteps::key);
  steps.set(Op::KeyOf, &MachineSteps::key);
  steps.set(Op::KeyPeriod, &MachineSteps::key);
  steps.set(Op::TestNumber, &MachineSteps::test_form);
  steps.set(Op::TestTime, &MachineSteps::test_form);
  steps.set(Op::TestClock, &MachineSteps::test_form);
  steps.set(Op::TestLike, &MachineSteps::test_form);
}

constexpr Steps all_steps() {
  Steps steps;
  add_values(steps);
  add_ways_and_tests(steps);
  return steps;
}

// SkipAbsent, JumpIfGrown, JumpIf, JumpUnless, GetWrite, Open, Close, TestValued, TestThere, GetRegister,
// NullStart, Literal, Mark, DropMark, GetKey, End, KeyEnd; and Nothing, which no program holds.
constexpr std::size_t kOpsOfTheLoop = 18;
static_assert(all_steps().count + kOpsOfTheLoop == kOps, "an instruction without a step");

}  // namespace

constinit const std::array<MachineStep, kOps> kMachineSteps = all_steps().all;

}  // namespace lienthong::convert
