#pragma once
// Types and elements of FHIR R4 as flat records (source: the 4.0.1 StructureDefinitions' snapshots).

#include "fhir-model/definitions/atom.h"
#include "fhir-model/definitions/flat.h"

namespace fhir {

struct Binding;
struct Invariant;
struct Type;

// Number of a type in Definitions::types(). 0 is "none". Constants: generated/type_ids.h
// (fhir::type_ids::kPatient). As with atoms: never store them.
using TypeId = std::uint16_t;
inline constexpr TypeId kNoType = 0;

enum class TypeKind : std::uint8_t {
  None,
  Primitive,  // string, date, xhtml …: a JSON string, number or boolean
  Complex,    // HumanName, Extension, Element, BackboneElement …
  Resource,   // Patient, DomainResource, Resource …
  Backbone,   // nested element of one of those: "Patient.contact", named by its path
};

// What JSON form a value of a primitive type takes (R4 §2.6.2 "JSON representation of primitive elements").
enum class JsonForm : std::uint8_t { None, String, Number, Boolean, Object };

// One allowed type of an element; elements like value[x] have several.
struct TypeChoice {
  Text json_name;         // "valueQuantity"; for an element that is no choice, the element's name
  Slice<TypeId> targets;  // Reference and canonical: target resource types; empty or {Resource} = any
  Slice<Text> profiles;   // profiles demanded of the value by base R4 (SimpleQuantity, MoneyQuantity …)
  TypeId type;            // the primitive, complex, resource or backbone type
  Atom atom;              // of json_name
};

// One element of a type. For `Patient.contact.name` the owner is the type "Patient.contact".
struct Element {
  static constexpr std::uint16_t kUnbounded = 0xFFFF;

  Text name;                           // "value[x]" for a choice, else the JSON member's name
  Text path;                           // "Observation.value[x]", "Patient.contact.name"
  Slice<TypeChoice> types;             // one, or several of a choice; never empty
  Slice<std::uint16_t> invariant_ids;  // into Definitions::invariants(); the value's type has its own besides
  Text content_reference;  // "#Bundle.link" where the type is borrowed from another element, else empty
  Text definition_url;     // reserved for elements of loaded profiles; empty in the base tables
  TypeId owner;            // the type that this element belongs to
  std::uint16_t index;     // 0-based position among the owner's elements: the order demanded by XML
  std::uint16_t min;
  std::uint16_t max;         // kUnbounded for "*"
  std::uint16_t binding_id;  // into Definitions::bindings(); 0 = none
  Atom atom;       // of the name; for a choice, of the name without "[x]" (kNoAtom if no such member)
  bool is_choice;  // name ends in "[x]"
  bool is_array;   // base cardinality allows more than one: a JSON array always
  bool is_summary;
  bool is_modifier;
  bool is_xml_attribute;  // Element.id, Extension.url
  bool is_inherited;      // declared by a parent type (Resource.id, DomainResource.text …)
  std::uint16_t reserved;

  bool repeats() const { return max != 0 && max != 1; }
};

// One JSON member that a type allows; choice elements have one per allowed type.
struct Member {
  Atom atom;              // kNoAtom: unused slot
  std::uint16_t element;  // index in Type::elements
  std::uint16_t choice;   // index in Element::types
};

// A type. All elements, inherited ones first, are listed in the order of the specification.
struct Type {
  Text name;   // "Patient", "string", "Patient.contact"
  Text url;    // canonical URL of the StructureDefinition; empty for backbone types
  Text regex;  // primitives: the pattern a value must match as a whole; else empty
  Slice<Element> elements;
  Slice<Member> member_slots;          // collision-free hash of the members; use find_member()
  Slice<std::uint16_t> invariant_ids;  // those of the type itself (its root element)
  Slice<std::uint16_t>
      search_parameter_ids;  // resources: all parameters, those of Resource/DomainResource too
  TypeId id;
  TypeId base;  // Patient → DomainResource → Resource; string → Element; backbones → BackboneElement
  TypeKind kind;
  bool is_abstract;
  JsonForm json_form;
  std::uint8_t member_shift;  // of the hash, see find_member()
  std::uint32_t member_seed;
  bool is_profile;  // SimpleQuantity, MoneyQuantity: constraints on Quantity
  std::uint8_t reserved8;
  std::uint16_t reserved;

  bool is_primitive() const { return kind == TypeKind::Primitive; }
};

// A member found: the element and which of its types the member's name chose. Null element: no such member.
struct MemberMatch {
  const Element* element = nullptr;
  const TypeChoice* choice = nullptr;
  explicit operator bool() const { return element != nullptr; }
};

// The JSON member `atom` of `type`, in constant time: "name", "valueQuantity"; not "value[x]", not
// "resourceType".
inline MemberMatch find_member(const Type& type, Atom atom) {
  if (atom == kNoAtom || type.member_slots.empty()) return {};
  const std::uint32_t slot = (static_cast<std::uint32_t>(atom) * type.member_seed) >> type.member_shift;
  const Member& member = type.member_slots[slot];
  if (member.atom != atom) return {};
  const Element& element = type.elements[member.element];
  return {&element, &element.types[member.choice]};
}

// The element of `type` by its name without "[x]" ("value", "name"), null when there is none. Linear: for
// compilers of expressions and mappings, not for the walk over data.
inline const Element* find_element(const Type& type, std::string_view name) {
  for (const Element& element : type.elements) {
    if (element.atom != kNoAtom && atom_text(element.atom) == name) return &element;
  }
  return nullptr;
}

}  // namespace fhir
