#include "gateway/repository/sqlite/candidates.h"

#include <algorithm>

#include "fhir-model/search/reference_text.h"
#include "gateway/identity/merges.h"
#include "gateway/repository/sqlite/key_values.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

namespace search = fhir::search;
using search::Modifier;
using search::SearchValue;
using search::SystemPart;

const store::Sql kWord("SELECT key, system FROM dict WHERE param = ?1 AND code = ?2 AND system = ?3");
const store::Sql kCode("SELECT key, system FROM dict WHERE param = ?1 AND code = ?2");
const store::Sql kSystem("SELECT key, system FROM dict WHERE param = ?1 AND system = ?2");
const store::Sql kCodes("SELECT key, system FROM dict WHERE param = ?1 AND code >= ?2 AND code < ?3");
const store::Sql kUnique("SELECT row FROM uniq WHERE hash BETWEEN ?1 AND ?2");
const store::Sql kPrefix("SELECT row FROM str WHERE param = ?1 AND folded >= ?2 AND folded < ?3");
const store::Sql kEqual("SELECT row FROM str WHERE param = ?1 AND folded = ?2");
const store::Sql kWithin(
    "SELECT row FROM str WHERE param = ?1 AND (instr(folded, ?2) > 0 OR length(CAST(folded AS BLOB)) >= ?3)");

constexpr std::size_t kLongestCharacter = 4;  // bytes by which a shortened string may be below the limit

// The first text behind all that begin with `text`: 0xFF is in no UTF-8.
std::string behind(std::string_view text) {
  return std::string(text) + '\xFF';
}

class Finder {
 public:
  Finder(store::Connection& connection, const ValueFilter& filter)
      : connection_(connection), filter_(filter) {}

  Result<Candidates> run() {
    for (const ParameterUse* part : filter_.use->parts) {
      for (const SearchValue& value : filter_.values.alternatives) {
        if (const auto added = add(*part, value); !added) return forward(added);
        if (!out_.known) return std::move(out_);
      }
    }
    if (filter_.use->parts.empty()) out_.known = false;
    if (filter_.use->narrowed) out_.exact = false;
    return std::move(out_);
  }

 private:
  Result<void> add(const ParameterUse& part, const SearchValue& value) {
    switch (part.info->type) {
      case fhir::SearchType::Token:
        return add_token(part, value);
      case fhir::SearchType::String:
        return add_string(part, value);
      case fhir::SearchType::Date:
        return add_date(part, value);
      case fhir::SearchType::Number:
        return add_number(part, value);
      case fhir::SearchType::Quantity:
        return add_quantity(part, value);
      case fhir::SearchType::Reference:
        return add_reference(part, value);
      case fhir::SearchType::Uri:
        return add_uri(part, value);
      default:
        return give_up();
    }
  }

  Result<void> give_up() {
    out_.known = false;
    return {};
  }

  void add_point(const ParameterUse& part, std::int64_t value) {
    out_.lists.push_back({part.number, {value, value}});
  }

  void add_ranges(const ParameterUse& part, const std::vector<ValueRange>& ranges) {
    for (const ValueRange& range : ranges) out_.lists.push_back({part.number, range});
  }

  // Lists of the codes that the statement finds; `without_system`: the others must be asked.
  Result<void> add_words(const ParameterUse& part, store::Statement& words, bool without_system) {
    for (;;) {
      const auto row = words.step();
      if (!row) return forward(row);
      if (!*row) return {};
      add_point(part, words.integer(0));
      if (without_system && !words.text(1).empty()) out_.exact = false;
    }
  }

  Result<void> collect(store::Statement& rows) {
    for (;;) {
      const auto row = rows.step();
      if (!row) return forward(row);
      if (!*row) return {};
      out_.rows.push_back(rows.integer(0));
    }
  }

  Result<void> add_token(const ParameterUse& part, const SearchValue& value) {
    const Modifier modifier = filter_.values.modifier;
    const auto* token = std::get_if<search::TokenKey>(&value.key);
    if (token == nullptr) return give_up();
    if (modifier == Modifier::OfType && part.unique)
      return add_unique(part, SystemPart::Any, {}, token->text);
    if (modifier != Modifier::None && modifier != Modifier::Type) return give_up();
    if (value.has_code && part.unique) return add_unique(part, value.system_part, token->system, token->code);
    if (!value.has_code) {
      store::Statement words = connection_.query(kSystem, part.number, token->system);
      return add_words(part, words, false);
    }
    std::string memory;
    const std::string_view code = stored_code(token->code, memory);
    if (value.system_part == SystemPart::Given) {
      store::Statement words = connection_.query(kWord, part.number, code, token->system);
      return add_words(part, words, false);
    }
    store::Statement words = connection_.query(kCode, part.number, code);
    return add_words(part, words, value.system_part == SystemPart::Without);
  }

