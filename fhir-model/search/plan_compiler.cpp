#include "fhir-model/search/plan_compiler.h"

#include <algorithm>

#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/search/path_translator.h"

namespace fhir::search {
namespace {

constexpr std::string_view kResourceVariable = "%resource.";

// The parts of "a | b" outside parentheses and quotes.
std::vector<std::string_view> union_parts(std::string_view expression) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (quote != '\0') {
      if (c == '\\') {
        ++i;
      } else if (c == quote) {
        quote = '\0';
      }
    } else if (c == '\'' || c == '`') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (c == '|' && depth == 0) {
      parts.push_back(expression.substr(start, i - start));
      start = i + 1;
    }
  }
  parts.push_back(expression.substr(start));
  return parts;
}

// The name that an expression begins with.
std::string_view first_name(std::string_view part) {
  const std::size_t start = part.find_first_not_of(" \t\r\n(");
  if (start == std::string_view::npos) return {};
  std::size_t end = start;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  while (end < part.size() && is_letter(part[end])) ++end;
  return part.substr(start, end - start);
}

// The one code system of a required binding whose codes all come from it; else empty.
std::string_view implied_system(const Definitions& definitions, const Element* element) {
  if (element == nullptr || element->binding_id == 0) return {};
  const Binding& binding = definitions.bindings()[element->binding_id];
  if (binding.strength != BindingStrength::Required || binding.value_set_id == 0) return {};
  const ValueSet& set = definitions.value_sets()[binding.value_set_id];
  if (set.kind != ValueSetKind::Closed || !set.open_systems.empty()) return {};
  std::uint16_t system = 0;
  for (const std::uint32_t slot : set.concepts.slots) {
    if (slot == kNoConcept) continue;
    const std::uint16_t one = definitions.concepts()[slot].system;
    if (system != 0 && system != one) return {};
    system = one;
  }
  return definitions.code_systems()[system].url;
}

class PlanCompiler {
 public:
  PlanCompiler(const SearchModel& model, TypeId resource)
      : model_(model), definitions_(model.definitions()), translator_(definitions_, plan_) {
    plan_.type = resource;
    root_.type = resource;
    root_.place = translator_.add_place();
  }

  TypePlan compile() {
    for (const ParameterId id : model_.parameters_of(plan_.type)) add(model_.parameter(id));
    for (Place& place : plan_.places) hash_edges(place);
    return std::move(plan_);
  }

 private:
  void add(const ParameterInfo& parameter) {
    for (const std::string_view part : union_parts(parameter.expression)) {
      if (concerns(part)) add_part(parameter, part);
    }
  }

  // A part that begins with another resource type's name gives nothing.
  bool concerns(std::string_view part) const {
    const Type* type = definitions_.find_type(first_name(part));
    if (type == nullptr || type->kind != TypeKind::Resource) return !first_name(part).empty();
    return definitions_.is_a(plan_.type, type->id);
  }

  std::optional<path::Program> program_of(std::string_view expression) const {
    path::CompileOptions options;
    options.as_filters = true;
    auto program = path::Program::compile(definitions_, expression, options);
    if (!program) return std::nullopt;
    return *std::move(program);
  }

  void add_part(const ParameterInfo& parameter, std::string_view part) {
    auto program = program_of(part);
    if (!program) return;  // R4's all compile (tested), custom ones were checked when added
    const auto cursors = translator_.translate(*program, root_, root_);
    if (!cursors) {
      if (parameter.type == SearchType::Composite) return;
      plan_.programs.push_back({parameter.id, parameter.type, *std::move(program)});
      return;
    }
    for (const Cursor& cursor : *cursors) {
      if (parameter.type == SearchType::Composite) {
        add_composite(parameter, cursor);
      } else {
        subscribe(cursor, parameter.type, {parameter.id, cursor.reference_type});
      }
    }
  }

  void subscribe(const Cursor& cursor, SearchType type, Subscriber subscriber) {
    Action& found = action(cursor, type);
    const bool known =
        std::any_of(found.subscribers.begin(), found.subscribers.end(), [&](const Subscriber& one) {
          return one.parameter == subscriber.parameter && one.reference_type == subscriber.reference_type;
        });
    if (!known) found.subscribers.push_back(subscriber);
  }

  Action& action(const Cursor& cursor, SearchType type) {
    const Extraction extraction = extraction_for(type, cursor.type);
    auto& actions = plan_.places[cursor.place].actions;
    for (Action& known : actions) {
      if (known.extraction == extraction) return known;
    }
    const bool is_code = extraction == Extraction::TokenText && cursor.type == type_ids::kCode;
    actions.push_back(
        {extraction, is_code ? implied_system(definitions_, cursor.element) : std::string_view(), {}});
    return actions.back();
  }

  void add_composite(const ParameterInfo& parameter, const Cursor& cursor) {
    Composite composite{parameter.id, {}};
    for (const ComponentInfo& info : parameter.components) {
      const auto component = component_of(info, cursor);
      if (!component) return;
      composite.components.push_back(*component);
    }
    plan_.has_composites = true;
    plan_.places[cursor.place].composites.push_back(std::move(composite));
  }

  std::optional<Component> component_of(const ComponentInfo& info, const Cursor& base) {
    auto program = program_of(info.expression);
    if (!program) return std::nullopt;
    Component component;
    component.type = model_.parameter(info.parameter).type;
    component.place = translator_.add_place();
    component.from_root = info.expression.starts_with(kResourceVariable);
    component.start_type = component.from_root ? plan_.type : base.type;
    const Cursor start{component.place, component.start_type, nullptr, kNoType};
    using Start = std::optional<Cursor>;
    const auto cursors = translator_.translate(*program, component.from_root ? Start() : Start(start),
                                               component.from_root ? Start(start) : Start());
    if (!cursors) {
      component.program = static_cast<std::uint32_t>(plan_.programs.size());
      plan_.programs.push_back({0, component.type, *std::move(program)});
      return component;
    }
    for (const Cursor& cursor : *cursors) action(cursor, component.type);
    return component;
  }

  static void hash_edges(Place& place) {
    place.edge_count = static_cast<std::uint32_t>(place.edges.size());
    if (place.edges.empty()) return;
    std::size_t slots = 2;
    while (slots < 2 * place.edges.size()) slots *= 2;
    std::vector<Edge> table(slots);
    for (const Edge& edge : place.edges) {
      std::size_t slot = edge.atom & (slots - 1);
      while (table[slot].atom != kNoAtom) slot = (slot + 1) & (slots - 1);
      table[slot] = edge;
    }
    place.edges = std::move(table);
  }

  const SearchModel& model_;
  const Definitions& definitions_;
  TypePlan plan_;
  PathTranslator translator_;
  Cursor root_;
};

}  // namespace

TypePlan compile_plan(const SearchModel& model, TypeId resource) {
  return PlanCompiler(model, resource).compile();
}

}  // namespace fhir::search
