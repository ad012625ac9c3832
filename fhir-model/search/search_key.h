#pragma once
// Search keys: what a resource is found by, in normal form.

#include <cstdint>
#include <string_view>
#include <variant>

#include "fhir-model/definitions/type.h"
#include "fhir-model/document/node.h"
#include "fhir-model/search/date_interval.h"
#include "fhir-model/search/ordered_number.h"

namespace fhir::search {

// A code of a system, from code, Coding, CodeableConcept, Identifier, ContactPoint, boolean, string, uri.
// Texts are as written; `text` is what :text searches (Coding.display, Identifier.type.text).
struct TokenKey {
  std::string_view system;
  std::string_view code;
  std::string_view text;
  // The element cannot state a system (type code or boolean); `system` is that of its required binding, or
  // empty.
  bool system_is_implied = false;
};

// CodeableConcept.text: found by :text only.
struct TokenTextKey {
  std::string_view text;
};

struct StringKey {
  std::string_view exact;   // as written
  std::string_view folded;  // fold_text(exact), what an unmodified search compares
};

using DateKey = DateInterval;

// `value` is the number itself (lo == hi), or the ends of a Range (kLowestNumber, kHighestNumber where open).
// `implied` is widened by the precision it was written with.
struct NumberKey {
  NumberInterval value;
  NumberInterval implied;
};

// Quantity and its kin, Money (currency as code), Range, SampledData (its bounds). The canonical part is in
// UCUM base units and set when the system is UCUM and the code valid, else its code is empty.
struct QuantityKey {
  NumberKey number;
  std::string_view system;
  std::string_view code;
  std::string_view unit;
  NumberKey canonical;
  std::string_view canonical_code;
};

enum class ReferenceForm : std::uint8_t {
  Local,      // type and id on this server: "Patient/12", or absolute with the server's own base
  Absolute,   // `base` + "/" + type + "/" + id on another server
  Url,        // anything else with a scheme: urn:uuid:…, urn:oid:…, "https://example.org/thing"
  Canonical,  // canonical URL; `version` behind "|"
};

// A literal reference. For Local and Absolute `id` is the logical id and `version` the part behind
// "/_history/"; for the others `id` is the whole URL without version and fragment.
struct ReferenceKey {
  std::string_view base;
  std::string_view id;
  std::string_view version;
  TypeId type = kNoType;  // of the target, from the URL or Reference.type; kNoType when not stated
  ReferenceForm form = ReferenceForm::Url;
};

// Reference.identifier: found by :identifier only.
struct ReferenceIdentifierKey {
  std::string_view system;
  std::string_view value;
  TypeId type = kNoType;  // Reference.type
};

struct UriKey {
  std::string_view uri;
};

// Location.position for "near", in 10^-7 degrees.
struct PositionKey {
  std::int64_t latitude = 0;
  std::int64_t longitude = 0;
};

using AnyKey = std::variant<TokenKey, TokenTextKey, StringKey, DateKey, NumberKey, QuantityKey, ReferenceKey,
                            ReferenceIdentifierKey, UriKey, PositionKey>;

// One normal value with the element it comes from. Texts point into the document or into the SearchKeys'
// memory. `node` is null for values that a custom expression computed.
struct KeyValue {
  AnyKey key;
  const Node* node = nullptr;
};

}  // namespace fhir::search
