#include "fhir-model/validate/slice_match.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/profile_scratch.h"
#include "fhir-model/validate/value_steps.h"

namespace fhir::validate {
namespace {

// The text between the quotes of extension('…'); empty when the step is none.
std::string_view extension_url(std::string_view step) {
  constexpr std::string_view kStart = "extension(";
  if (step.substr(0, kStart.size()) != kStart || step.size() < kStart.size() + 3) return {};
  return step.substr(kStart.size() + 1, step.size() - kStart.size() - 3);
}

std::string_view of_type(std::string_view step) {
  constexpr std::string_view kStart = "ofType(";
  if (step.substr(0, kStart.size()) != kStart || step.size() < kStart.size() + 2) return {};
  auto name = step.substr(kStart.size(), step.size() - kStart.size() - 1);
  return name.substr(name.rfind('.') + 1);
}

bool says_something(const ElementRule& rule) {
  if (rule.fixed != nullptr || rule.pattern != nullptr || !rule.rules.empty()) return true;
  if (rule.binding.strength != BindingStrength::None) return true;
  return std::any_of(rule.children.begin(), rule.children.end(), says_something) ||
         std::any_of(rule.slices.begin(), rule.slices.end(), says_something);
}

}  // namespace

std::pair<std::string_view, std::string_view> split_step(std::string_view path) {
  int brackets = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == '(') ++brackets;
    if (c == ')') --brackets;
    if (c == '.' && brackets == 0) return {path.substr(0, i), path.substr(i + 1)};
  }
  return {path, {}};
}

bool SliceMatch::matches(const ElementRule& owner, const ElementRule& slice, const path::Value& item) {
  if (!check_.spend()) return false;
  if (!owner.slicing || owner.slicing->discriminators.empty()) return implied(owner, slice, item);
  const auto& discriminators = owner.slicing->discriminators;
  return std::all_of(discriminators.begin(), discriminators.end(),
                     [&](const Discriminator& one) { return discriminator_holds(one, slice, item); });
}

// Slices without discriminators: extensions by url, choices by type; others by all that they demand.
bool SliceMatch::implied(const ElementRule& owner, const ElementRule& slice, const path::Value& item) {
  if (owner.name == "extension" || owner.name == "modifierExtension") return extension_matches(slice, item);
  if (owner.is_choice) return type_matches(slice, item);
  return says_something(slice) && value_holds(slice, item);
}

bool SliceMatch::extension_matches(const ElementRule& slice, const path::Value& item) {
  const auto url = item.node == nullptr ? std::string_view() : item.node->member_text(atoms::kUrl);
  for (const TypeRule& type : slice.types) {
    if (!type.profiles.empty()) return type.profiles.front() == url;
  }
  const ElementRule* rule = step(slice, "url");
  return rule != nullptr && rule->fixed != nullptr && rule->fixed->text() == url;
}

bool SliceMatch::type_matches(const ElementRule& slice, const path::Value& item) {
  const auto& definitions = check_.walk_.definitions();
  if (!slice.types.empty()) {
    return std::any_of(slice.types.begin(), slice.types.end(),
                       [&](const TypeRule& type) { return definitions.is_a(item.type, type.type); });
  }
  const auto& name = slice.slice_name;
  const std::string type(definitions.type(item.type).name.view());
  return name.size() == slice.name.size() + type.size() && !type.empty() &&
         std::toupper(static_cast<unsigned char>(type[0])) == name[slice.name.size()] &&
         name.substr(slice.name.size() + 1) == type.substr(1);
}

const ElementRule* SliceMatch::step(const ElementRule& rule, std::string_view name) const {
  for (const ElementRule& child : rule.children) {
    if (child.name == name) return &child;
  }
  for (const ElementRule& child : rule.children) {
    // "value" also finds "valueCoding".
    const bool typed = child.name.size() > name.size() && child.name.compare(0, name.size(), name) == 0 &&
                       std::isupper(static_cast<unsigned char>(child.name[name.size()])) != 0;
    if (typed) return &child;
  }
  // A slice below speaks for its element: "code.coding" is sliced, and the slice fixes "code.coding.code".
  for (const ElementRule& slice : rule.slices) {
    for (const ElementRule& child : slice.children) {
      if (child.name == name) return &child;
    }
  }
  for (const TypeRule& type : rule.types) {
    for (const auto& url : type.profiles) {
      const Profile* profile = check_.walk_.data().profiles.find(url);
      if (profile == nullptr) continue;
      for (const ElementRule& child : profile->root.children) {
        if (child.name == name) return &child;
      }
    }
  }
  return nullptr;
}

