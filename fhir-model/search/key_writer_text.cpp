// Tokens, strings and positions.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/search/fold.h"
#include "fhir-model/search/key_writer.h"

namespace fhir::search {

void KeyWriter::token_text(const Node& node, std::string_view implied_system) {
  if (node.is_primitive()) add(TokenKey{implied_system, node.text(), {}, true}, node);
}

void KeyWriter::token_coding(const Node& node) {
  TokenKey key;
  for (const Node& child : node.children()) {
    if (child.is_underscored() || !child.is_primitive()) continue;
    if (child.atom() == atoms::kSystem) key.system = child.text();
    if (child.atom() == atoms::kCode) key.code = child.text();
    if (child.atom() == atoms::kDisplay) key.text = child.text();
  }
  if (!key.code.empty() || !key.system.empty() || !key.text.empty()) add(key, node);
}

void KeyWriter::token_concept(const Node& node) {
  for (const Node& child : node.children()) {
    if (child.is_underscored()) continue;
    if (child.atom() == atoms::kCoding) {
      for (const Node& coding : child.children()) token_coding(coding);
    } else if (child.atom() == atoms::kText && child.is_primitive()) {
      add(TokenTextKey{child.text()}, child);
    }
  }
}

void KeyWriter::token_identifier(const Node& node) {
  TokenKey key;
  key.system = node.member_text(atoms::kSystem);
  key.code = node.member_text(atoms::kValue);
  if (const Node* type = node.find(atoms::kType)) key.text = type->member_text(atoms::kText);
  if (!key.code.empty() || !key.system.empty()) add(key, node);
}

// R4 §3.1.1.5.10: the value alone; a phone system or use is no code system.
void KeyWriter::token_contact_point(const Node& node) {
  const std::string_view value = node.member_text(atoms::kValue);
  if (!value.empty()) add(TokenKey{{}, value, {}, true}, node);
}

void KeyWriter::string(const Node* node) {
  if (node == nullptr || !node->is_string()) return;
  const std::string_view exact = node->text();
  char* out = keys_->texts_.take(exact.size());
  const std::size_t length = fold_text(exact, out);
  keys_->texts_.give_back(exact.size() - length);
  add(StringKey{exact, {out, length}}, *node);
}

void KeyWriter::strings(const Node* list) {
  if (!list->is_array()) return string(list);
  for (const Node& item : list->children()) string(&item);
}

// R4 §3.1.1.5.9: any of the string parts, the text included.
void KeyWriter::human_name(const Node& node) {
  for (const Node& child : node.children()) {
    if (child.is_underscored()) continue;
    switch (child.atom()) {
      case atoms::kText:
      case atoms::kFamily:
      case atoms::kGiven:
      case atoms::kPrefix:
      case atoms::kSuffix:
        strings(&child);
        break;
      default:
        break;
    }
  }
}

void KeyWriter::address(const Node& node) {
  for (const Node& child : node.children()) {
    if (child.is_underscored()) continue;
    switch (child.atom()) {
      case atoms::kText:
      case atoms::kLine:
      case atoms::kCity:
      case atoms::kDistrict:
      case atoms::kState:
      case atoms::kPostalCode:
      case atoms::kCountry:
        strings(&child);
        break;
      default:
        break;
    }
  }
}

KeyRange KeyWriter::write_computed_text(SearchType type, std::string_view text) {
  if (type == SearchType::Special || type == SearchType::Composite) return {};
  const std::size_t first = keys_->values_.size();
  const std::string_view kept = keys_->texts_.copy(text);
  AnyKey key = TokenKey{{}, kept, {}, true};
  if (type == SearchType::String) {
    char* out = keys_->texts_.take(kept.size());
    key = StringKey{kept, {out, fold_text(kept, out)}};
  } else if (type == SearchType::Uri) {
    key = UriKey{kept};
  } else if (type == SearchType::Reference) {
    key = ReferenceKey{{}, kept, {}, kNoType, ReferenceForm::Url};
  } else if (type == SearchType::Date) {
    const auto interval = parse_date_interval(kept, options_.zone_minutes);
    if (!interval) return unusable(), KeyRange{};
    key = *interval;
  } else if (type == SearchType::Number || type == SearchType::Quantity) {
    const auto value = path::Decimal::parse(kept);
    if (!value) return unusable(), KeyRange{};
    const OrderedNumber exact = ordered_number(*value);
    const NumberKey number{{exact, exact}, implied_interval(*value)};
    if (type == SearchType::Number) {
      key = number;
    } else {
      key = QuantityKey{number, {}, {}, {}, {}, {}};
    }
  }
  keys_->values_.push_back({std::move(key), nullptr});
  return range_from(first);
}

}  // namespace fhir::search
