#pragma once
// Search parameters → TypePlan.

#include "fhir-model/search/search_model.h"
#include "fhir-model/search/type_plan.h"

namespace fhir::search {

// Compiles the parameters of a resource type. The usual shapes of expressions (paths, unions, as, ofType,
// where(resolve() is T), where(x = 'text'), extension('url')) become steps of the walk; the rest becomes
// programs. Parts of unions that start from another resource type are left out. `model` must outlive the
// plan.
TypePlan compile_plan(const SearchModel& model, TypeId resource);

}  // namespace fhir::search
