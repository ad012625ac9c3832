#include "gateway/convert/machine_steps.h"

#include <algorithm>

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
    m.reference(i->a == kNone ? m.made_ : m.instances_.named(m.scope_, i->a, i->b));
    return i;
  }

  static const Instruction* reference_in(Machine& m, const Instruction* i) {
    m.reference_in(*i);
    return i;
  }

  static const Instruction* mention(Machine& m, const Instruction* i) {
    m.reference(m.make_mention(i->a));
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
    const auto& list = m.program_.lists[i->b];
    const auto text = m.tested(*i);
    m.truth_ =
        std::any_of(list.begin(), list.end(), [&](const auto& item) { return Machine::is_same(text, item); });
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

constexpr std::size_t index_of(Op op) noexcept {
  return static_cast<std::size_t>(op);
}

constexpr void add_values(std::array<MachineStep, kOps>& steps) {
  steps[index_of(Op::Get)] = &MachineSteps::get;
  steps[index_of(Op::GetOrSkip)] = &MachineSteps::get_or_skip;
  steps[index_of(Op::GetOrGo)] = &MachineSteps::get_or_go;
  steps[index_of(Op::GetCoding)] = &MachineSteps::get_coding;
  steps[index_of(Op::CodingArray)] = &MachineSteps::coding_array;
  steps[index_of(Op::GetLiteral)] = &MachineSteps::get_literal;
  steps[index_of(Op::Clear)] = &MachineSteps::clear;
  steps[index_of(Op::ToRegister)] = &MachineSteps::to_register;
  steps[index_of(Op::ClearRegister)] = &MachineSteps::clear_register;
  steps[index_of(Op::LiteralRegister)] = &MachineSteps::literal_register;
  steps[index_of(Op::Write)] = &MachineSteps::write;
  steps[index_of(Op::Lookup)] = &MachineSteps::lookup;
  steps[index_of(Op::Namespace)] = &MachineSteps::make_namespace;
  steps[index_of(Op::RequireGrown)] = &MachineSteps::require_grown;
  steps[index_of(Op::Lines)] = &MachineSteps::lines;
  steps[index_of(Op::Transform)] = &MachineSteps::transform;
  steps[index_of(Op::JoinStart)] = &MachineSteps::join_start;
  steps[index_of(Op::JoinAdd)] = &MachineSteps::join_add;
  steps[index_of(Op::JoinEnd)] = &MachineSteps::join_end;
  steps[index_of(Op::Reference)] = &MachineSteps::reference;
  steps[index_of(Op::ReferenceIn)] = &MachineSteps::reference_in;
  steps[index_of(Op::Mention)] = &MachineSteps::mention;
}

constexpr void add_ways_and_tests(std::array<MachineStep, kOps>& steps) {
  steps[index_of(Op::JumpIfValued)] = &MachineSteps::jump_if_valued;
  steps[index_of(Op::Jump)] = &MachineSteps::jump;
  steps[index_of(Op::KeyAdd)] = &MachineSteps::key_add;
  steps[index_of(Op::EachStart)] = &MachineSteps::each_start;
  steps[index_of(Op::EachNext)] = &MachineSteps::each_next;
  steps[index_of(Op::EachMadeStart)] = &MachineSteps::each_made_start;
  steps[index_of(Op::EachMadeNext)] = &MachineSteps::each_made_next;
  steps[index_of(Op::TestEquals)] = &MachineSteps::test_equals;
  steps[index_of(Op::TestIn)] = &MachineSteps::test_in;
  steps[index_of(Op::TestInTable)] = &MachineSteps::test_in_table;
  steps[index_of(Op::TestRepeats)] = &MachineSteps::test_repeats;
  steps[index_of(Op::TestMade)] = &MachineSteps::test_made;
  steps[index_of(Op::TestNot)] = &MachineSteps::test_not;
  steps[index_of(Op::KeyStart)] = &MachineSteps::key;
  steps[index_of(Op::KeyOf)] = &MachineSteps::key;
  steps[index_of(Op::KeyPeriod)] = &MachineSteps::key;
  steps[index_of(Op::TestNumber)] = &MachineSteps::test_form;
  steps[index_of(Op::TestTime)] = &MachineSteps::test_form;
  steps[index_of(Op::TestClock)] = &MachineSteps::test_form;
  steps[index_of(Op::TestLike)] = &MachineSteps::test_form;
}

constexpr std::array<MachineStep, kOps> all_steps() {
  std::array<MachineStep, kOps> steps{};
  steps.fill(&MachineSteps::nothing);
  add_values(steps);
  add_ways_and_tests(steps);
  return steps;
}

// SkipAbsent, JumpIfGrown, JumpIf, JumpUnless, GetWrite, Open, Close, TestValued, TestThere, GetRegister,
// NullStart, Literal, Mark, DropMark, GetKey, End, KeyEnd; and Nothing, which no program holds.
constexpr std::ptrdiff_t kOpsOfTheLoop = 18;
constexpr bool is_complete() {
  const auto steps = all_steps();
  return std::count(steps.begin(), steps.end(), &MachineSteps::nothing) == kOpsOfTheLoop;
}
static_assert(is_complete(), "an instruction without a step");

}  // namespace

constinit const std::array<MachineStep, kOps> kMachineSteps = all_steps();

}  // namespace lienthong::convert
