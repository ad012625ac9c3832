#include "fhir-model/search/extraction.h"

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/definitions/generated/type_ids.h"

namespace fhir::search {
namespace {

bool is_quantity(TypeId type) {
  return Definitions::r4().is_a(type, type_ids::kQuantity);
}

bool is_text(const Type& type) {
  return type.is_primitive() && type.json_form == JsonForm::String && type.id != type_ids::kXhtml;
}

Extraction token(const Type& type) {
  switch (type.id) {
    case type_ids::kBoolean:
      return Extraction::TokenBoolean;
    case type_ids::kCoding:
      return Extraction::TokenCoding;
    case type_ids::kCodeableConcept:
      return Extraction::TokenConcept;
    case type_ids::kIdentifier:
      return Extraction::TokenIdentifier;
    case type_ids::kContactPoint:
      return Extraction::TokenContactPoint;
    default:
      return type.is_primitive() && type.id != type_ids::kXhtml ? Extraction::TokenText : Extraction::None;
  }
}

Extraction string(const Type& type) {
  if (type.id == type_ids::kHumanName) return Extraction::StringHumanName;
  if (type.id == type_ids::kAddress) return Extraction::StringAddress;
  if (type.id == type_ids::kCodeableConcept) return Extraction::StringConcept;
  return is_text(type) ? Extraction::String : Extraction::None;
}

Extraction date(const Type& type) {
  switch (type.id) {
    case type_ids::kDate:
    case type_ids::kDateTime:
    case type_ids::kInstant:
      return Extraction::Date;
    case type_ids::kPeriod:
      return Extraction::DatePeriod;
    case type_ids::kTiming:
      return Extraction::DateTiming;
    default:
      return Extraction::None;
  }
}

Extraction number(const Type& type) {
  if (type.id == type_ids::kRange) return Extraction::NumberRange;
  if (is_quantity(type.id)) return Extraction::NumberQuantity;
  return type.json_form == JsonForm::Number ? Extraction::Number : Extraction::None;
}

Extraction quantity(const Type& type) {
  if (type.id == type_ids::kMoney) return Extraction::QuantityMoney;
  if (type.id == type_ids::kRange) return Extraction::QuantityRange;
  if (type.id == type_ids::kSampledData) return Extraction::QuantitySampled;
  return is_quantity(type.id) ? Extraction::Quantity : Extraction::None;
}

Extraction reference(const Type& type) {
  if (type.id == type_ids::kReference) return Extraction::Reference;
  if (type.id == type_ids::kIdentifier) return Extraction::ReferenceIdentifier;
  if (type.kind == TypeKind::Resource) return Extraction::ReferenceResource;
  const bool url = type.id == type_ids::kCanonical || type.id == type_ids::kUri || type.id == type_ids::kUrl;
  return url ? Extraction::ReferenceCanonical : Extraction::None;
}

}  // namespace

Extraction extraction_for(SearchType search, TypeId id) {
  const Type& type = Definitions::r4().type(id);
  switch (search) {
    case SearchType::Token:
      return token(type);
    case SearchType::String:
      return string(type);
    case SearchType::Date:
      return date(type);
    case SearchType::Number:
      return number(type);
    case SearchType::Quantity:
      return quantity(type);
    case SearchType::Reference:
      return reference(type);
    case SearchType::Uri:
      return is_text(type) ? Extraction::Uri : Extraction::None;
    case SearchType::Special:
      return type.name.view() == "Location.position" ? Extraction::Position : Extraction::None;
    case SearchType::Composite:
      return Extraction::None;
  }
  return Extraction::None;
}

}  // namespace fhir::search
