#pragma once
// Walks over a resource by a plan.

#include "fhir-model/document/node.h"
#include "fhir-model/search/type_plan.h"

namespace fhir::search {

// What the walk meets, in document order; composites after everything below their element.
class PlanVisitor {
 public:
  virtual ~PlanVisitor() = default;
  virtual void element(const Action& action, const Node& node) = 0;
  virtual void composite(const Composite& composite, const Node& node) = 0;
};

// Visits everything from `node`, which is at `place`, downwards. Members that occur twice count once. The
// depth of recursion is bounded by the plan.
void walk_plan(const TypePlan& plan, std::uint32_t place, const Node& node, PlanVisitor& visitor);

}  // namespace fhir::search
