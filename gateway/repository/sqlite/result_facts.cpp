#include "gateway/repository/sqlite/result_facts.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <array>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/search/date_interval.h"

namespace lienthong::repository::sqlite {
namespace {

using fhir::path::Decimal;

constexpr std::array<std::string_view, 3> kNoResult = {"registered", "cancelled", "entered-in-error"};
constexpr std::array<std::string_view, 4> kComparators = {"<=", ">=", "<", ">"};

std::string_view text_of(const fhir::Node& object, std::string_view member) {
  const fhir::Node* node = object.find(member);
  return node == nullptr || !node->is_primitive() ? std::string_view() : node->text();
}

std::vector<SystemCode> codes_of(const fhir::Node& concept_node) {
  std::vector<SystemCode> codes;
  const fhir::Node* codings = concept_node.find("coding");
  if (codings == nullptr) return codes;
  for (const fhir::Node& coding : codings->children()) {
    const auto system = text_of(coding, "system"), code = text_of(coding, "code");
    if (!system.empty() && !code.empty()) codes.push_back({std::string(system), std::string(code)});
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

ResultValue quantity_of(const fhir::Node& quantity) {
  ResultValue value;
  value.number = text_of(quantity, "value");
  value.comparator = text_of(quantity, "comparator");
  value.unit = text_of(quantity, "unit");
  value.unit_code = text_of(quantity, "code");
  return value;
}

ResultValue concept_of(const fhir::Node& concept_node) {
  ResultValue value;
  value.codes = codes_of(concept_node);
  if (const auto text = text_of(concept_node, "text"); !text.empty()) value.texts.emplace_back(text);
  if (const fhir::Node* codings = concept_node.find("coding"); codings != nullptr) {
    for (const fhir::Node& coding : codings->children()) {
      if (const auto text = text_of(coding, "display"); !text.empty()) value.texts.emplace_back(text);
    }
  }
  return value;
}

ResultValue value_of(const fhir::Node& root) {
  if (const auto* quantity = root.find("valueQuantity"); quantity != nullptr) return quantity_of(*quantity);
  if (const auto* coded = root.find("valueCodeableConcept"); coded != nullptr) return concept_of(*coded);
  ResultValue value;
  if (const auto text = text_of(root, "valueString"); !text.empty()) value.texts.emplace_back(text);
  return value;
}

// "<0.5" → a number with its comparator. False: it is a text.
bool read_number(std::string_view text, ResultValue& value) {
  const auto sign = std::find_if(kComparators.begin(), kComparators.end(),
                                 [&](std::string_view one) { return text.starts_with(one); });
  const std::size_t skipped = sign == kComparators.end() ? 0 : sign->size();
  if (sign != kComparators.end()) value.comparator = *sign;
  text.remove_prefix(skipped);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (!Decimal::parse(text)) return false;
  value.number = text;
  return true;
}

bool same_number(std::string_view one, std::string_view other) {
  const auto a = Decimal::parse(one), b = Decimal::parse(other);
  return a && b ? Decimal::compare(*a, *b) == 0 : one == other;
}

bool units_alike(const ResultValue& one, const ResultValue& other) {
  if (!one.unit_code.empty() && !other.unit_code.empty()) return one.unit_code == other.unit_code;
  return one.unit.empty() || other.unit.empty() || one.unit == other.unit;
}

bool same_quantity(const ResultValue& one, const ResultValue& other) {
  return one.comparator == other.comparator && same_number(one.number, other.number) &&
         units_alike(one, other);
}

bool has_number(const std::vector<std::string>& texts, const ResultValue& number) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    ResultValue value;
    return read_number(text, value) && same_quantity(value, number);
  });
}

template <class Item>
bool have_common(const std::vector<Item>& some, const std::vector<Item>& others) {
  return std::any_of(some.begin(), some.end(), [&](const Item& item) {
    return std::find(others.begin(), others.end(), item) != others.end();
  });
}

}  // namespace

std::uint64_t hash_of(const SystemCode& code) noexcept {
  const auto seed = XXH3_64bits(code.system.data(), code.system.size());
  return XXH3_64bits_withSeed(code.code.data(), code.code.size(), seed);
}

ResultFacts ResultReader::read(std::string_view body, int zone_minutes) {
  ResultFacts facts;
  text_.assign(body).append(fhir::kPadding, '\0');
  if (!fhir::read_json(std::string_view(text_).substr(0, body.size()), document_)) return facts;
  const fhir::Node& root = document_.root();
  const auto status = text_of(root, "status");
  if (std::find(kNoResult.begin(), kNoResult.end(), status) != kNoResult.end()) return facts;
  auto moment = text_of(root, "effectiveDateTime");
  if (moment.empty()) moment = text_of(root, "effectiveInstant");
  const auto interval = fhir::search::parse_date_interval(moment, zone_minutes);
  facts.value = value_of(root);
  const fhir::Node* code = root.find("code");
  if (!interval || facts.value.empty() || code == nullptr) return facts;
  facts.from = interval->lo;
  facts.to = interval->precision > fhir::search::DatePrecision::Day ? interval->lo : interval->hi;
  facts.codes = codes_of(*code);
  return facts;
}

bool same_value(const ResultValue& one, const ResultValue& other) {
  if (!one.number.empty() && !other.number.empty()) return same_quantity(one, other);
  if (!one.number.empty()) return has_number(other.texts, one);
  if (!other.number.empty()) return has_number(one.texts, other);
  return have_common(one.texts, other.texts) || have_common(one.codes, other.codes);
}

Distance distance_of(const ResultFacts& one, const ResultFacts& other) noexcept {
  const std::int64_t before = other.from - one.to, after = one.from - other.to;
  return {std::max<std::int64_t>({0, before, after}), std::max(other.to - one.from, one.to - other.from)};
}

bool agree(const ResultFacts& copy, const ResultFacts& result) {
  return copy.usable() && result.usable() && distance_of(copy, result).most <= kTieSpan &&
         have_common(copy.codes, result.codes) && same_value(copy.value, result.value);
}

}  // namespace lienthong::repository::sqlite
