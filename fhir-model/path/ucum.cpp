#include "fhir-model/path/ucum.h"

#include <algorithm>
#include <charconv>

namespace fhir::path {
namespace {

constexpr std::size_t kMaxLength = 512;
constexpr int kMaxDepth = 16;
constexpr int kMaxPower = 99;

struct Prefix {
  std::string_view code;
  std::int16_t exponent;       // of ten
  std::int64_t binary_factor;  // 0: decimal prefix
};
constexpr std::array<Prefix, 24> kPrefixes = {
    {{"Y", 24, 0},         {"Z", 21, 0},         {"E", 18, 0},         {"P", 15, 0},        {"T", 12, 0},
     {"G", 9, 0},          {"M", 6, 0},          {"k", 3, 0},          {"h", 2, 0},         {"da", 1, 0},
     {"d", -1, 0},         {"c", -2, 0},         {"m", -3, 0},         {"u", -6, 0},        {"n", -9, 0},
     {"p", -12, 0},        {"f", -15, 0},        {"a", -18, 0},        {"z", -21, 0},       {"y", -24, 0},
     {"Ki", 0, 1LL << 10}, {"Mi", 0, 1LL << 20}, {"Gi", 0, 1LL << 30}, {"Ti", 0, 1LL << 40}}};

const UcumUnit* find_atom(std::string_view code) {
  const auto units = ucum_units();
  const auto found =
      std::lower_bound(units.begin(), units.end(), code,
                       [](const UcumUnit& unit, std::string_view text) { return unit.code < text; });
  return found != units.end() && found->code == code ? &*found : nullptr;
}

Decimal factor_of(std::string_view digits, int exponent) {
  const Decimal value = Decimal::parse(digits).value_or(Decimal());
  return Decimal::from_parts(value.coefficient(), -exponent);
}

Unit unit_of(const UcumUnit& atom) {
  Unit unit;
  unit.numerator = factor_of(atom.numerator, atom.numerator_exponent);
  unit.denominator = factor_of(atom.denominator, atom.denominator_exponent);
  unit.dimensions = atom.dimensions;
  if (atom.kind == UcumUnitKind::Arbitrary) {
    unit.arbitrary[0] = {static_cast<std::uint16_t>(&atom - ucum_units().data()), 1};
  } else {
    unit.scale = atom.kind;
  }
  return unit;
}

std::optional<Unit> simple_unit(std::string_view code) {
  if (const UcumUnit* atom = find_atom(code)) return unit_of(*atom);
  for (const Prefix& prefix : kPrefixes) {
    if (!code.starts_with(prefix.code)) continue;
    const UcumUnit* atom = find_atom(code.substr(prefix.code.size()));
    if (atom == nullptr || !atom->is_metric) continue;
    Unit unit = unit_of(*atom);
    const Decimal factor = prefix.binary_factor != 0 ? Decimal::from_integer(prefix.binary_factor)
                                                     : Decimal::from_parts(1, -prefix.exponent);
    unit.numerator = unit.numerator * factor;
    return unit;
  }
  return std::nullopt;
}

std::optional<Unit> raised(const Unit& unit, int power) {
  if (power == 1) return unit;
  Unit result;
  for (int i = 0; i < std::abs(power); ++i) {
    const auto next = Unit::product(result, unit, power < 0);
    if (!next) return std::nullopt;
    result = *next;
  }
  return result;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Recursive descent over the grammar of UCUM §2.1.
class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : rest_(text) {}

  std::optional<Unit> parse() {
    std::optional<Unit> unit = main_term(0);
    if (!unit || !rest_.empty()) return std::nullopt;
    return unit;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // main-term: "/" term | term, within parentheses too.
  std::optional<Unit> main_term(int depth) {
    if (depth > kMaxDepth) return std::nullopt;
    bool divide = take('/');
    Unit result;
    for (;;) {
      const auto part = component(depth);
      if (!part) return std::nullopt;
      const auto next = Unit::product(result, *part, divide);
      if (!next) return std::nullopt;
      const bool alone = first_ && !divide;
      first_ = false;
      result = *next;
      result.scale = alone ? part->scale : UcumUnitKind::Plain;
      if (take('.')) {
        divide = false;
      } else if (take('/')) {
        divide = true;
      } else {
        return result;
      }
    }
  }

  std::optional<Unit> component(int depth) {
    if (take('(')) {
      auto inner = main_term(depth + 1);
      if (!inner || !take(')')) return std::nullopt;
      return inner;
    }
    if (!rest_.empty() && rest_[0] == '{') return annotation() ? std::optional(Unit()) : std::nullopt;
    auto unit = annotatable();
    if (unit && !rest_.empty() && rest_[0] == '{' && !annotation()) return std::nullopt;
    return unit;
  }

  bool annotation() {
    const std::size_t end = rest_.find('}');
    if (end == std::string_view::npos) return false;
    const std::string_view text = rest_.substr(1, end - 1);
    for (const char c : text) {
      if (c == '{' || c < 33 || c > 126) return false;
    }
    rest_.remove_prefix(end + 1);
    return true;
  }

  // A symbol ends at an operator or annotation outside square brackets; its exponent is the digits at its
  // end.
  std::optional<Unit> annotatable() {
    std::size_t end = 0;
    bool bracket = false;
    for (; end < rest_.size(); ++end) {
      const char c = rest_[end];
      if (c < 33 || c > 126) return std::nullopt;
      if (c == '[') bracket = true;
      if (c == ']') bracket = false;
      if (!bracket && (c == '.' || c == '/' || c == '(' || c == ')' || c == '{')) break;
    }
    const std::string_view symbol = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (symbol.empty()) return std::nullopt;
    if (std::all_of(symbol.begin(), symbol.end(), is_digit)) return factor(symbol);
    return with_exponent(symbol);
  }

  static std::optional<Unit> factor(std::string_view digits) {
    const auto value = Decimal::parse(digits);
    if (!value || value->is_zero()) return std::nullopt;
    Unit unit;
    unit.numerator = *value;
    return unit;
  }

  static std::optional<Unit> with_exponent(std::string_view symbol) {
    std::size_t split = symbol.size();
    while (split > 0 && is_digit(symbol[split - 1])) --split;
    if (split == symbol.size()) return simple_unit(symbol);
    const char* from = symbol.data() + split;
    if (split > 0 && (symbol[split - 1] == '-' || symbol[split - 1] == '+')) --split;
    int power = 0;
    const auto read = std::from_chars(from, symbol.data() + symbol.size(), power);
    if (read.ec != std::errc() || power > kMaxPower) return std::nullopt;
    const auto unit = simple_unit(symbol.substr(0, split));
    if (!unit) return std::nullopt;
    return raised(*unit, symbol[split] == '-' ? -power : power);
  }

  std::string_view rest_;
  bool first_ = true;
};

// Kelvin of a value on a temperature scale, and back (UCUM §4.2 special units).
Decimal to_kelvin(const Decimal& value, UcumUnitKind scale) {
  if (scale == UcumUnitKind::Fahrenheit)
    return value + Decimal::from_parts(45967, 2);  // still in Fahrenheit degrees
  return value;
}

struct Ratio {
  Decimal numerator;
  Decimal denominator;
};

// value × unit in base units, as a fraction.
Ratio in_base(const Decimal& value, const Unit& unit) {
  Ratio ratio{to_kelvin(value, unit.scale) * unit.numerator, unit.denominator};
  if (unit.scale == UcumUnitKind::Celsius || unit.scale == UcumUnitKind::Reaumur) {
    ratio.numerator = ratio.numerator + Decimal::from_parts(27315, 2) * ratio.denominator;
  }
  return ratio;
}

bool add_arbitrary(Unit& unit, Unit::Arbitrary factor, bool divide) {
  const int sign = divide ? -1 : 1;
  for (Unit::Arbitrary& known : unit.arbitrary) {
    if (known.power != 0 && known.unit != factor.unit) continue;
    const int power = known.power + sign * factor.power;
    if (power > kMaxPower || power < -kMaxPower) return false;
    known = {power == 0 ? std::uint16_t{0} : factor.unit, static_cast<std::int8_t>(power)};
    std::sort(unit.arbitrary.begin(), unit.arbitrary.end(), [](const auto& a, const auto& b) {
      return (a.power != 0 ? a.unit : UINT16_MAX) < (b.power != 0 ? b.unit : UINT16_MAX);
    });
    return true;
  }
  return false;
}

}  // namespace

std::optional<Unit> Unit::product(const Unit& a, const Unit& b, bool divide) {
  Unit result = a;
  result.scale = UcumUnitKind::Plain;
  result.numerator = a.numerator * (divide ? b.denominator : b.numerator);
  result.denominator = a.denominator * (divide ? b.numerator : b.denominator);
  if (!result.numerator.in_range() || !result.denominator.in_range()) return std::nullopt;
  for (std::size_t i = 0; i < a.dimensions.size(); ++i) {
    const int power = a.dimensions[i] + (divide ? -b.dimensions[i] : b.dimensions[i]);
    if (power > kMaxPower || power < -kMaxPower) return std::nullopt;
    result.dimensions[i] = static_cast<std::int8_t>(power);
  }
  for (const Arbitrary& factor : b.arbitrary) {
    if (factor.power != 0 && !add_arbitrary(result, factor, divide)) return std::nullopt;
  }
  return result;
}

std::string Unit::base_code() const {
  constexpr std::array<std::string_view, 7> kBase = {"m", "s", "g", "rad", "K", "C", "cd"};
  std::string code;
  const auto append = [&code](std::string_view symbol, int power) {
    if (power == 0) return;
    if (!code.empty()) code += '.';
    code += symbol;
    if (power != 1) code += std::to_string(power);
  };
  for (std::size_t i = 0; i < kBase.size(); ++i) append(kBase[i], dimensions[i]);
  for (const Arbitrary& factor : arbitrary) append(ucum_units()[factor.unit].code, factor.power);
  return code.empty() ? "1" : code;
}

std::optional<Unit> parse_unit(std::string_view code) {
  if (code.empty() || code.size() > kMaxLength) return std::nullopt;
  return UnitParser(code).parse();
}

std::optional<CanonicalQuantity> canonical_quantity(const Decimal& value, std::string_view code) {
  const auto unit = parse_unit(code);
  if (!unit) return std::nullopt;
  const Ratio ratio = in_base(value, *unit);
  const auto result = Decimal::divide(ratio.numerator, ratio.denominator);
  if (!result) return std::nullopt;
  return CanonicalQuantity{*result, unit->base_code()};
}

std::optional<Decimal> convert(const Decimal& value, const Unit& from, const Unit& to) {
  if (!from.same_dimension(to)) return std::nullopt;
  const Ratio base = in_base(value, from);
  Decimal numerator = base.numerator;
  if (to.scale == UcumUnitKind::Celsius || to.scale == UcumUnitKind::Reaumur) {
    numerator = numerator + (Decimal::from_parts(27315, 2) * base.denominator).negated();
  }
  auto result = Decimal::divide(numerator * to.denominator, base.denominator * to.numerator);
  if (!result || to.scale != UcumUnitKind::Fahrenheit) return result;
  const Decimal shortest = (*result - Decimal::from_parts(45967, 2)).normalized();
  return shortest.scale() < 0 ? shortest.with_scale(0) : shortest;
}

int compare_quantities(const Decimal& a, const Unit& x, const Decimal& b, const Unit& y) {
  const Ratio left = in_base(a, x);
  const Ratio right = in_base(b, y);
  return Decimal::compare(left.numerator * right.denominator, right.numerator * left.denominator);
}

}  // namespace fhir::path