const ElementRule* SliceMatch::follow(const ElementRule& start, std::string_view path) const {
  const ElementRule* at = &start;
  while (!path.empty() && at != nullptr) {
    const auto [name, rest] = split_step(path);
    path = rest;
    if (name == "$this" || name == "resolve()" || !of_type(name).empty()) continue;
    if (const auto url = extension_url(name); !url.empty()) {
      const ElementRule* list = step(*at, "extension");
      at = nullptr;
      if (list == nullptr) return nullptr;
      for (const ElementRule& slice : list->slices) {
        const bool this_one = !slice.types.empty() && !slice.types.front().profiles.empty() &&
                              slice.types.front().profiles.front() == url;
        if (this_one) at = &slice;
      }
      continue;
    }
    at = step(*at, name);
  }
  return at;
}

void SliceMatch::select_step(std::size_t first, std::size_t count, std::string_view name) {
  auto& scratch = check_.scratch_;
  const auto& definitions = check_.walk_.definitions();
  const auto url = extension_url(name);
  const auto type = of_type(name);
  for (std::size_t i = first; i < first + count; ++i) {
    const path::Value item = scratch.items[i];
    if (name == "resolve()") {
      if (item.node == nullptr) continue;
      const Node* target = check_.walk_.resolve(item.node->member_text(atoms::kReference), *check_.scope_);
      const Type* own = target == nullptr ? nullptr : definitions.find_type(target->resource_type());
      if (own == nullptr) continue;
      scratch.items.push_back(path::node_value(*target, own->id));
      scratch.owners.push_back(0);
    } else if (!type.empty()) {
      if (definitions.type(item.type).name.view() != type) continue;
      scratch.items.push_back(item);
      scratch.owners.push_back(0);
    } else if (!url.empty()) {
      const std::size_t before = scratch.items.size();
      push_elements(definitions, item, "extension", false, scratch);
      std::size_t kept = before;
      for (std::size_t j = before; j < scratch.items.size(); ++j) {
        const Node* one = scratch.items[j].node;
        if (one != nullptr && one->member_text(atoms::kUrl) == url) scratch.items[kept++] = scratch.items[j];
      }
      scratch.pop_to(kept);
    } else {
      const std::size_t before = scratch.items.size();
      push_elements(definitions, item, name, false, scratch);
      if (scratch.items.size() == before) push_elements(definitions, item, name, true, scratch);
    }
  }
}

// Pushes what the path selects onto the scratch.
void SliceMatch::select(const path::Value& item, std::string_view path) {
  auto& scratch = check_.scratch_;
  scratch.items.push_back(item);
  scratch.owners.push_back(0);
  std::size_t first = scratch.items.size() - 1;
  while (!path.empty()) {
    const auto [name, rest] = split_step(path);
    path = rest;
    if (name == "$this") continue;
    const std::size_t end = scratch.items.size();
    select_step(first, end - first, name);
    // The results take the place of what they were reached from.
    const auto begin = scratch.items.begin();
    scratch.items.erase(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(end));
    scratch.owners.resize(scratch.items.size());
  }
}

bool SliceMatch::value_holds(const ElementRule& rule, const path::Value& value) {
  Report::Mute mute(check_.report_);
  check_.element(rule, value);
  return !mute.found_errors();
}

bool SliceMatch::discriminator_holds(const Discriminator& discriminator, const ElementRule& slice,
                                     const path::Value& item) {
  const ElementRule* rule = follow(slice, discriminator.path);
  if (discriminator.path == "url" && (rule == nullptr || rule->fixed == nullptr)) {
    return extension_matches(slice, item);
  }
  auto& scratch = check_.scratch_;
  const std::size_t base = scratch.items.size();
  select(item, discriminator.path);
  const std::size_t count = scratch.items.size() - base;
  bool holds = false;
  if (discriminator.kind == DiscriminatorKind::Exists) {
    const bool forbidden = rule != nullptr && rule->max == 0U;
    holds = rule != nullptr && (forbidden ? count == 0 : count != 0);
  }
  if (discriminator.kind == DiscriminatorKind::Profile && rule == nullptr)
    holds = true;  // nothing is demanded
  for (std::size_t i = 0; i < count && !holds && rule != nullptr; ++i) {
    const path::Value value = scratch.items[base + i];
    switch (discriminator.kind) {
      case DiscriminatorKind::Type:
        holds = type_matches(*rule, value) || check_.target_type_fits(*rule, value);
        break;
      case DiscriminatorKind::Profile:
        holds = check_.some_profile_fits(*rule, value);
        break;
      case DiscriminatorKind::Value:
      case DiscriminatorKind::Pattern:
        holds = says_something(*rule) && value_holds(*rule, value);
        break;
      default:
        break;
    }
  }
  scratch.pop_to(base);
  return holds;
}

}  // namespace fhir::validate
