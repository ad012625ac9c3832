#include "adapters/hl7v2/reading_plan.h"

#include <algorithm>
#include <new>
#include <tuple>

#include "adapters/hl7v2/path.h"

namespace lienthong::hl7v2 {
namespace {

enum class Way : std::uint8_t { Plain, Presence, Part, Ask };

struct Wanted {
  Way way;
  std::uint32_t number;
  Path path;
};

Way way_of(const Path* path, const Path* context) noexcept {
  const bool in_repetition = context != nullptr && context->kind == PathKind::Field;
  if (path == nullptr || path->relative) return in_repetition ? Way::Part : Way::Ask;
  if (path->plain) return Way::Plain;
  const bool counted =
      path->kind == PathKind::Segment && path->ordinal == 0 && !is_envelope_segment(path->segment);
  return counted ? Way::Presence : Way::Ask;
}

// Takes memory for the most that `count` paths can need and fills it in their order.
class Builder {
 public:
  Builder(sdk::Host host, std::size_t count) noexcept
      : wanted_(host.allocate<Wanted>(count)),
        values_(host.allocate<PlannedValue>(count)),
        fields_(host.allocate<PlannedField>(count)),
        segments_(host.allocate<PlannedSegment>(count)),
        presences_(host.allocate<PlannedPresence>(count)),
        parts_(host.allocate<PlannedValue>(count)),
        asked_(host.allocate<std::uint32_t>(count)) {}

  bool has_memory() const noexcept {
    return wanted_ != nullptr && values_ != nullptr && fields_ != nullptr && segments_ != nullptr &&
           presences_ != nullptr && parts_ != nullptr && asked_ != nullptr;
  }

  void build(const Path* context, std::span<const lt_path> paths, ReadingPlan& plan) noexcept {
    for (std::uint32_t i = 0; i < paths.size(); ++i) {
      const Path* path = find_path(paths[i]);
      new (&wanted_[i]) Wanted{way_of(path, context), i, path == nullptr ? Path{} : *path};
    }
    std::sort(wanted_, wanted_ + paths.size(), [](const Wanted& a, const Wanted& b) {
      return std::tie(a.path.segment, a.path.field, a.path.component, a.path.subcomponent, a.number) <
             std::tie(b.path.segment, b.path.field, b.path.component, b.path.subcomponent, b.number);
    });
    for (std::uint32_t i = 0; i < paths.size(); ++i) add(wanted_[i], plan);
    plan.count = static_cast<std::uint32_t>(paths.size());
  }

 private:
  void add(const Wanted& wanted, ReadingPlan& plan) noexcept {
    const Path& path = wanted.path;
    switch (wanted.way) {
      case Way::Plain:
        return add_value(wanted, plan);
      case Way::Presence:
        presences_[plan.presences.size()] = {path.segment, path.shared, wanted.number};
        plan.presences = {presences_, plan.presences.size() + 1};
        return;
      case Way::Part:
        parts_[plan.parts.size()] = {wanted.number, path.component, path.subcomponent};
        plan.parts = {parts_, plan.parts.size() + 1};
        return;
      case Way::Ask:
        asked_[plan.asked.size()] = wanted.number;
        plan.asked = {asked_, plan.asked.size() + 1};
        return;
    }
  }

  void add_value(const Wanted& wanted, ReadingPlan& plan) noexcept {
    const Path& path = wanted.path;
    const auto value_count = static_cast<std::uint32_t>(plan.values.size());
    const auto field_count = static_cast<std::uint32_t>(plan.fields.size());
    const bool new_segment = plan.segments.empty() || plan.segments.back().segment != path.segment;
    if (new_segment || plan.fields.back().field != path.field) {
      fields_[field_count] = {path.field, value_count, value_count};
      plan.fields = {fields_, plan.fields.size() + 1};
    }
    if (new_segment) {
      segments_[plan.segments.size()] = {path.segment, path.shared, field_count, field_count};
      plan.segments = {segments_, plan.segments.size() + 1};
    }
    values_[value_count] = {wanted.number, path.component, path.subcomponent};
    plan.values = {values_, plan.values.size() + 1};
    fields_[plan.fields.size() - 1].end = value_count + 1;
    segments_[plan.segments.size() - 1].end = static_cast<std::uint32_t>(plan.fields.size());
  }

  Wanted* wanted_;
  PlannedValue* values_;
  PlannedField* fields_;
  PlannedSegment* segments_;
  PlannedPresence* presences_;
  PlannedValue* parts_;
  std::uint32_t* asked_;
};

}  // namespace

lt_status make_reading_plan(sdk::Host host, lt_path context, std::span<const lt_path> paths,
                            ReadingPlan*& out) noexcept {
  void* memory = host.allocate<ReadingPlan>(1);
  Builder builder(host, paths.size());
  if (memory == nullptr || !builder.has_memory()) return LT_LIMIT;
  out = new (memory) ReadingPlan{};
  builder.build(find_path(context), paths, *out);
  return LT_OK;
}

}  // namespace lienthong::hl7v2
