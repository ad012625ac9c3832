// ValueSets.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/format.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// R4 "ValueSet", compose.include.system: an absolute URI; a fragment names nothing beyond the resource.
void Walk::value_set(const Node& resource) {
  const Node* compose = resource.find(atoms::kCompose);
  if (compose == nullptr) return;
  for (const Atom part : {atoms::kInclude, atoms::kExclude}) {
    const Node* list = compose->find(part);
    if (list == nullptr || !list->is_array()) continue;
    for (const Node& one : list->children()) {
      const auto system = one.member_text(atoms::kSystem);
      if (system.empty() || (system.front() != '#' && is_absolute_uri(system))) continue;
      report_.error(MessageId::SetSystemRelative, one, {system});
    }
  }
}

}  // namespace fhir::validate