  Result<void> add_unique(const ParameterUse& part, SystemPart which, std::string_view system,
                          std::string_view code) {
    const bool any = which == SystemPart::Any;
    const std::uint64_t hash = unique_hash(part.number, any ? std::string_view() : system, code);
    const std::uint64_t low = any ? hash & ~kSystemBits : hash, high = any ? hash | kSystemBits : hash;
    out_.exact = false;  // the hash finds candidates only
    store::Statement rows =
        connection_.query(kUnique, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high));
    return collect(rows);
  }

  Result<void> add_string(const ParameterUse& part, const SearchValue& value) {
    const auto* text = std::get_if<search::StringKey>(&value.key);
    if (text == nullptr) return give_up();
    const std::string_view folded = stored_string(text->folded);
    const bool shortened = folded.size() != text->folded.size();
    if (filter_.values.modifier == Modifier::Exact) {
      out_.exact = false;
      store::Statement rows = connection_.query(kEqual, part.number, folded);
      return collect(rows);
    }
    if (folded.empty()) return give_up();
    if (filter_.values.modifier == Modifier::Contains) {
      out_.exact = false;
      store::Statement rows =
          connection_.query(kWithin, part.number, text->folded, kLongestString - kLongestCharacter);
      return collect(rows);
    }
    if (shortened) out_.exact = false;
    const std::string end = behind(folded);
    store::Statement rows = connection_.query(kPrefix, part.number, folded, end);
    return collect(rows);
  }

  Result<void> add_date(const ParameterUse& part, const SearchValue& value) {
    if (value.prefix == search::Prefix::Ne || !std::holds_alternative<search::DateKey>(value.key))
      return give_up();
    out_.exact = false;
    add_ranges(part, date_ranges(value.prefix, std::get<search::DateKey>(value.key)));
    return {};
  }

  Result<void> add_number(const ParameterUse& part, const SearchValue& value) {
    if (value.prefix == search::Prefix::Ne || !std::holds_alternative<search::NumberKey>(value.key))
      return give_up();
    out_.exact = false;
    add_ranges(part, number_ranges(value.prefix, std::get<search::NumberKey>(value.key), false));
    return {};
  }

  Result<void> add_quantity(const ParameterUse& part, const SearchValue& value) {
    if (value.prefix == search::Prefix::Ne || !std::holds_alternative<search::QuantityKey>(value.key))
      return give_up();
    const auto& asked = std::get<search::QuantityKey>(value.key);
    out_.exact = false;
    add_ranges(part, number_ranges(value.prefix, asked.number, false));
    if (!asked.canonical_code.empty()) add_ranges(part, number_ranges(value.prefix, asked.canonical, true));
    return {};
  }

  Result<void> add_reference(const ParameterUse& part, const SearchValue& value) {
    if (const auto* identifier = std::get_if<search::ReferenceIdentifierKey>(&value.key)) {
      if (!value.has_code) return give_up();
      out_.exact = false;
      add_point(part, identifier_value(identifier->value));
      return {};
    }
    const auto* key = std::get_if<search::ReferenceKey>(&value.key);
    if (key == nullptr) return give_up();
    if (key->form != search::ReferenceForm::Local) {
      out_.exact = false;
      const bool absolute = key->form == search::ReferenceForm::Absolute;
      add_point(part, absolute ? url_value(key->base, type_name(type_number_of(key->type)), key->id)
                               : url_value(key->id));
      if (value.url != key->id) add_point(part, url_value(value.url));
      return {};
    }
    if (part.canonical) {  // a canonical URL may look like an id, or like a reference
      out_.exact = false;
      add_point(part, url_value(value.url));
    }
    if (!key->version.empty()) out_.exact = false;
    return add_targets(part, *key);
  }

  Result<void> add_targets(const ParameterUse& part, const search::ReferenceKey& key) {
    std::vector<TypeNumber> types;
    if (key.type != fhir::kNoType) types.push_back(type_number_of(key.type));
    for (const auto target : filter_.use->info->targets) {
      if (key.type == fhir::kNoType) types.push_back(type_number_of(target));
    }
    const bool any = types.empty() || std::find(types.begin(), types.end(), TypeNumber{0}) != types.end();
    if (any) {
      types.clear();
      for (TypeNumber type = 1; type <= type_count(); ++type) types.push_back(type);
    }
    const TypeNumber only = filter_.use->only_target;
    for (const TypeNumber type : types) {
      if (only != 0 && type != only) continue;
      const auto head = find_head(connection_, type, key.id);
      if (!head) return forward(head);
      if (*head) add_point(part, (*head)->row.value);
    }
    return {};
  }

  Result<void> add_uri(const ParameterUse& part, const SearchValue& value) {
    const auto* key = std::get_if<search::UriKey>(&value.key);
    if (key == nullptr) return give_up();
    if (filter_.values.modifier == Modifier::Below || filter_.values.modifier == Modifier::Above) {
      out_.exact = false;
      if (const auto added = add_hashed_codes(part); !added) return added;
    }
    if (filter_.values.modifier == Modifier::Below) {
      std::string_view shorter = key->uri;
      if (shorter.ends_with('/')) shorter.remove_suffix(1);
      const std::string end = behind(shorter);
      store::Statement words = connection_.query(kCodes, part.number, shorter, end);
      return add_words(part, words, false);
    }
    if (const auto added = add_uri_text(part, key->uri); !added) return added;
    if (filter_.values.modifier != Modifier::Above) return {};
    for (std::size_t slash = key->uri.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = key->uri.rfind('/', slash - 1)) {
      for (const std::size_t size : {slash, slash + 1}) {
        if (const auto added = add_uri_text(part, key->uri.substr(0, size)); !added) return added;
      }
    }
    return {};
  }

  Result<void> add_uri_text(const ParameterUse& part, std::string_view uri) {
    std::string memory;
    const std::string_view code = stored_code(uri, memory);
    store::Statement words = connection_.query(kWord, part.number, code, "");
    return add_words(part, words, false);
  }

  // URIs too long to be compared by their beginnings.
  Result<void> add_hashed_codes(const ParameterUse& part) {
    const std::string first(1, kHashedCode), end = behind(first);
    store::Statement words = connection_.query(kCodes, part.number, first, end);
    return add_words(part, words, false);
  }

  store::Connection& connection_;
  const ValueFilter& filter_;
  Candidates out_;
};

