#include "fhir-model/search/key_writer.h"

#include "fhir-model/definitions/generated/atoms.h"

namespace fhir::search {

KeyRange KeyWriter::range_from(std::size_t first) const {
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(keys_->values_.size() - first)};
}

KeyRange KeyWriter::write(Extraction extraction, const Node& node, std::string_view implied_system) {
  const std::size_t first = keys_->values_.size();
  dispatch(extraction, node, implied_system);
  return range_from(first);
}

void KeyWriter::dispatch(Extraction extraction, const Node& node, std::string_view implied_system) {
  switch (extraction) {
    case Extraction::None:
      return;
    case Extraction::TokenText:
      return token_text(node, implied_system);
    case Extraction::TokenBoolean:
      return token_text(node, "http://hl7.org/fhir/special-values");
    case Extraction::TokenCoding:
      return token_coding(node);
    case Extraction::TokenConcept:
      return token_concept(node);
    case Extraction::TokenIdentifier:
      return token_identifier(node);
    case Extraction::TokenContactPoint:
      return token_contact_point(node);
    case Extraction::String:
      return string(&node);
    case Extraction::StringHumanName:
      return human_name(node);
    case Extraction::StringAddress:
      return address(node);
    case Extraction::StringConcept:
      return string(node.find(atoms::kText));
    case Extraction::Date:
      return date(node);
    case Extraction::DatePeriod:
      return period(node);
    case Extraction::DateTiming:
      return timing(node);
    case Extraction::Number:
      return number(node);
    case Extraction::NumberRange:
      return number_range(node);
    case Extraction::NumberQuantity:
      if (const Node* value = node.find(atoms::kValue)) number(*value);
      return;
    case Extraction::Quantity:
      return quantity(node, atoms::kCode);
    case Extraction::QuantityMoney:
      return quantity(node, atoms::kCurrency);
    case Extraction::QuantityRange:
      return quantity_range(node);
    case Extraction::QuantitySampled:
      return quantity_sampled(node);
    case Extraction::Reference:
      return reference(node);
    case Extraction::ReferenceCanonical:
      return canonical(node);
    case Extraction::ReferenceResource:
      return held_resource(node);
    case Extraction::ReferenceIdentifier:
      return reference_identifier(node, kNoType);
    case Extraction::Uri:
      if (node.is_string()) add(UriKey{node.text()}, node);
      return;
    case Extraction::Position:
      return position(node);
  }
}

KeyRange KeyWriter::write_computed_boolean(bool value) {
  const std::size_t first = keys_->values_.size();
  keys_->values_.push_back(
      {TokenKey{"http://hl7.org/fhir/special-values", value ? "true" : "false", {}, true}, nullptr});
  return range_from(first);
}

}  // namespace fhir::search
