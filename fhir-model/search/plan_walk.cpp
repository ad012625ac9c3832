#include "fhir-model/search/plan_walk.h"

namespace fhir::search {
namespace {

void walk_members(const TypePlan& plan, const Place& place, const Node& object, PlanVisitor& visitor) {
  for (const Node& child : object.children()) {
    const Edge* edge = place.find(child.atom());
    if (edge == nullptr || child.is_underscored() || child.is_duplicate()) continue;
    if (!child.is_array()) {
      walk_plan(plan, edge->place, child, visitor);
      continue;
    }
    for (const Node& item : child.children()) walk_plan(plan, edge->place, item, visitor);
  }
}

}  // namespace

void walk_plan(const TypePlan& plan, std::uint32_t place_index, const Node& node, PlanVisitor& visitor) {
  if (node.is_null() || node.is_array()) return;
  const Place& place = plan.places[place_index];
  for (const Action& action : place.actions) visitor.element(action, node);
  if (!node.is_object()) return;
  if (!place.edges.empty()) walk_members(plan, place, node, visitor);
  for (const Filter& filter : place.filters) {
    if (node.member_text(filter.atom) == filter.text) walk_plan(plan, filter.place, node, visitor);
  }
  for (const Composite& composite : place.composites) visitor.composite(composite, node);
}

}  // namespace fhir::search
