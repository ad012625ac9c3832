#include "fhir-model/validate/terminology.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/code_grammar.h"

namespace fhir::validate {

namespace {
constexpr int kMaxImports = 100;  // followed for one question; value sets may include one another
constexpr int kMaxAncestors = 64;

Membership not_of(Membership value) {
  if (value == Membership::Unknown) return value;
  return value == Membership::Member ? Membership::NotMember : Membership::Member;
}

Membership both(Membership a, Membership b) {
  if (a == Membership::NotMember || b == Membership::NotMember) return Membership::NotMember;
  return a == Membership::Unknown || b == Membership::Unknown ? Membership::Unknown : Membership::Member;
}

Membership by_grammar(bool fits) {
  return fits ? Membership::Member : Membership::NotMember;
}

bool system_fits(std::string_view asked, std::string_view wanted) {
  return asked.empty() || asked == wanted;
}
}  // namespace

struct LoadedSystem {
  struct Entry {
    std::string display;
    std::string parent;
  };
  TextMap<Entry> codes;
  bool is_complete = false;
};

struct Terminology::Include {
  struct Filter {
    std::string property, operation, value;
  };
  std::string system;
  TextSet codes;  // listed ones
  bool lists_codes = false;
  std::vector<Filter> filters;
  std::vector<std::string> sets;
};

struct LoadedSet {
  std::vector<Terminology::Include> includes, excludes;
};

Terminology::Terminology(const Definitions& definitions) : definitions_(definitions) {}
Terminology::~Terminology() = default;

void Terminology::read_concepts(const Node& owner, std::string_view parent, LoadedSystem& system) {
  const Node* list = owner.find(atoms::kConcept);
  if (list == nullptr) return;
  for (const Node& item : list->children()) {
    const auto code = item.member_text(atoms::kCode);
    system.codes[std::string(code)] = {std::string(item.member_text(atoms::kDisplay)), std::string(parent)};
    read_concepts(item, code, system);
  }
}

void Terminology::add_code_system(const Node& resource) {
  auto system = std::make_unique<LoadedSystem>();
  const auto content = resource.member_text(atoms::kContent);
  system->is_complete = content == "complete";
  read_concepts(resource, {}, *system);
  const std::string url(resource.member_text(atoms::kUrl));
  if (content == "supplement" || resource.find(atoms::kSupplements) != nullptr) {
    supplements_.insert(url);
  } else {
    systems_[url] = std::move(system);
  }
}

Terminology::Include Terminology::read_include(const Node& node) {
  Include include;
  include.system = bare_canonical(node.member_text(atoms::kSystem));
  if (const Node* list = node.find(atoms::kConcept)) {
    include.lists_codes = true;
    for (const Node& item : list->children()) include.codes.emplace(item.member_text(atoms::kCode));
  }
  if (const Node* list = node.find(atoms::kFilter)) {
    for (const Node& item : list->children()) {
      include.filters.push_back({std::string(item.member_text(atoms::kProperty)),
                                 std::string(item.member_text(atoms::kOp)),
                                 std::string(item.member_text(atoms::kValue))});
    }
  }
  if (const Node* list = node.find(atoms::kValueSet)) {
    for (const Node& item : list->children()) include.sets.emplace_back(bare_canonical(item.text()));
  }
  return include;
}

void Terminology::read_expansion(const Node& owner, LoadedSet& set) {
  const Node* list = owner.find(atoms::kContains);
  if (list == nullptr) return;
  for (const Node& item : list->children()) {
    const std::string_view system = item.member_text(atoms::kSystem);
    auto found = std::find_if(set.includes.begin(), set.includes.end(),
                              [&](const Include& include) { return include.system == system; });
    if (found == set.includes.end()) {
      Include include;
      include.system = system;
      include.lists_codes = true;
      found = set.includes.insert(set.includes.end(), std::move(include));
    }
    if (item.member_text(atoms::kAbstract) != "true") found->codes.emplace(item.member_text(atoms::kCode));
    read_expansion(item, set);
  }
}

std::shared_ptr<const LoadedSet> Terminology::read_value_set(const Node& resource) {
  auto set = std::make_shared<LoadedSet>();
  const Node* compose = resource.find(atoms::kCompose);
  if (compose != nullptr) {
    if (const Node* list = compose->find(atoms::kInclude)) {
      for (const Node& item : list->children()) set->includes.push_back(read_include(item));
    }
    if (const Node* list = compose->find(atoms::kExclude)) {
      for (const Node& item : list->children()) set->excludes.push_back(read_include(item));
    }
  } else if (const Node* expansion = resource.find(atoms::kExpansion)) {
    read_expansion(*expansion, *set);
  }
  return set;
}

void Terminology::add_value_set(const Node& resource) {
  sets_[std::string(resource.member_text(atoms::kUrl))] = read_value_set(resource);
}

SetHandle Terminology::find_set(std::string_view url) const {
  if (const auto found = sets_.find(bare_canonical(url)); found != sets_.end()) {
    return {nullptr, found->second.get()};
  }
  return {definitions_.find_value_set(url), nullptr};
}

bool Terminology::is_value_set(std::string_view url) const {
  return static_cast<bool>(find_set(url)) && systems_.find(bare_canonical(url)) == systems_.end() &&
         definitions_.find_code_system(url) == nullptr;
}

CodeAnswer Terminology::find_code(std::string_view system, std::string_view code) const {
  using State = CodeAnswer::State;
  if (const auto loaded = systems_.find(bare_canonical(system)); loaded != systems_.end()) {
    const auto& codes = loaded->second->codes;
    const auto found = codes.find(code);
    if (found != codes.end()) {
      return {State::Known, loaded->second->is_complete ? found->second.display : std::string_view()};
    }
    return {loaded->second->is_complete ? State::Unknown : State::NotDecidable, {}};
  }
  const CodeSystem* base = definitions_.find_code_system(system);
  if (base == nullptr) return {};
  if (const Concept* found = find_concept(*base, code)) {
    return {State::Known, base->is_complete ? found->display.view() : std::string_view()};
  }
  return {base->is_complete ? State::Unknown : State::NotDecidable, {}};
}

bool Terminology::is_below(std::string_view system, std::string_view code, std::string_view ancestor) const {
  if (const auto loaded = systems_.find(system); loaded != systems_.end()) {
    auto entry = loaded->second->codes.find(code);
    for (int i = 0; i < kMaxAncestors && entry != loaded->second->codes.end(); ++i) {
      if (entry->second.parent == ancestor) return true;
      entry = loaded->second->codes.find(entry->second.parent);
    }
    return false;
  }
  const CodeSystem* base = definitions_.find_code_system(system);
  const Concept* entry = base == nullptr ? nullptr : find_concept(*base, code);
  for (int i = 0; i < kMaxAncestors && entry != nullptr && entry->parent != kNoConcept; ++i) {
    entry = &definitions_.concepts()[entry->parent];
    if (entry->code.view() == ancestor) return true;
  }
  return false;
}

Membership Terminology::passes_filters(const Include& include, std::string_view code) const {
  for (const auto& filter : include.filters) {
    const bool by_concept = filter.property == "concept" || filter.property == "code";
    const bool self = code == filter.value;
    bool passes = false;
    if (by_concept && filter.operation == "is-a") {
      passes = self || is_below(include.system, code, filter.value);
    } else if (by_concept && filter.operation == "descendent-of") {
      passes = is_below(include.system, code, filter.value);
    } else if (by_concept && filter.operation == "is-not-a") {
      passes = !self && !is_below(include.system, code, filter.value);
    } else if (by_concept && filter.operation == "=") {
      passes = self;
    } else {
      return Membership::Unknown;
    }
    if (!passes) return Membership::NotMember;
  }
  return Membership::Member;
}

Membership Terminology::system_member(const Include& include, std::string_view code) const {
  if (include.lists_codes) return by_grammar(include.codes.contains(code));
  if (include.system == "urn:ietf:bcp:47") return by_grammar(is_language_tag(code));
  if (include.system == "urn:ietf:bcp:13") return by_grammar(is_media_type(code));
  if (include.system == "http://unitsofmeasure.org" && include.filters.empty()) {
    return by_grammar(is_ucum_unit(code));
  }
  const auto state = find_code(include.system, code).state;
  if (state == CodeAnswer::State::Unknown) return Membership::NotMember;
  if (state == CodeAnswer::State::NotDecidable) return Membership::Unknown;
  return passes_filters(include, code);
}

Membership Terminology::include_member(const Include& include, std::string_view system, std::string_view code,
                                       int& budget) const {
  Membership result = Membership::Member;
  if (!include.system.empty()) {
    if (!system_fits(system, include.system)) return Membership::NotMember;
    result = system_member(include, code);
  }
  for (const auto& url : include.sets) {
    if (result == Membership::NotMember) return result;
    const auto set = find_set(url);
    result = both(result, set ? handle_member(set, system, code, budget) : Membership::Unknown);
  }
  return result;
}

Membership Terminology::loaded_member(const LoadedSet& set, std::string_view system, std::string_view code,
                                      int& budget) const {
  if (--budget < 0) return Membership::Unknown;
  Membership result = set.includes.empty() ? Membership::Unknown : Membership::NotMember;
  for (const auto& include : set.includes) {
    const auto one = include_member(include, system, code, budget);
    if (one == Membership::Member) result = one;
    if (result == Membership::Member) break;
    if (one == Membership::Unknown) result = one;
  }
  for (const auto& exclude : set.excludes) {
    result = both(result, not_of(include_member(exclude, system, code, budget)));
  }
  return result;
}

Membership Terminology::handle_member(const SetHandle& set, std::string_view system, std::string_view code,
                                      int& budget) const {
  if (set.loaded != nullptr) return loaded_member(*set.loaded, system, code, budget);
  switch (set.base->kind) {
    case ValueSetKind::Languages:
      return system_fits(system, "urn:ietf:bcp:47") ? by_grammar(is_language_tag(code))
                                                    : Membership::NotMember;
    case ValueSetKind::MimeTypes:
      return system_fits(system, "urn:ietf:bcp:13") ? by_grammar(is_media_type(code)) : Membership::NotMember;
    case ValueSetKind::Ucum:
      return system_fits(system, "http://unitsofmeasure.org") ? by_grammar(is_ucum_unit(code))
                                                              : Membership::NotMember;
    default:
      return fhir::is_member(*set.base, system, code).membership;
  }
}

Membership Terminology::is_member(const SetHandle& set, std::string_view system,
                                  std::string_view code) const {
  int budget = kMaxImports;
  return handle_member(set, system, code, budget);
}

}  // namespace fhir::validate
