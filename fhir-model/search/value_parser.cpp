#include "fhir-model/search/value_parser.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fhir-model/search/fold.h"
#include "fhir-model/search/quantity_number.h"
#include "fhir-model/search/reference_text.h"
#include "fhir-model/search/value_text.h"

namespace fhir::search {
namespace {

constexpr std::int64_t kPositionUnits = 10'000'000;
constexpr double kDefaultDistanceMetres = 50'000;  // R4 leaves it to the server

StringKey string_key(std::string_view exact, KeyArena& texts) {
  char* folded = texts.take(exact.size());
  return {exact, {folded, fold_text(exact, folded)}};
}

std::optional<std::int64_t> position_units(std::string_view degrees, std::int64_t limit) {
  const auto value = path::Decimal::parse(degrees);
  if (!value) return std::nullopt;
  const auto units = (*value * path::Decimal::from_integer(kPositionUnits))
                         .rounded(0, path::Decimal::Rounding::HalfUp)
                         .to_integer();
  const bool valid = units && *units >= -limit * kPositionUnits && *units <= limit * kPositionUnits;
  return valid ? units : std::nullopt;
}

std::optional<double> metres(std::string_view distance, std::string_view unit_code) {
  const auto value = path::Decimal::parse(distance);
  const auto unit = path::parse_unit(unit_code);
  const auto metre = path::parse_unit("m");
  if (!value || !unit || !metre || value->is_negative()) return std::nullopt;
  const auto converted = path::convert(*value, *unit, *metre);
  if (!converted) return std::nullopt;
  return static_cast<double>(converted->to_binary());
}

}  // namespace

Prefix take_prefix(std::string_view& text) {
  constexpr std::array<std::string_view, 9> kNames = {"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};
  const auto* found = std::find(kNames.begin(), kNames.end(), text.substr(0, 2));
  if (found == kNames.end()) return Prefix::Eq;
  text.remove_prefix(2);
  return static_cast<Prefix>(found - kNames.begin());
}

bool ValueParser::fail(std::string_view expected) {
  error_.kind = ValueError::Kind::Malformed;
  error_.message = "The value of the search parameter \"" + std::string(parameter_->code) +
                   "\" is not understood: it should be " + std::string(expected) + ".";
  return false;
}

std::string_view ValueParser::unescape(std::string_view text) {
  return unescaped(text, texts_);
}

bool ValueParser::parse(std::string_view text, SearchValue& out) {
  if (modifier_ == Modifier::Missing) return missing(text, out);
  if (text.empty()) return fail("a value; it is empty");
  switch (parameter_->type) {
    case SearchType::Composite:
      return composite(text, out);
    case SearchType::Token:
      return token(text, out);
    case SearchType::String:
      return string(text, out);
    case SearchType::Date:
      return date(text, out);
    case SearchType::Number:
      return number(text, out);
    case SearchType::Quantity:
      return quantity(text, out);
    case SearchType::Reference:
      return modifier_ == Modifier::Identifier ? identifier(text, out) : reference(text, out);
    case SearchType::Uri:
      out.key = UriKey{unescape(text)};
      return true;
    case SearchType::Special:
      return near(text, out);
  }
  return fail("of a known type");
}

bool ValueParser::missing(std::string_view text, SearchValue& out) {
  out.missing = text == "true";
  return out.missing || text == "false" || fail("\"true\" or \"false\"");
}

bool ValueParser::composite(std::string_view text, SearchValue& out) {
  const auto pieces = split_escaped(text, '$');
  if (pieces.size() != parameter_->components.size()) {
    return fail(std::to_string(parameter_->components.size()) + " values joined by \"$\"");
  }
  out.components.resize(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    ValueParser part(model_, model_.parameter(parameter_->components[i].parameter), Modifier::None, kNoType,
                     options_, texts_);
    if (part.parse(pieces[i], out.components[i])) continue;
    error_ = part.error_;
    return false;
  }
  return true;
}

bool ValueParser::token(std::string_view text, SearchValue& out) {
  if (modifier_ == Modifier::OfType) return of_type(text, out);
  if (modifier_ == Modifier::In || modifier_ == Modifier::NotIn) {
    out.key = UriKey{unescape(text)};
    return true;
  }
  if (modifier_ == Modifier::Text) {
    out.key = string_key(unescape(text), texts_);
    return true;
  }
  const auto pieces = split_escaped(text, '|');
  if (pieces.size() > 2) return fail("\"code\", \"system|code\", \"system|\" or \"|code\"");
  TokenKey key;
  key.code = unescape(pieces.back());
  if (pieces.size() == 2) {
    key.system = unescape(pieces[0]);
    out.system_part = key.system.empty() ? SystemPart::Without : SystemPart::Given;
  }
  out.has_code = !key.code.empty();
  if (!out.has_code && key.system.empty()) return fail("a code, a system or both");
  out.key = key;
  return true;
}

bool ValueParser::of_type(std::string_view text, SearchValue& out) {
  const auto pieces = split_escaped(text, '|');
  if (pieces.size() != 3 || pieces[1].empty() || pieces[2].empty()) return fail("\"system|code|value\"");
  out.key = TokenKey{unescape(pieces[0]), unescape(pieces[1]), unescape(pieces[2]), false};
  out.system_part = pieces[0].empty() ? SystemPart::Any : SystemPart::Given;
  return true;
}

bool ValueParser::string(std::string_view text, SearchValue& out) {
  const auto key = string_key(unescape(text), texts_);
  // What folds to nothing (marks alone, bytes that are no text) would find everybody.
  if (modifier_ != Modifier::Exact && key.folded.empty()) return fail("a text with at least one character");
  out.key = key;
  return true;
}

// "ap" takes in a tenth of the distance from now (R4 §3.1.1.4.4).
bool ValueParser::date(std::string_view text, SearchValue& out) {
  out.prefix = take_prefix(text);
  auto interval = parse_date_interval(text, options_.keys.zone_minutes);
  if (!interval) return fail("a date such as 2024, 2024-05-01 or 2024-05-01T08:30:00+07:00");
  if (out.prefix == Prefix::Ap) {
    const Microseconds gap =
        std::max(std::abs(options_.now - interval->lo), std::abs(options_.now - interval->hi));
    interval->lo -= gap / 10;
    interval->hi += gap / 10;
  }
  out.key = *interval;
  return true;
}

// "ap" takes in a tenth of the number.
void ValueParser::approximate(const path::Decimal& value, NumberKey& key) const {
  const path::Decimal tenth = path::Decimal::from_parts(value.absolute().coefficient(), value.scale() + 1);
  key.implied.lo = std::min(key.implied.lo, ordered_number(value - tenth));
  key.implied.hi = std::max(key.implied.hi, ordered_number(value + tenth));
}

bool ValueParser::number(std::string_view text, SearchValue& out) {
  out.prefix = take_prefix(text);
  const auto value = path::Decimal::parse(text);
  if (!value) return fail("a number of at most 36 digits");
  NumberKey key = number_key(*value);
  if (out.prefix == Prefix::Ap) approximate(*value, key);
  out.key = key;
  return true;
}

bool ValueParser::quantity(std::string_view text, SearchValue& out) {
  out.prefix = take_prefix(text);
  const auto pieces = split_escaped(text, '|');
  const auto value = path::Decimal::parse(pieces[0]);
  if (!value || (pieces.size() != 1 && pieces.size() != 3)) {
    return fail("\"number\", \"number|system|code\" or \"number||unit\"");
  }
  QuantityKey key;
  key.number = number_key(*value);
  if (out.prefix == Prefix::Ap) approximate(*value, key.number);
  out.has_code = pieces.size() == 3 && !pieces[2].empty();
  if (pieces.size() == 3) {
    key.system = unescape(pieces[1]);
    key.code = unescape(pieces[2]);
    out.system_part = key.system.empty() ? SystemPart::Any : SystemPart::Given;
  }
  UnitCache units;
  const KnownUnit* unit = key.system == kUcumSystem && out.has_code ? units.find(key.code) : nullptr;
  if (unit != nullptr) {
    const auto canonical = canonical_number(&*value, &*value, *unit);
    const auto base = in_base_units(*value, *unit);
    if (canonical && base) {
      key.canonical = *canonical;
      if (out.prefix == Prefix::Ap) approximate(*base, key.canonical);
      key.canonical_code = texts_.copy(unit->base_code);
    }
  }
  out.key = key;
  return true;
}

bool ValueParser::reference(std::string_view text, SearchValue& out) {
  const std::string_view whole = unescape(text);
  ReferenceKey key = parse_reference(whole, options_.keys, model_.definitions());
  out.url = whole.substr(0, whole.find('|'));
  if (key.form == ReferenceForm::Url) {
    if (is_logical_id(whole)) {
      key = {{}, whole, {}, target_, ReferenceForm::Local};
    } else if (whole.find('|') != std::string_view::npos) {
      key = parse_canonical(whole);
    }
  } else if (target_ != kNoType && key.type != target_) {
    return fail("of the type that the modifier names");
  }
  out.key = key;
  return true;
}

bool ValueParser::identifier(std::string_view text, SearchValue& out) {
  if (!token(text, out)) return false;
  const TokenKey key = std::get<TokenKey>(out.key);
  out.key = ReferenceIdentifierKey{key.system, key.code, kNoType};
  return true;
}

// R4 Location: "latitude|longitude|distance|units"; kilometres when no unit is given.
bool ValueParser::near(std::string_view text, SearchValue& out) {
  const auto pieces = split_escaped(text, '|');
  const auto latitude = position_units(pieces[0], 90);
  const auto longitude = pieces.size() > 1 ? position_units(pieces[1], 180) : std::nullopt;
  if (!latitude || !longitude || pieces.size() > 4) return fail("\"latitude|longitude|distance|units\"");
  out.key = PositionKey{*latitude, *longitude};
  out.distance_metres = kDefaultDistanceMetres;
  if (pieces.size() < 3 || pieces[2].empty()) return true;
  const auto distance = metres(pieces[2], pieces.size() == 4 && !pieces[3].empty() ? pieces[3] : "km");
  if (!distance) return fail("a distance in a unit of length");
  out.distance_metres = *distance;
  return true;
}

}  // namespace fhir::search
