#pragma once
// References taken apart.

#include <string_view>

#include "fhir-model/definitions/definitions.h"

namespace fhir::validate {

enum class ReferenceKind : std::uint8_t { Malformed, Fragment, Relative, Absolute, Conditional };

// "Patient/12", "http://a.org/fhir/Patient/12/_history/3", "#p1", "urn:uuid:…", "Patient?identifier=…".
struct ReferenceForm {
  ReferenceKind kind = ReferenceKind::Malformed;
  const Type* type = nullptr;    // resource type that it names, null when it names none
  std::string_view identity;     // "Patient/12" without version; empty when no type is named
  std::string_view base;         // of an absolute RESTful URL: all before `identity`
  std::string_view version;      // behind "/_history/"
  std::string_view unversioned;  // the reference without "/_history/…" and fragment
};

// Any thread, no allocation. The texts are parts of `reference`.
ReferenceForm parse_reference(const Definitions& definitions, std::string_view reference);

}  // namespace fhir::validate
