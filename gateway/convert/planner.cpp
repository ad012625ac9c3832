#include "gateway/convert/planner.h"

#include <algorithm>
#include <utility>

#include "gateway/convert/error_numbers.h"

namespace lienthong::convert {
namespace {

// The names of a scope are numbered from 0.
std::uint32_t slot_count(const ProgramData& program, std::uint32_t first, std::uint32_t count) noexcept {
  std::uint32_t slots = 0;
  for (auto i = first; i < first + count; ++i) {
    if (program.makes[i].slot != kNone) slots = std::max(slots, program.makes[i].local + 1);
  }
  return slots;
}

}  // namespace

void Planner::plan(const MessageProgram& message, const std::set<std::string, std::less<>>& dead) {
  dead_ = &dead;
  instances_.clear();
  snapshots_.clear();
  members_.clear();
  whole_members_.clear();
  scope_patients_.clear();
  const auto scope = instances_.open_scope(kNone, slot_count(program_, message.first, message.count));
  scope_patients_.push_back(kNone);
  walk(message.first, message.count, scope, Nodes{});
  instances_.close_scope(scope);
}

void Planner::walk(std::uint32_t first, std::uint32_t count, std::uint32_t scope, Nodes nodes) {
  for (auto i = first; i < first + count; ++i) visit(program_.makes[i], i, scope, nodes);
}

void Planner::visit(const MakeNode& make, std::uint32_t index, std::uint32_t scope, Nodes nodes) {
  pending_members_.clear();
  emptied_ = false;
  std::size_t count = 1;
  if (make.each_path != kNone) {
    machine_.enter(nodes, scope);
    if (!machine_.may_have(make.level, make.each_column)) return;
    count = message_.count(nodes[make.level], make.each_path);
  }
  if (count == 0) return;
  if (!make.each) {
    if (make.each_path != kNone)
      nodes[make.node_level] = message_.child(nodes[make.level], make.each_path, 0);
    enter(make, index, scope, nodes, 1);
  } else {
    const auto origin = nodes[make.level];
    for (std::size_t i = 0; i < count; ++i) {
      nodes[make.node_level] = message_.child(origin, make.each_path, i);
      enter(make, index, scope, nodes, count);
    }
  }
  if (make.snapshot_of == kNone || (pending_members_.empty() && !emptied_)) return;
  PlannedSnapshot snapshot;
  snapshot.make = index;
  snapshot.of = instances_.named(scope, make.snapshot_of, make.snapshot_up);
  snapshot.first = static_cast<std::uint32_t>(members_.size());
  snapshot.count = static_cast<std::uint32_t>(pending_members_.size());
  if (snapshot.of == kNone) return;
  members_.insert(members_.end(), pending_members_.begin(), pending_members_.end());
  snapshots_.push_back(snapshot);
}

void Planner::enter(const MakeNode& make, std::uint32_t index, std::uint32_t scope, const Nodes& nodes,
                    std::size_t sisters) {
  machine_.enter(nodes, scope);
  if (!machine_.holds(make.condition)) return;
  if (make.resource != kNone) {
    make_resource(make, index, scope, nodes);
    if (sisters == 1 && machine_.key_was_null()) emptied_ = true;  // a sole "" empties the list
    return;
  }
  const auto inner = instances_.open_scope(scope, slot_count(program_, make.first_child, make.child_count));
  scope_patients_.push_back(kNone);
  walk(make.first_child, make.child_count, inner, nodes);
  instances_.close_scope(inner);
}

void Planner::make_resource(const MakeNode& make, std::uint32_t index, std::uint32_t scope,
                            const Nodes& nodes) {
  const auto& program = program_.resources[make.resource];
  if (!machine_.holds(program.condition)) return;
  if (!machine_.make_key(program.key)) return report_no_key(make, program);
  const auto known = instances_.find(machine_.key());
  if (known == kNone) {
    if (dead_->count(machine_.key()) == 0) add(make, index, scope, nodes);
    return;
  }
  if (program.joined != kNone && join(program, known, nodes)) return;
  if (program.ordinal) {
    machine_.count_key(++instances_.all[known].equals + 1);
    if (dead_->count(machine_.key()) == 0 && instances_.find(machine_.key()) == kNone)
      add(make, index, scope, nodes);
    return;
  }
  const auto slots_at = instances_.scopes[scope].slots_at;
  auto& named = instances_.slot_instances[slots_at + make.local];
  if (named == kNone) named = known;
  if (program.type == "Patient") scope_patients_[scope] = known;
  if (make.each) machine_.raise(Severity::Information, kSameKey, program.write, program.type, false);
}

void Planner::add(const MakeNode& make, std::uint32_t index, std::uint32_t scope, const Nodes& nodes) {
  Instance instance;
  instance.resource = make.resource;
  instance.make = index;
  instance.slot = make.slot;
  instance.scope = scope;
  instance.role = make.role;
  instance.nodes = nodes;
  instance.key_value_at = static_cast<std::uint32_t>(instances_.keys.size());
  instance.key_value_size = static_cast<std::uint32_t>(machine_.key_value().size());
  instances_.keys += machine_.key_value();
  const bool is_patient = program_.resources[make.resource].type == "Patient";
  instance.patient = is_patient ? static_cast<std::uint32_t>(instances_.all.size()) : patient_of(scope);
  const auto number = instances_.add(instance, machine_.key());
  if (is_patient) scope_patients_[scope] = number;
  auto& named = instances_.slot_instances[instances_.scopes[scope].slots_at + make.local];
  if (named == kNone) named = number;
  if (make.snapshot_of != kNone) pending_members_.push_back(number);
  if (make.whole != kNone) whole_members_.push_back({make.whole, number});
}

// Text lines of one key are one resource (semantics 11): this place only adds its lines.
bool Planner::join(const ResourceProgram& program, std::uint32_t known, const Nodes& nodes) {
  if (!machine_.holds(program.joined)) return false;
  machine_.enter_instance(known);
  const bool joins = machine_.holds(program.joined);
  machine_.enter(nodes, instances_.all[known].scope);
  if (!joins) return false;
  const auto number = static_cast<std::uint32_t>(instances_.continuation_nodes.size());
  instances_.continuation_nodes.push_back(nodes);
  instances_.continuation_next.push_back(kNone);
  auto& instance = instances_.all[known];
  if (instance.continuation == kNone)
    instance.continuation = number;
  else
    instances_.continuation_next[instance.last_continuation] = number;
  instance.last_continuation = number;
  return true;
}

void Planner::report_no_key(const MakeNode& make, const ResourceProgram& program) {
  const auto severity = make.required ? Severity::Error : Severity::Warning;
  machine_.raise(severity, machine_.key_was_null() ? kKeyNull : kKeyAbsent, program.write, program.type,
                 false);
}

std::uint32_t Planner::patient_of(std::uint32_t scope) const noexcept {
  for (; scope != kNone; scope = instances_.scopes[scope].parent) {
    if (scope_patients_[scope] != kNone) return scope_patients_[scope];
  }
  return kNone;
}

}  // namespace lienthong::convert
