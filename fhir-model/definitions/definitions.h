#pragma once
// The tables of FHIR R4 and look-ups in them.

#include <string_view>

#include "fhir-model/definitions/invariant.h"
#include "fhir-model/definitions/search_parameter.h"
#include "fhir-model/definitions/terminology.h"
#include "fhir-model/definitions/type.h"

namespace fhir {

// One version of FHIR. Immutable and part of the program file: nothing to load, any thread, lives for ever.
class Definitions {
 public:
  // FHIR R4 (4.0.1).
  static const Definitions& r4();

  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;

  std::string_view fhir_version() const { return fhir_version_; }  // "4.0.1"

  // Element 0 of types(), bindings(), value_sets(), code_systems() and search_parameters() is a placeholder
  // for "none".
  const Slice<Type>& types() const { return types_; }
  const Slice<Invariant>& invariants() const { return invariants_; }
  const Slice<Binding>& bindings() const { return bindings_; }
  const Slice<ValueSet>& value_sets() const { return value_sets_; }
  const Slice<CodeSystem>& code_systems() const { return code_systems_; }
  const Slice<Concept>& concepts() const { return concepts_; }
  const Slice<SearchParameter>& search_parameters() const { return search_parameters_; }

  const Slice<Compartment>& compartments() const { return compartments_; }

  const Type& type(TypeId id) const { return types_[id]; }  // id < types().size()

  // By name ("Patient", "string", "Patient.contact"); null when there is none. Constant
  // time.
  const Type* find_type(std::string_view name) const;
  // By canonical URL "http://hl7.org/fhir/StructureDefinition/Patient" (a version behind "|" is ignored).
  const Type* find_type_by_url(std::string_view url) const;
  // Is `type` the same as `ancestor` or derived from it?
  bool is_a(TypeId type, TypeId ancestor) const;

  // By canonical URL; a version behind "|" is ignored. Null when not known. Constant time.
  const ValueSet* find_value_set(std::string_view url) const;
  const CodeSystem* find_code_system(std::string_view url) const;
  // The parameter `code` of a resource type, with those of Resource and DomainResource. Null when there is
  // none.
  const SearchParameter* find_search_parameter(const Type& resource, std::string_view code) const;

 private:
  friend class AtomTables;
  Slice<char> magic_;
  Text fhir_version_;
  Slice<Type> types_;
  Slice<Invariant> invariants_;
  Slice<Binding> bindings_;
  Slice<ValueSet> value_sets_;
  Slice<CodeSystem> code_systems_;
  Slice<Concept> concepts_;
  Slice<SearchParameter> search_parameters_;
  Slice<Compartment> compartments_;
  Slice<std::uint16_t> type_slots_;         // open addressing by hash of the name; 0 = empty
  Slice<std::uint16_t> value_set_slots_;    // … of the URL
  Slice<std::uint16_t> code_system_slots_;  // … of the URL
  Slice<Text> atoms_;
  Slice<std::uint16_t> atom_slots_;
};

}  // namespace fhir
