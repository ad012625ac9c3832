// The parameters of one type: their numbers, and which of them can use the keys of others.
#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <set>
#include <string>

#include "fhir-model/search/type_plan.h"
#include "gateway/repository/sqlite/key_scheme.h"

namespace lienthong::repository::sqlite {
namespace {

using fhir::SearchType;
using fhir::search::ParameterInfo;

constexpr ParameterNumber kNumbersOfType = 128;
constexpr ParameterNumber kFirstCustom = ParameterNumber{1} << 16;

// The elements that a parameter reads in one type, as texts of its expression.
struct Paths {
  std::set<std::string, std::less<>> elements;
  bool narrowed = false;               // by a condition
  std::set<std::string_view> targets;  // "resolve() is Patient": the types referred to that are meant
};

// Some of its elements count only when they refer to a certain type.
bool is_limited(const Paths& paths) {
  return paths.targets.size() > 1 || (paths.targets.size() == 1 && !paths.targets.begin()->empty());
}

std::vector<std::string_view> alternatives_of(std::string_view expression) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i <= expression.size(); ++i) {
    const char c = i == expression.size() ? '|' : expression[i];
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != '|' || (depth != 0 && i != expression.size())) continue;
    parts.push_back(expression.substr(first, i - first));
    first = i + 1;
  }
  return parts;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_of_type(std::string_view path, std::string_view type) {
  while (!path.empty() && path.front() == '(') path.remove_prefix(1);
  for (const std::string_view owner :
       {type, std::string_view("Resource"), std::string_view("DomainResource")}) {
    if (path.starts_with(owner) && path.substr(owner.size()).starts_with('.')) return true;
  }
  return false;
}

Paths paths_of(const ParameterInfo& info, std::string_view type) {
  constexpr std::string_view kWhere = ".where(", kTarget = ".where(resolve() is ";
  Paths paths;
  for (std::string_view path : alternatives_of(info.expression)) {
    path = trimmed(path);
    if (!is_of_type(path, type)) continue;
    const std::size_t where = path.find(kWhere);
    if (where != std::string_view::npos) {
      std::string_view condition = path.substr(where);
      const bool by_target =
          condition.starts_with(kTarget) && condition.find(')', kTarget.size()) + 1 == condition.size();
      paths.narrowed |= !by_target;
      condition.remove_prefix(std::min(kTarget.size(), condition.size()));
      if (by_target) paths.targets.insert(condition.substr(0, condition.size() - 1));
    } else {
      paths.targets.insert("");
    }
    paths.elements.emplace(path.substr(0, where));
  }
  return paths;
}

bool has_keys(const ParameterInfo& info) {
  if (info.expression.empty() || info.type == SearchType::Composite || info.type == SearchType::Special)
    return false;
  return info.code != "_id" && info.code != "_lastUpdated" && info.code != "_source";
}

bool is_builtin(const ParameterInfo& info) {
  return info.id < fhir::Definitions::r4().search_parameters().size();
}

ParameterNumber custom_number(const ParameterInfo& info, TypeNumber type) {
  std::uint64_t hash = XXH3_64bits_withSeed(info.url.data(), info.url.size(), type);
  hash = XXH3_64bits_withSeed(info.expression.data(), info.expression.size(), hash);
  return kFirstCustom + static_cast<ParameterNumber>(hash >> 34);
}

// Which parameters read the elements of `wanted` and nothing else, fewest first found.
std::vector<const ParameterUse*> cover(const TypeScheme& scheme, const std::vector<Paths>& paths,
                                       std::size_t wanted, const std::vector<bool>& derived) {
  const auto& elements = paths[wanted].elements;
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < scheme.uses.size(); ++i) {
    const bool usable = i != wanted && !derived[i] && scheme.uses[i].stored && !paths[i].narrowed &&
                        !is_limited(paths[i]) && is_builtin(*scheme.uses[i].info) &&
                        scheme.uses[i].info->type == scheme.uses[wanted].info->type &&
                        !paths[i].elements.empty();
    if (usable &&
        std::includes(elements.begin(), elements.end(), paths[i].elements.begin(), paths[i].elements.end()))
      fitting.push_back(i);
  }
  std::stable_sort(fitting.begin(), fitting.end(), [&](std::size_t a, std::size_t b) {
    return paths[a].elements.size() > paths[b].elements.size();
  });
  std::set<std::string_view> left(elements.begin(), elements.end());
  std::vector<const ParameterUse*> parts;
  for (const std::size_t i : fitting) {
    const std::size_t before = left.size();
    for (const auto& element : paths[i].elements) left.erase(element);
    if (left.size() != before) parts.push_back(&scheme.uses[i]);
  }
  return left.empty() && !elements.empty() ? parts : std::vector<const ParameterUse*>();
}

