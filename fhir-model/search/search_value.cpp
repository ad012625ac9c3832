#include "fhir-model/search/search_value.h"

#include <algorithm>
#include <array>

#include "fhir-model/search/value_parser.h"
#include "fhir-model/search/value_text.h"

namespace fhir::search {
namespace {

struct ModifierName {
  std::string_view name;
  Modifier modifier;
};
constexpr std::array<ModifierName, 11> kModifiers = {{{"missing", Modifier::Missing},
                                                      {"exact", Modifier::Exact},
                                                      {"contains", Modifier::Contains},
                                                      {"not", Modifier::Not},
                                                      {"text", Modifier::Text},
                                                      {"in", Modifier::In},
                                                      {"not-in", Modifier::NotIn},
                                                      {"below", Modifier::Below},
                                                      {"above", Modifier::Above},
                                                      {"identifier", Modifier::Identifier},
                                                      {"of-type", Modifier::OfType}}};

// R4 §3.1.1.4.3: which modifiers a type of parameter has. Subsumption of codes (:below, :above on tokens and
// references) needs a terminology server or a hierarchy and is not offered.
bool offers(SearchType type, Modifier modifier) {
  switch (modifier) {
    case Modifier::None:
      return true;
    case Modifier::Missing:
      return type != SearchType::Composite && type != SearchType::Special;
    case Modifier::Exact:
    case Modifier::Contains:
      return type == SearchType::String;
    case Modifier::Not:
    case Modifier::Text:
    case Modifier::In:
    case Modifier::NotIn:
    case Modifier::OfType:
      return type == SearchType::Token;
    case Modifier::Below:
    case Modifier::Above:
      return type == SearchType::Uri;
    case Modifier::Type:
    case Modifier::Identifier:
      return type == SearchType::Reference;
  }
  return false;
}

tl::unexpected<ValueError> refused(ValueError::Kind kind, const ParameterInfo& parameter,
                                   std::string_view why) {
  return tl::unexpected(ValueError{
      kind, "The search parameter \"" + std::string(parameter.code) + "\" " + std::string(why) + "."});
}

}  // namespace

tl::expected<SearchValues, ValueError> parse_values(const SearchModel& model, const ParameterInfo& parameter,
                                                    std::string_view modifier, std::string_view text,
                                                    const ValueOptions& options) {
  using Kind = ValueError::Kind;
  SearchValues values;
  values.parameter = &parameter;
  TypeId target = kNoType;
  if (!modifier.empty()) {
    if (modifier == "ofType") modifier = "of-type";  // the name in R4's value set
    const auto* known = std::find_if(kModifiers.begin(), kModifiers.end(),
                                     [&](const ModifierName& one) { return one.name == modifier; });
    const Type* type = model.definitions().find_type(modifier);
    if (known != kModifiers.end()) {
      values.modifier = known->modifier;
    } else if (type != nullptr && type->kind == TypeKind::Resource) {
      values.modifier = Modifier::Type;
      target = type->id;
    } else {
      return refused(Kind::UnknownModifier, parameter, "has a modifier that is not known");
    }
    if (!offers(parameter.type, values.modifier)) {
      return refused(Kind::UnsupportedModifier, parameter, "has a modifier that is not offered for its type");
    }
  }
  if (text.size() > options.max_length) {
    return refused(Kind::Limit, parameter,
                   "is longer than the limit of " + std::to_string(options.max_length) + " bytes");
  }
  const auto pieces = split_escaped(text, ',');
  if (pieces.size() > options.max_values) {
    return refused(Kind::Limit, parameter,
                   "has more values than the limit of " + std::to_string(options.max_values));
  }
  ValueParser parser(model, parameter, values.modifier, target, options, values.texts);
  values.alternatives.resize(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!parser.parse(pieces[i], values.alternatives[i])) return tl::unexpected(parser.error());
  }
  return values;
}

}  // namespace fhir::search
