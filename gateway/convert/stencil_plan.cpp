#include "gateway/convert/stencil_plan.h"

#include <algorithm>

#include "gateway/convert/program_data.h"
#include "gateway/convert/value_flow.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kMostLoops = 64;

bool tests_text(Op op) noexcept {
  return op == Op::TestNumber || op == Op::TestTime || op == Op::TestClock || op == Op::TestLike ||
         op == Op::TestRepeats || op == Op::TestEquals || op == Op::TestIn;
}

std::uint32_t end_of(const ProgramData& program, std::uint32_t at) {
  while (program.code[at].op != Op::End) ++at;
  return at;
}

class StencilPlanner {
 public:
  StencilPlanner(const ProgramData& program, const ResourceProgram& resource)
      : program_(program), flow_(program, resource.write, end_of(program, resource.write)) {
    plan_.first = resource.write;
  }

  StencilPlan plan() {
    const auto end = end_of(program_, plan_.first);
    loops_.push_back({});
    for (auto at = plan_.first; at < end && is_possible_; ++at) add(at);
    plan_.is_possible = is_possible_ && flow_.is_sound() && loops_.size() == 1;
    if (!plan_.is_possible) return {};
    set_steps(loops_[0]);
    set_writes(end);
    return std::move(plan_);
  }

 private:
  // What is read in a loop; the first one is the resource.
  struct Loop {
    std::uint32_t start = 0;
    std::uint8_t level = 0;
    std::vector<std::uint32_t> places;  // in StencilPlan::places
    std::vector<Loop> inner;
  };

  void add(std::uint32_t at) {
    const auto& i = program_.code[at];
    if (i.op >= Op::KeyStart) is_possible_ = false;
    if (reads_column(i.op)) add_reading(i, at);
    switch (i.op) {
      case Op::EachStart:
        loops_.push_back({at, static_cast<std::uint8_t>(i.extra), {}, {}});
        is_possible_ = is_possible_ && loops_.size() <= kMaxLevels && ++loop_count_ <= kMostLoops;
        break;
      case Op::EachNext:
        end_loop();
        break;
      case Op::EachMadeStart:
        plan_.made_slots.push_back(i.a);
        break;
      case Op::Reference:
        if (i.a != kNone) add_slot({i.a, i.b});
        break;
      case Op::ReferenceIn:
        add_slot({i.c, i.level});
        break;
      case Op::TestMade:
        if (i.a != kNone) add_slot({i.a, i.b});
        break;
      case Op::Mention:
        add_mention(program_.resources[i.a]);
        break;
      default:
        break;
    }
  }

  void end_loop() {
    if (loops_.size() == 1) {
      is_possible_ = false;
      return;
    }
    auto inner = std::move(loops_.back());
    loops_.pop_back();
    loops_.back().inner.push_back(std::move(inner));
  }

  void add_slot(ShapeSlot slot) {
    if (std::find(plan_.slots.begin(), plan_.slots.end(), slot) == plan_.slots.end())
      plan_.slots.push_back(slot);
  }

  // A mention's programs are run whenever it is written; here only which values there are.
  void add_mention(const ResourceProgram& mention) {
    for (const auto program : {mention.condition, mention.key}) {
      if (program == kNone) continue;
      const auto end = end_of(program_, program);
      for (auto at = program; at < end; ++at) {
        const auto& i = program_.code[at];
        if (i.op == Op::EachStart || i.op == Op::Mention) is_possible_ = false;
        if (reads_column(i.op)) columns_of(i).read |= bit_of(i);
      }
    }
  }

  void add_reading(const Instruction& i, std::uint32_t at) {
    auto& columns = columns_of(i);
    if (i.op == Op::EachStart) return;
    columns.read |= bit_of(i);
    const bool decides = flow_.deciding().count(source_of(i)) != 0;
    if (decides) columns.texts |= bit_of(i);
    if (!tests_text(i.op) || (decides && i.op != Op::TestRepeats)) return;
    auto& tests = plan_.places[place_of(i)].tests;
    const bool is_known = std::any_of(tests.begin(), tests.end(), [&](std::uint32_t known) {
      const auto& other = program_.code[known];
      return other.op == i.op && other.c == i.c && other.b == i.b;
    });
    if (!is_known) tests.push_back(at);
  }

  // The loop whose nodes stand at a level.
  Loop& loop_of(std::uint8_t level) {
    for (auto at = loops_.size() - 1; at > 0; --at) {
      if (loops_[at].level == level) return loops_[at];
    }
    return loops_[0];
  }

  std::uint32_t place_of(const Instruction& i) {
    auto& loop = loop_of(i.level);
    for (const auto known : loop.places) {
      if (plan_.places[known].level == i.level && plan_.places[known].kind == kind_of(i)) return known;
    }
    ShapePlace place;
    place.level = i.level;
    place.kind = static_cast<std::uint16_t>(kind_of(i));
    plan_.places.push_back(std::move(place));
    loop.places.push_back(static_cast<std::uint32_t>(plan_.places.size() - 1));
    return loop.places.back();
  }

  ShapeColumns& columns_of(const Instruction& i) {
    auto& columns = plan_.places[place_of(i)].columns;
    const auto word = column_of(i) / 64;
    const auto known =
        std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.word == word; });
    if (known != columns.end()) return *known;
    columns.push_back({word, 0, 0});
    return columns.back();
  }
  static std::uint64_t bit_of(const Instruction& i) noexcept {
    return std::uint64_t{1} << (column_of(i) % 64);
  }

  void set_steps(const Loop& loop) {
    for (const auto place : loop.places) plan_.steps.push_back({false, place, 0});
    for (const auto& inner : loop.inner) {
      const auto at = plan_.steps.size();
      plan_.steps.push_back({true, inner.start, 0});
      set_steps(inner);
      plan_.steps[at].end = static_cast<std::uint32_t>(plan_.steps.size());
    }
  }

  void set_writes(std::uint32_t end) {
    plan_.writes.assign(end - plan_.first, Written::Decided);
    plan_.begins.assign(end - plan_.first, 0);
    for (const auto& [at, flow] : flow_.writes()) {
      const auto decides = [&](std::uint64_t source) { return flow_.deciding().count(source) != 0; };
      if (!flow.has_lines && std::all_of(flow.sources.begin(), flow.sources.end(), decides)) continue;
      const auto made = flow.has_lines ? Written::Listed : Written::Computed;
      plan_.writes[at - plan_.first] = flow.is_computed ? made : Written::Plain;
      plan_.begins[at - plan_.first] = flow.begin;
    }
  }

  const ProgramData& program_;
  ValueFlow flow_;
  StencilPlan plan_;
  std::vector<Loop> loops_;
  std::size_t loop_count_ = 0;
  bool is_possible_ = true;
};

}  // namespace

StencilPlan plan_stencil(const ProgramData& program, const ResourceProgram& resource) {
  if (resource.write == kNone) return {};
  return StencilPlanner(program, resource).plan();
}

}  // namespace lienthong::convert
