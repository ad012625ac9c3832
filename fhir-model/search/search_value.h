#pragma once
// Values of search parameters in the same normal form as the keys.

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "fhir-model/search/key_arena.h"
#include "fhir-model/search/key_options.h"
#include "fhir-model/search/search_key.h"
#include "fhir-model/search/search_model.h"

namespace fhir::search {

// R4 §3.1.1.4.4.
enum class Prefix : std::uint8_t { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap };

// R4 §3.1.1.4.3. Type is ":Patient".
enum class Modifier : std::uint8_t {
  None,
  Missing,
  Exact,
  Contains,
  Not,
  Text,
  In,
  NotIn,
  Below,
  Above,
  Type,
  Identifier,
  OfType
};

// What a token or quantity value says about the system: "code", "|code", "system|code" or "system|".
enum class SystemPart : std::uint8_t { Any, Without, Given };

// One value to search for. What counts depends on parameter and modifier:
//   token: TokenKey with `system_part`; `has_code` is false for "system|"; :text StringKey; :in, :not-in
//     UriKey; :ofType TokenKey whose text is the identifier's value, system and code those of its type
//   string: StringKey; uri: UriKey; date: DateKey (Ap: widened); number: NumberKey (Ap: `implied` widened)
//   quantity: QuantityKey with `system_part`, `has_code` false when a number alone was given
//   reference: ReferenceKey, `url` the text without version; type kNoType when "12" alone was given;
//     :identifier ReferenceIdentifierKey with `system_part`
//   composite: `components`; near: PositionKey and `distance_metres`; :missing: `missing`
struct SearchValue {
  Prefix prefix = Prefix::Eq;
  SystemPart system_part = SystemPart::Any;
  bool has_code = true;
  bool missing = false;
  double distance_metres = 0;
  AnyKey key = TokenKey();
  std::string_view url = {};
  std::vector<SearchValue> components = {};
};

// The alternatives "a,b" of one parameter; any of them will do. Texts are in its own memory. Movable.
struct SearchValues {
  const ParameterInfo* parameter = nullptr;
  Modifier modifier = Modifier::None;
  std::vector<SearchValue> alternatives = {};
  KeyArena texts = {};
};

// How to read values.
struct ValueOptions {
  KeyOptions keys = {};               // the same as for the keys
  Microseconds now = 0;               // for "ap" on dates
  std::size_t max_values = 1000;      // alternatives of one parameter
  std::size_t max_length = 64 << 10;  // bytes of one parameter's value
};

// A whole English sentence for the client that names the parameter but not the value.
struct ValueError {
  enum class Kind : std::uint8_t { Malformed, UnknownModifier, UnsupportedModifier, Limit };
  Kind kind = Kind::Malformed;
  std::string message;
};

// Reads `text` (percent-decoded) for "code:modifier". `modifier` is what stands behind the colon, empty for
// none. `model` must outlive the result, `text` need not. Any thread.
tl::expected<SearchValues, ValueError> parse_values(const SearchModel& model, const ParameterInfo& parameter,
                                                    std::string_view modifier, std::string_view text,
                                                    const ValueOptions& options);

}  // namespace fhir::search