// A composite's element has the first component's value, so the resource has it too: R4 defines each
// component by a parameter of the same elements (a test holds it to that). Custom composites may be
// different.
Result<Candidates> find_composite(store::Connection& connection, const TypeScheme& scheme,
                                  const ValueFilter& filter) {
  Candidates none;
  none.known = none.exact = false;
  const auto& info = *filter.values.parameter;
  if (info.id >= fhir::Definitions::r4().search_parameters().size() || info.components.empty()) return none;
  const ParameterUse* first = scheme.find(info.components.front().parameter);
  if (first == nullptr || first->parts.empty()) return none;
  ValueFilter alone{first, {}};
  alone.values.parameter = first->info;
  for (const auto& value : filter.values.alternatives)
    alone.values.alternatives.push_back(value.components.front());
  auto found = Finder(connection, alone).run();
  if (found) found->exact = false;
  return found;
}

}  // namespace

Result<Candidates> find_candidates(store::Connection& connection, const TypeScheme& scheme,
                                   const ValueFilter& filter) {
  const auto modifier = filter.values.modifier;
  if (modifier == Modifier::Missing || modifier == Modifier::Not || modifier == Modifier::NotIn ||
      modifier == Modifier::In || modifier == Modifier::Text) {
    Candidates all;
    all.known = all.exact = false;
    return all;
  }
  if (filter.values.parameter->type == fhir::SearchType::Composite)
    return find_composite(connection, scheme, filter);
  return Finder(connection, filter).run();
}

Result<void> add_replaced(store::Connection& connection, ValueFilter& filter) {
  const std::size_t asked = filter.values.alternatives.size();
  for (std::size_t i = 0; i < asked; ++i) {
    const auto* key = std::get_if<search::ReferenceKey>(&filter.values.alternatives[i].key);
    const bool local = key != nullptr && key->form == search::ReferenceForm::Local;
    if (!local) continue;
    const fhir::TypeId type = key->type;
    const auto id = parse_uuid(key->id);
    if (!id) continue;
    const auto replaced = identity::replaced_by(connection, *id);
    if (!replaced) return forward(replaced);
    for (const Uuid& one : *replaced) {
      SearchValue more;
      more.key = search::ReferenceKey{
          {}, filter.values.texts.copy(to_string(one)), {}, type, search::ReferenceForm::Local};
      more.url = std::get<search::ReferenceKey>(more.key).id;
      filter.values.alternatives.push_back(std::move(more));
    }
  }
  return {};
}

}  // namespace lienthong::repository::sqlite
