#include "fhir-model/definitions/definitions.h"

#include "fhir-model/definitions/hash.h"

namespace fhir {
namespace {

std::string_view without_version(std::string_view url) {
  return url.substr(0, url.find('|'));
}

// Follows the open addressing of `slots` until a record's key is `wanted` or a slot is empty.
template <class T, class Key>
const T* look_up(const Slice<std::uint16_t>& slots, const Slice<T>& records, std::string_view wanted,
                 Key key) {
  const auto mask = static_cast<std::uint32_t>(slots.size() - 1);
  for (std::uint32_t at = hash_text(wanted) & mask; slots[at] != 0; at = (at + 1) & mask) {
    const T& record = records[slots[at]];
    if (key(record) == wanted) return &record;
  }
  return nullptr;
}

}  // namespace

const Type* Definitions::find_type(std::string_view name) const {
  return look_up(type_slots_, types_, name, [](const Type& type) { return type.name.view(); });
}

const Type* Definitions::find_type_by_url(std::string_view url) const {
  constexpr std::string_view kPrefix = "http://hl7.org/fhir/StructureDefinition/";
  const std::string_view bare = without_version(url);
  if (!bare.starts_with(kPrefix)) return nullptr;
  const Type* found = find_type(bare.substr(kPrefix.size()));
  return found != nullptr && found->kind != TypeKind::Backbone ? found : nullptr;
}

bool Definitions::is_a(TypeId type, TypeId ancestor) const {
  while (type != kNoType && type != ancestor) type = types_[type].base;
  return type == ancestor && type != kNoType;
}

const ValueSet* Definitions::find_value_set(std::string_view url) const {
  return look_up(value_set_slots_, value_sets_, without_version(url),
                 [](const ValueSet& set) { return set.url.view(); });
}

const CodeSystem* Definitions::find_code_system(std::string_view url) const {
  return look_up(code_system_slots_, code_systems_, without_version(url),
                 [](const CodeSystem& system) { return system.url.view(); });
}

const SearchParameter* Definitions::find_search_parameter(const Type& resource, std::string_view code) const {
  for (const std::uint16_t id : resource.search_parameter_ids) {
    if (search_parameters_[id].code.view() == code) return &search_parameters_[id];
  }
  return nullptr;
}

}  // namespace fhir
