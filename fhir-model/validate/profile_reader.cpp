#include "fhir-model/validate/profile_reader.h"

#include <algorithm>
#include <charconv>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/published_expression.h"

namespace fhir::validate {
namespace {

constexpr std::size_t kMaxSegments = 64;

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

DiscriminatorKind discriminator_kind(std::string_view code) {
  if (code == "exists") return DiscriminatorKind::Exists;
  if (code == "pattern") return DiscriminatorKind::Pattern;
  if (code == "type") return DiscriminatorKind::Type;
  if (code == "profile") return DiscriminatorKind::Profile;
  return DiscriminatorKind::Value;
}

BindingStrength strength_of(std::string_view code) {
  if (code == "required") return BindingStrength::Required;
  if (code == "extensible") return BindingStrength::Extensible;
  if (code == "preferred") return BindingStrength::Preferred;
  return BindingStrength::Example;
}

void read_urls(const Node* list, std::vector<std::string>& out) {
  if (list == nullptr) return;
  for (const Node& item : list->children()) out.emplace_back(bare_canonical(item.text()));
}

std::string_view last_segment(std::string_view text) {
  return text.substr(text.rfind('/') + 1);
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.size() > start.size() && text.substr(0, start.size()) == start;
}

}  // namespace

std::shared_ptr<const path::Program> ProfileReader::compile(std::string_view key,
                                                            std::string_view expression) {
  path::CompileOptions options;
  options.as_filters = true;
  auto program = path::Program::compile(definitions_, meant_expression(expression), options);
  if (program) return std::make_shared<const path::Program>(std::move(*program));
  // What contexts of extensions ask for may be left out (R4's own say %extension).
  if (!key.empty())
    problems_.push_back("the constraint " + std::string(key) + " is left out: " + program.error().message);
  return nullptr;
}

// The id "Patient.name:official.given": stated, or made of path and slice names seen before.
std::string ProfileReader::id_of(const Node& element) {
  const auto path = element.member_text(atoms::kPath);
  std::string id(element.member_text(atoms::kId));
  const auto slice_name = element.member_text(atoms::kSliceName);
  const auto dots = [](std::string_view text) { return std::count(text.begin(), text.end(), '.'); };
  // A stated id that does not fit the path is not one of this kind.
  const bool usable = !id.empty() && dots(id) == dots(path) &&
                      (slice_name.empty() || (id.size() > slice_name.size() && id.ends_with(slice_name)));
  if (!usable) {
    const auto dot = path.rfind('.');
    id = path;
    if (dot != std::string_view::npos) {
      const auto parent = last_ids_.find(path.substr(0, dot));
      if (parent != last_ids_.end()) id = parent->second + std::string(path.substr(dot));
    }
    if (!slice_name.empty()) id.append(":").append(slice_name);
  }
  last_ids_[std::string(path)] = id;
  return id;
}

ElementRule& ProfileReader::child(ElementRule& owner, std::string_view segment) {
  const bool choice = segment.ends_with("[x]");
  const auto name = choice ? segment.substr(0, segment.size() - 3) : segment;
  for (ElementRule& rule : owner.children) {
    if (rule.name == name) return rule;
  }
  ElementRule rule;
  rule.name = name;
  rule.is_choice = choice;
  rule.path = owner.path + "." + std::string(segment);
  owner.children.push_back(std::move(rule));
  return owner.children.back();
}

ElementRule& ProfileReader::slice(ElementRule& owner, std::string_view name) {
  // "a/b" is a slice of the slice "a".
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) {
    const auto outer = name.substr(0, slash);
    for (ElementRule& rule : owner.slices) {
      if (rule.slice_name == outer) return slice(rule, name.substr(slash + 1));
    }
  }
  for (ElementRule& rule : owner.slices) {
    if (rule.slice_name == name) return rule;
  }
  ElementRule rule;
  rule.name = owner.name;
  rule.is_choice = owner.is_choice;
  rule.slice_name = name;
  rule.path = owner.path + ":" + std::string(name);
  owner.slices.push_back(std::move(rule));
  return owner.slices.back();
}

ElementRule* ProfileReader::locate(std::string_view id) {
  ElementRule* at = &profile_.root;
  std::size_t segments = 0;
  auto dot = id.find('.');
  if (at->path.empty()) at->path = id.substr(0, dot);
  while (dot != std::string_view::npos) {
    if (++segments > kMaxSegments) return nullptr;
    id.remove_prefix(dot + 1);
    dot = id.find('.');
    const auto segment = id.substr(0, dot);
    if (segment.empty()) return nullptr;
    const auto colon = segment.find(':');
    at = &child(*at, segment.substr(0, colon));
    if (colon != std::string_view::npos) at = &slice(*at, segment.substr(colon + 1));
  }
  return at;
}

void ProfileReader::read_types(const Node& list, ElementRule& rule) {
  rule.types.clear();
  for (const Node& item : list.children()) {
    TypeRule one;
    const Type* type = definitions_.find_type(last_segment(item.member_text(atoms::kCode)));
    one.type = type == nullptr ? kNoType : type->id;
    read_urls(item.find(atoms::kProfile), one.profiles);
    read_urls(item.find(atoms::kTargetProfile), one.targets);
    if (const Node* modes = item.find(atoms::kAggregation)) {
      for (const Node& mode : modes->children()) {
        one.contained |= mode.text() == "contained";
        one.referenced |= mode.text() == "referenced";
        one.bundled |= mode.text() == "bundled";
      }
    }
    // Types of FHIRPath ("http://hl7.org/fhirpath/System.String") say nothing about JSON members.
    if (one.type != kNoType) rule.types.push_back(std::move(one));
  }
}

