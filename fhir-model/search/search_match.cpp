#include "fhir-model/search/search_match.h"

#include <algorithm>
#include <cmath>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/search/fold.h"

namespace fhir::search {
namespace {

bool system_matches(const SearchValue& value, std::string_view wanted, std::string_view system,
                    bool is_implied) {
  switch (value.system_part) {
    case SystemPart::Any:
      return true;
    case SystemPart::Without:
      return system.empty() || is_implied;
    case SystemPart::Given:
      return system == wanted;
  }
  return false;
}

bool text_matches(const SearchValue& value, std::string_view text) {
  return fold_text(text).starts_with(std::get<StringKey>(value.key).folded);
}

// Identifier.type has the code, and the value is the one asked for.
bool of_type_matches(const SearchValue& value, const KeyValue& key) {
  const auto& wanted = std::get<TokenKey>(value.key);
  const Node* type = key.node != nullptr ? key.node->find(atoms::kType) : nullptr;
  const Node* codings = type != nullptr ? type->find(atoms::kCoding) : nullptr;
  if (codings == nullptr || std::get<TokenKey>(key.key).code != wanted.text) return false;
  for (const Node& coding : codings->children()) {
    const bool system =
        value.system_part == SystemPart::Any || coding.member_text(atoms::kSystem) == wanted.system;
    if (system && coding.member_text(atoms::kCode) == wanted.code) return true;
  }
  return false;
}

bool in_value_set(std::string_view url, const TokenKey& key) {
  const ValueSet* set = Definitions::r4().find_value_set(url);
  return set != nullptr && is_member(*set, key.system, key.code).membership == Membership::Member;
}

bool token_matches(const SearchValue& value, Modifier modifier, const KeyValue& key) {
  const auto& token = std::get<TokenKey>(key.key);
  if (modifier == Modifier::Text) return text_matches(value, token.text);
  if (modifier == Modifier::OfType) return of_type_matches(value, key);
  if (modifier == Modifier::In || modifier == Modifier::NotIn) {
    return in_value_set(std::get<UriKey>(value.key).uri, token);
  }
  if (value.key.index() != key.key.index()) return false;
  const auto& wanted = std::get<TokenKey>(value.key);
  return system_matches(value, wanted.system, token.system, token.system_is_implied) &&
         (!value.has_code || token.code == wanted.code);
}

bool string_matches(const StringKey& wanted, Modifier modifier, const StringKey& key) {
  if (modifier == Modifier::Exact) return key.exact == wanted.exact;
  if (modifier == Modifier::Contains) return key.folded.find(wanted.folded) != std::string_view::npos;
  return key.folded.starts_with(wanted.folded);
}

// The unit as written, or any unit of the same dimension when both are UCUM.
bool quantity_matches(const SearchValue& value, const QuantityKey& key) {
  const auto& wanted = std::get<QuantityKey>(value.key);
  if (!value.has_code) {
    const bool system = value.system_part == SystemPart::Any || key.system == wanted.system;
    return system && number_matches(value.prefix, wanted.number, key.number);
  }
  if (!wanted.canonical_code.empty() && wanted.canonical_code == key.canonical_code) {
    return number_matches(value.prefix, wanted.canonical, key.canonical);
  }
  const bool unit = value.system_part == SystemPart::Given
                        ? key.system == wanted.system && key.code == wanted.code
                        : key.code == wanted.code || key.unit == wanted.code;
  return unit && number_matches(value.prefix, wanted.number, key.number);
}

bool reference_matches(const SearchValue& value, const ReferenceKey& key) {
  const auto& wanted = std::get<ReferenceKey>(value.key);
  if (!wanted.version.empty() && wanted.version != key.version) return false;
  if (key.form == ReferenceForm::Canonical || key.form == ReferenceForm::Url) return key.id == value.url;
  if (key.form != wanted.form || key.id != wanted.id || key.base != wanted.base) return false;
  return wanted.type == kNoType || wanted.type == key.type;
}

bool uri_matches(std::string_view wanted, Modifier modifier, std::string_view uri) {
  if (uri == wanted) return true;
  // "http://acme.org/fhir/" lies below "http://acme.org/fhir": whole steps of the path only (R4 §3.1.1.5.12).
  const std::string_view longer = modifier == Modifier::Below ? uri : wanted;
  std::string_view shorter = modifier == Modifier::Below ? wanted : uri;
  if (modifier != Modifier::Below && modifier != Modifier::Above) return false;
  if (shorter.ends_with('/')) shorter.remove_suffix(1);
  return longer.size() > shorter.size() && longer.starts_with(shorter) && longer[shorter.size()] == '/';
}

// Great circle on a sphere of the earth's mean radius.
double distance_metres(const PositionKey& a, const PositionKey& b) {
  constexpr double kEarthRadius = 6'371'008.8;
  constexpr double kRadians = 3.14159265358979323846 / 180 / 1e7;
  const double north = static_cast<double>(a.latitude - b.latitude) * kRadians;
  const double east = static_cast<double>(a.longitude - b.longitude) * kRadians;
  const double sine_north = std::sin(north / 2), sine_east = std::sin(east / 2);
  const double h = sine_north * sine_north + std::cos(static_cast<double>(a.latitude) * kRadians) *
                                                 std::cos(static_cast<double>(b.latitude) * kRadians) *
                                                 sine_east * sine_east;
  return 2 * kEarthRadius * std::asin(std::sqrt(std::min(1.0, h)));
}

bool has_any(std::span<const KeyEntry> entries, ParameterId parameter) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const KeyEntry& entry) { return entry.parameter == parameter; });
}