// The narrowest and the widest first, so that what the others have in common keeps its keys.
std::vector<std::size_t> derivation_order(const TypeScheme& scheme, const std::vector<Paths>& paths) {
  std::vector<std::size_t> order(scheme.uses.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto rank = [&](std::size_t i) {
      return std::pair(paths[i].narrowed || is_limited(paths[i]), paths[i].elements.size());
    };
    if (rank(a) != rank(b)) return rank(a) > rank(b);
    return a > b;
  });
  return order;
}

void derive(TypeScheme& scheme) {
  const std::string_view name = type_name(scheme.type);
  std::vector<Paths> paths;
  for (const ParameterUse& use : scheme.uses) paths.push_back(paths_of(*use.info, name));
  std::vector<bool> derived(scheme.uses.size(), false);
  for (const std::size_t i : derivation_order(scheme, paths)) {
    ParameterUse& use = scheme.uses[i];
    if (!use.stored || !is_builtin(*use.info)) continue;
    use.parts = cover(scheme, paths, i, derived);
    if (use.parts.empty()) continue;
    derived[i] = true;
    const auto& targets = paths[i].targets;
    const bool one = targets.size() == 1;
    use.narrowed = paths[i].narrowed || (is_limited(paths[i]) && !one);
    if (one) use.only_target = type_number(*targets.begin());
  }
  for (std::size_t i = 0; i < scheme.uses.size(); ++i) {
    if (derived[i]) scheme.uses[i].stored = false;
    if (scheme.uses[i].stored) scheme.uses[i].parts = {&scheme.uses[i]};
  }
}

void note_extractions(const fhir::search::TypePlan& plan, TypeScheme& scheme) {
  using fhir::search::Extraction;
  for (const auto& place : plan.places) {
    for (const auto& action : place.actions) {
      const bool unique = action.extraction == Extraction::TokenIdentifier ||
                          action.extraction == Extraction::TokenContactPoint;
      const bool canonical = action.extraction == Extraction::ReferenceCanonical;
      for (const auto& subscriber : action.subscribers) {
        const std::uint16_t index = scheme.places[subscriber.parameter];
        if (index == 0) continue;
        scheme.uses[index - 1u].unique |= unique;
        scheme.uses[index - 1u].canonical |= canonical;
      }
    }
  }
}

}  // namespace

std::unique_ptr<const TypeScheme> make_type_scheme(const fhir::search::SearchModel& model, TypeNumber type) {
  auto scheme = std::make_unique<TypeScheme>();
  scheme->type = type;
  const fhir::Type* definition = model.definitions().find_type(type_name(type));
  scheme->id = definition->id;
  std::vector<std::string_view> codes;  // of R4, whatever replaces them
  for (const auto id : definition->search_parameter_ids) codes.push_back(model.parameter(id).code);
  std::sort(codes.begin(), codes.end());
  for (const auto id : model.parameters_of(scheme->id)) {
    const ParameterInfo& info = model.parameter(id);
    ParameterUse use;
    use.info = &info;
    const auto place = std::lower_bound(codes.begin(), codes.end(), info.code) - codes.begin();
    use.number = is_builtin(info) ? kNumbersOfType * type + static_cast<ParameterNumber>(place)
                                  : custom_number(info, type);
    use.stored = has_keys(info);
    use.lane = info.code == "patient" || info.code == "subject";
    use.tag = info.code == "_tag";
    scheme->uses.push_back(std::move(use));
  }
  std::sort(scheme->uses.begin(), scheme->uses.end(),
            [](const ParameterUse& a, const ParameterUse& b) { return a.info->code < b.info->code; });
  scheme->places.assign(model.parameter_count(), 0);
  for (std::size_t i = 0; i < scheme->uses.size(); ++i) {
    scheme->places[scheme->uses[i].info->id] = static_cast<std::uint16_t>(i + 1);
  }
  note_extractions(model.plan(scheme->id), *scheme);
  derive(*scheme);
  return scheme;
}

}  // namespace lienthong::repository::sqlite
