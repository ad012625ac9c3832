#include "fhir-model/validate/reference_form.h"

#include "fhir-model/validate/format.h"

namespace fhir::validate {
namespace {

const Type* resource_type(const Definitions& definitions, std::string_view name) {
  const Type* type = definitions.find_type(name);
  return type != nullptr && type->kind == TypeKind::Resource && !type->is_abstract ? type : nullptr;
}

// Finds "Type/id" at the end of `url`.
void find_identity(const Definitions& definitions, std::string_view url, ReferenceForm& form) {
  const auto id_slash = url.rfind('/');
  if (id_slash == std::string_view::npos || id_slash == 0 || !is_id(url.substr(id_slash + 1))) return;
  const auto type_slash = url.rfind('/', id_slash - 1);
  const auto start = type_slash == std::string_view::npos ? 0 : type_slash + 1;
  form.type = resource_type(definitions, url.substr(start, id_slash - start));
  if (form.type == nullptr) return;
  form.identity = url.substr(start);
  form.base = url.substr(0, start);
}

void strip_version(std::string_view reference, ReferenceForm& form) {
  form.unversioned = reference.substr(0, reference.find('#'));
  const auto history = form.unversioned.find("/_history/");
  if (history == std::string_view::npos) return;
  form.version = form.unversioned.substr(history + 10);
  form.unversioned = form.unversioned.substr(0, history);
}

}  // namespace

ReferenceForm parse_reference(const Definitions& definitions, std::string_view reference) {
  ReferenceForm form;
  if (reference.empty()) return form;
  if (reference.front() == '#') {
    form.kind = ReferenceKind::Fragment;
    return form;
  }
  if (const auto question = reference.find('?'); question != std::string_view::npos) {
    form.type = resource_type(definitions, reference.substr(0, question));
    if (form.type != nullptr) {
      form.kind = ReferenceKind::Conditional;
      return form;
    }
  }
  strip_version(reference, form);
  find_identity(definitions, form.unversioned, form);
  if (is_absolute_uri(reference)) {
    form.kind = ReferenceKind::Absolute;
    if (reference.substr(0, 4) != "http") form.type = nullptr;
    return form;
  }
  if (form.type != nullptr && form.base.empty()) form.kind = ReferenceKind::Relative;
  return form;
}

}  // namespace fhir::validate