bool any_matches(const SearchValue& value, Modifier modifier, std::span<const KeyValue> keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const KeyValue& key) { return matches(value, modifier, key); });
}

bool composite_matches(const SearchValue& value, const CompositeEntry& entry, const SearchKeys& keys) {
  for (std::size_t i = 0; i < value.components.size(); ++i) {
    if (!any_matches(value.components[i], Modifier::None, keys.values(entry.components[i]))) return false;
  }
  return true;
}

bool value_matches(const SearchValues& values, const SearchValue& value, const SearchKeys& keys) {
  const ParameterId parameter = values.parameter->id;
  if (values.modifier == Modifier::Missing) return has_any(keys.entries(), parameter) != value.missing;
  if (values.parameter->type == SearchType::Composite) {
    return std::any_of(keys.composites().begin(), keys.composites().end(), [&](const CompositeEntry& entry) {
      return entry.parameter == parameter && composite_matches(value, entry, keys);
    });
  }
  return std::any_of(keys.entries().begin(), keys.entries().end(), [&](const KeyEntry& entry) {
    return entry.parameter == parameter && any_matches(value, values.modifier, keys.values(entry.values));
  });
}

}  // namespace

bool date_matches(Prefix prefix, const DateKey& value, const DateKey& key) {
  const bool equal = value.lo <= key.lo && key.hi <= value.hi;
  switch (prefix) {
    case Prefix::Eq:
      return equal;
    case Prefix::Ne:
      return !equal;
    case Prefix::Gt:
      return key.hi > value.hi;
    case Prefix::Lt:
      return key.lo < value.lo;
    case Prefix::Ge:
      return key.hi > value.hi || equal;
    case Prefix::Le:
      return key.lo < value.lo || equal;
    case Prefix::Sa:
      return key.lo > value.hi;
    case Prefix::Eb:
      return key.hi < value.lo;
    case Prefix::Ap:
      return key.lo <= value.hi && key.hi >= value.lo;
  }
  return false;
}

// R4 §3.1.1.5.2: only eq, ne and ap look at the implied precision.
bool number_matches(Prefix prefix, const NumberKey& value, const NumberKey& key) {
  const bool equal = value.implied.lo <= key.value.lo && key.value.hi <= value.implied.hi;
  switch (prefix) {
    case Prefix::Eq:
      return equal;
    case Prefix::Ne:
      return !equal;
    case Prefix::Gt:
      return key.value.hi > value.value.hi;
    case Prefix::Lt:
      return key.value.lo < value.value.lo;
    case Prefix::Ge:
      return key.value.hi >= value.value.hi;
    case Prefix::Le:
      return key.value.lo <= value.value.lo;
    case Prefix::Sa:
      return key.value.lo > value.value.hi;
    case Prefix::Eb:
      return key.value.hi < value.value.lo;
    case Prefix::Ap:
      return key.value.lo <= value.implied.hi && key.value.hi >= value.implied.lo;
  }
  return false;
}

bool matches(const SearchValue& value, Modifier modifier, const KeyValue& key) {
  if (const auto* identifier = std::get_if<ReferenceIdentifierKey>(&key.key)) {
    const auto* wanted = std::get_if<ReferenceIdentifierKey>(&value.key);
    return wanted != nullptr && system_matches(value, wanted->system, identifier->system, false) &&
           (!value.has_code || wanted->value == identifier->value);
  }
  if (const auto* text = std::get_if<TokenTextKey>(&key.key)) {
    return modifier == Modifier::Text && text_matches(value, text->text);
  }
  if (std::holds_alternative<TokenKey>(key.key)) return token_matches(value, modifier, key);
  if (value.key.index() != key.key.index()) return false;
  if (const auto* string = std::get_if<StringKey>(&key.key)) {
    return string_matches(std::get<StringKey>(value.key), modifier, *string);
  }
  if (const auto* date = std::get_if<DateKey>(&key.key)) {
    return date_matches(value.prefix, std::get<DateKey>(value.key), *date);
  }
  if (const auto* number = std::get_if<NumberKey>(&key.key)) {
    return number_matches(value.prefix, std::get<NumberKey>(value.key), *number);
  }
  if (const auto* quantity = std::get_if<QuantityKey>(&key.key)) return quantity_matches(value, *quantity);
  if (const auto* reference = std::get_if<ReferenceKey>(&key.key))
    return reference_matches(value, *reference);
  if (const auto* uri = std::get_if<UriKey>(&key.key)) {
    return uri_matches(std::get<UriKey>(value.key).uri, modifier, uri->uri);
  }
  return distance_metres(std::get<PositionKey>(value.key), std::get<PositionKey>(key.key)) <=
         value.distance_metres;
}

bool matches(const SearchValues& values, const SearchKeys& keys) {
  const bool any = std::any_of(values.alternatives.begin(), values.alternatives.end(),
                               [&](const SearchValue& value) { return value_matches(values, value, keys); });
  const bool negated = values.modifier == Modifier::Not || values.modifier == Modifier::NotIn;
  return any != negated;
}

}  // namespace fhir::search
