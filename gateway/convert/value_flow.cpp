#include "gateway/convert/value_flow.h"

#include <algorithm>

namespace lienthong::convert {
namespace {

// What is compared with more than so many texts is a code.
constexpr std::size_t kMostCompared = 3;

// Instructions that read values and leave one, and do nothing else.
bool computes(Op op) noexcept {
  switch (op) {
    case Op::Get:
    case Op::GetOrSkip:
    case Op::GetOrGo:
    case Op::GetLiteral:
    case Op::Clear:
    case Op::Jump:
    case Op::JumpIf:
    case Op::JumpUnless:
    case Op::JumpIfValued:
    case Op::Lines:
    case Op::Transform:
    case Op::JoinStart:
    case Op::JoinAdd:
    case Op::JoinEnd:
      return true;
    default:
      return op >= Op::TestValued && op <= Op::TestNot && op != Op::TestMade;
  }
}

}  // namespace

void Flow::add(const Flow& other) {
  if (other.sources.empty()) return;
  begin = sources.empty() ? other.begin : std::min(begin, other.begin);
  sources.insert(other.sources.begin(), other.sources.end());
  is_computed = is_computed || other.is_computed;
  has_lines = has_lines || other.has_lines;
}

ValueFlow::ValueFlow(const ProgramData& program, std::uint32_t from, std::uint32_t to) : program_(program) {
  for (auto at = from; at < to; ++at) {
    if (const auto found = arriving_.find(at); found != arriving_.end()) current_.add(found->second);
    follow(at);
  }
  for (const auto& [source, with] : compared_) {
    if (with.size() > kMostCompared) deciding_.insert(source);
  }
  for (auto& [at, flow] : writes_) {
    if (flow.is_computed && !only_computes(flow.begin, at)) decide(flow);
  }
}

void ValueFlow::follow(std::uint32_t at) {
  const auto& i = program_.code[at];
  switch (i.op) {
    case Op::GetLiteral:
    case Op::Clear:
    case Op::Namespace:  // made of registers
      current_ = {};
      break;
    case Op::Transform:
      current_.is_computed = true;
      break;
    case Op::JoinStart:
      joined_ = {{}, true, false, at};
      break;
    case Op::JoinAdd:
      joined_.sources.insert(current_.sources.begin(), current_.sources.end());
      joined_.has_lines = joined_.has_lines || current_.has_lines;
      break;
    case Op::JoinEnd:
      current_ = joined_;
      break;
    case Op::JumpIfValued:  // whether a computed value is empty is not seen from its sources
      if (current_.is_computed) decide(current_);
      break;
    case Op::Lookup:
    case Op::ToRegister:
    case Op::KeyAdd:
    case Op::KeyPeriod:
      decide(current_);
      if (i.op != Op::ToRegister) current_ = {};
      break;
    case Op::Write:
      writes_[at].add(current_);
      break;
    default:
      read(i, at);
  }
  leave(i);
}

void ValueFlow::decide(const Flow& flow) {
  deciding_.insert(flow.sources.begin(), flow.sources.end());
  is_sound_ = is_sound_ && !flow.has_lines;
}

void ValueFlow::read(const Instruction& i, std::uint32_t at) {
  const auto source = source_of(i);
  switch (i.op) {
    case Op::Get:
    case Op::GetOrSkip:
    case Op::GetOrGo:
    case Op::GetWrite:
      current_ = {{source}, false, false, at};
      break;
    case Op::Lines:
      current_ = {{source}, true, true, at};
      break;
    case Op::GetKey:
    case Op::GetRegister:
    case Op::GetCoding:
      current_ = {{source}, false, false, at};
      decide(current_);
      break;
    case Op::TestEquals:
    case Op::TestIn:
      compared_[source].insert(std::uint64_t{i.b} << 1 | (i.op == Op::TestIn ? 1 : 0));
      break;
    case Op::TestInTable:
      deciding_.insert(source);
      break;
    default:
      break;
  }
}

// Without a value, a jump carries none.
void ValueFlow::leave(const Instruction& i) {
  const auto* const target = target_of(i);
  if (target == nullptr || i.op == Op::GetOrSkip || i.op == Op::GetWrite) return;
  arriving_[*target].add(current_);
}

bool ValueFlow::only_computes(std::uint32_t from, std::uint32_t to) const {
  return std::all_of(program_.code.begin() + from, program_.code.begin() + to, [&](const Instruction& i) {
    const auto* const target = target_of(i);
    const bool stays = target == nullptr || i.op == Op::GetOrSkip || (*target >= from && *target <= to);
    return stays && computes(i.op);
  });
}

}  // namespace lienthong::convert