void ProfileReader::read_slicing(const Node& node, ElementRule& rule) {
  Slicing slicing;
  if (rule.slicing) slicing = *rule.slicing;
  if (const Node* list = node.find(atoms::kDiscriminator)) {
    slicing.discriminators.clear();
    for (const Node& item : list->children()) {
      slicing.discriminators.push_back(
          {discriminator_kind(item.member_text(atoms::kType)), std::string(item.member_text(atoms::kPath))});
    }
  }
  const auto rules = node.member_text(atoms::kRules);
  if (rules == "closed") slicing.rules = Slicing::Rules::Closed;
  if (rules == "openAtEnd") slicing.rules = Slicing::Rules::OpenAtEnd;
  if (node.member_text(atoms::kOrdered) == "true") slicing.ordered = true;
  rule.slicing = std::move(slicing);
}

void ProfileReader::read_binding(const Node& node, ElementRule& rule) {
  const Node* set = node.find(atoms::kValueSet);
  const auto strength = strength_of(node.member_text(atoms::kStrength));
  if (set == nullptr || strength == BindingStrength::Example) return;
  BindingPlan plan;
  plan.set_url = bare_canonical(set->text());
  plan.set = terminology_.find_set(plan.set_url);
  plan.strength = plan.set ? strength : BindingStrength::None;
  rule.binding = plan;
}

void ProfileReader::read_constraints(const Node& list, ElementRule& rule) {
  for (const Node& item : list.children()) {
    ProfileRule one;
    one.key = item.member_text(atoms::kKey);
    one.human = item.member_text(atoms::kHuman);
    one.is_error = item.member_text(atoms::kSeverity) != "warning";
    const bool known = std::any_of(rule.rules.begin(), rule.rules.end(),
                                   [&](const ProfileRule& other) { return other.key == one.key; });
    const bool base = std::any_of(definitions_.invariants().begin(), definitions_.invariants().end(),
                                  [&](const Invariant& other) { return other.key.view() == one.key; });
    const auto expression = item.member_text(atoms::kExpression);
    if (known || expression.empty()) continue;
    if (base && one.key.substr(0, 4) != "inv-") continue;  // the walk checks it anyway
    one.program = compile(one.key, expression);
    if (one.program != nullptr) rule.rules.push_back(std::move(one));
  }
}

void ProfileReader::read_values(const Node& element, ElementRule& rule) {
  for (const Node& member : element.children()) {
    const auto name = member.json_name();
    if (starts_with(name, "fixed")) rule.fixed = &member;
    if (starts_with(name, "pattern")) rule.pattern = &member;
    if (starts_with(name, "minValue")) rule.min_value = &member;
    if (starts_with(name, "maxValue")) rule.max_value = &member;
  }
  if (const auto text = element.member_text(atoms::kMin); !text.empty()) rule.min = number(text);
  if (const auto text = element.member_text(atoms::kMax); !text.empty()) {
    rule.max = text == "*" ? ElementRule::kUnbounded : number(text);
  }
  if (const auto text = element.member_text(atoms::kMaxLength); !text.empty()) rule.max_length = number(text);
}

std::string ProfileReader::apply(const Node& element) {
  const auto path = element.member_text(atoms::kPath);
  if (path.empty()) return "an element has no path";
  ElementRule* rule = locate(id_of(element));
  if (rule == nullptr) return "the path \"" + std::string(path) + "\" cannot be followed";
  read_values(element, *rule);
  if (const Node* types = element.find(atoms::kType)) read_types(*types, *rule);
  if (const Node* slicing = element.find(atoms::kSlicing)) read_slicing(*slicing, *rule);
  if (const Node* binding = element.find(atoms::kBinding)) read_binding(*binding, *rule);
  if (const Node* list = element.find(atoms::kConstraint)) read_constraints(*list, *rule);
  const bool is_root = path.find('.') == std::string_view::npos;
  if (is_root && element.member_text(atoms::kIsModifier) == "true") profile_.is_modifier = true;
  return {};
}

void ProfileReader::read_contexts(const Node& resource) {
  if (const Node* list = resource.find(atoms::kContext)) {
    for (const Node& item : list->children()) {
      ExtensionContext context;
      const auto kind = item.member_text(atoms::kType);
      context.expression = item.member_text(atoms::kExpression);
      if (kind == "extension") context.kind = ExtensionContext::Kind::Extension;
      if (kind == "fhirpath") {
        context.kind = ExtensionContext::Kind::Path;
        context.program = compile({}, context.expression);
      }
      profile_.contexts.push_back(std::move(context));
    }
  }
  if (const Node* list = resource.find(atoms::kContextInvariant)) {
    for (const Node& item : list->children()) {
      ProfileRule rule;
      rule.key = item.text();
      rule.program = compile({}, item.text());
      if (rule.program != nullptr) profile_.context_invariants.push_back(std::move(rule));
    }
  }
}

}  // namespace fhir::validate
