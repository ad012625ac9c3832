// The shape of a resource: what of the message decides how it is written (stencil_plan.h).
#include <bit>

#include "gateway/convert/machine_reading.h"

namespace lienthong::convert {
namespace {

// The value of the lowest bit.
lt_value& value_at(const PlaceValues& values, std::uint32_t word, std::uint64_t bits) noexcept {
  return values.values[word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits))];
}

}  // namespace

// False when the resource has to be written by its program.
bool Machine::read_shape(std::uint32_t resource) {
  const auto& plan = program_.stencil_plans[resource];
  shape_.clear();
  shape_.is_exact = stencils_.is_exact(resource);
  shape_.text.append(resource << 1 | (shape_.is_exact ? 1U : 0U));
  const auto generation = places_.generation();
  shape_.text.append_text(settings_.facility);
  shape_.text.append('|');
  for (const auto& slot : plan.slots)
    shape_.text.append(instances_.named(scope_, slot.local, slot.up) == kNone ? '0' : '1');
  for (const auto slot : plan.made_slots) {
    std::uint32_t count = 0;
    for (auto i = next_made(instances_.scopes[scope_].first, slot); i != kNone; i = next_made(i + 1, slot)) {
      if (++count > Shape::kMostNodes) return false;  // to take down each is to count to it
    }
    shape_.text.append(count);
  }
  return read_shape_steps(plan, 0, plan.steps.size(), kNone) && !shape_.text.is_full() &&
         places_.generation() == generation;
}

// Nests as deep as the mapping's loops, of which there are kMaxLevels at most.
bool Machine::read_shape_steps(const StencilPlan& plan, std::size_t from, std::size_t to,
                               std::uint32_t node) {
  for (auto at = from; at < to; ++at) {
    const auto& step = plan.steps[at];
    if (!step.is_loop) {
      if (!read_shape_place(plan.places[step.at], node)) return false;
      continue;
    }
    if (!read_shape_loop(plan, at, node)) return false;
    at = step.end - 1;
  }
  return true;
}

bool Machine::read_shape_loop(const StencilPlan& plan, std::size_t at, std::uint32_t node) {
  const auto& step = plan.steps[at];
  const auto& start = program_.code[step.at];
  const bool is_there = place(start.level, kind_of(start)).may_have(column_of(start));
  const auto count = is_there ? message_.count(nodes_[start.level], start.a) : 0;
  if (count > Shape::kMostNodes - shape_.nodes.size()) return false;
  shape_.text.append(static_cast<char>(count));
  for (std::size_t i = 0; i < count; ++i) {
    nodes_[start.extra] = message_.child(nodes_[start.level], start.a, i);
    const auto inner = static_cast<std::uint32_t>(shape_.nodes.size());
    shape_.nodes.push_back({nodes_[start.extra], node, step.at, static_cast<std::uint32_t>(i)});
    if (!read_shape_steps(plan, at + 1, step.end, inner)) return false;
  }
  return true;
}

bool Machine::read_shape_place(const ShapePlace& shape, std::uint32_t node) {
  const auto& values = place(shape.level, shape.kind);
  shape_.places.push_back({&values, node, shape.level});
  for (const auto& columns : shape.columns) {
    auto valued = values.there[columns.word] & columns.read;
    for (auto rest = valued; rest != 0; rest &= rest - 1) {
      auto& value = value_at(values, columns.word, rest);
      if (!places_.settle_quietly(values, value)) return false;
      if (value.text.size == 0) valued &= ~(rest & -rest);
    }
    shape_.text.append(valued);
    for (auto rest = shape_.is_exact ? valued : valued & columns.texts; rest != 0; rest &= rest - 1)
      add_to_shape(value_at(values, columns.word, rest));
  }
  for (const auto at : shape.tests) {
    if (shape_.is_exact && program_.code[at].op != Op::TestRepeats) continue;
    if (values.may_have(column_of(program_.code[at]))) test_for_shape(program_.code[at], values);
  }
  return true;
}

// Whether it may be read as a number decides as well.
void Machine::add_to_shape(const lt_value& value) {
  const auto marks = value.flags & (LT_VALUE_PLAIN_NUMBER | LT_VALUE_NO_NUMBER);
  shape_.text.append(static_cast<std::uint32_t>(value.text.size << 4 | marks));
  shape_.text.append_text({value.text.data, value.text.size});
}

void Machine::test_for_shape(const Instruction& i, const PlaceValues& values) {
  bool holds = false;
  if (i.op == Op::TestRepeats) {
    holds = message_.count(nodes_[i.level], i.a) > 1;
  } else {
    const auto& value = values.values[column_of(i)];
    holds = test_value(i, {value.text.data, value.text.size},
                       sign_of(MessageContext::decimal_sign_of(value.flags)));
  }
  shape_.text.append(holds ? '1' : '0');
}

}  // namespace lienthong::convert
