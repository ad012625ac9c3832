// Code tables and literals against the value sets that FHIR binds their elements to.
#include <algorithm>

#include "gateway/convert/compiler.h"

namespace lienthong::convert {

CodeTable* Compiler::table_of(const MappingNode& node, const Env& env) {
  if (is_unset_parameter(node, env)) return nullptr;
  const auto* argument = argument_of(node, env);
  const auto& name = argument == nullptr ? node : *argument->node;
  if (auto* table = library_.find_table(name.text)) return table;
  error(name, "there is no codes/" + name.text + ".csv" +
                  suggestion(nearest_name(library_.table_names(), name.text)));
  return nullptr;
}

std::uint32_t Compiler::table_index(const CodeTable& table) const {
  const auto& tables = library_.tables();
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const auto& t) { return t.get() == &table; });
  return static_cast<std::uint32_t>(found - tables.begin());
}

void Compiler::check_table(const CodeTable& table, const Target& target) {
  if (target.type->name.view() != "code") return;
  const auto binding = target.element == nullptr ? 0 : target.element->binding_id;
  if (!checked_tables_.insert(table.name() + "|" + std::to_string(binding)).second) return;
  for (const auto& row : table.rows()) {
    std::string problem;
    if (row.target_code.empty() || check_code(row.target_code, target, problem)) continue;
    diagnostics_.error(row.file, row.line, 1, problem);
  }
}

// Only required bindings of elements of type code are closed enough to be an error while loading.
bool Compiler::check_code(const std::string& code, const Target& target, std::string& problem) const {
  if (target.element == nullptr || target.type->name.view() != "code") return true;
  const auto& binding = r4_.bindings()[target.element->binding_id];
  if (target.element->binding_id == 0 || binding.strength != fhir::BindingStrength::Required) return true;
  const auto& set = r4_.value_sets()[binding.value_set_id];
  if (binding.value_set_id == 0 || fhir::is_member(set, "", code).membership != fhir::Membership::NotMember)
    return true;
  std::vector<std::string> codes;
  for (const auto index : set.concepts.slots) {
    if (index != fhir::kNoConcept && codes.size() < 200)
      codes.emplace_back(r4_.concepts()[index].code.view());
  }
  problem = target.path + " must be a code of " + std::string(set.url.view()) + "; \"" + code + "\" is none" +
            suggestion(nearest_name(codes, code));
  return false;
}

void Compiler::compile_primitive_extension(const MappingNode& rule, const Target& target, const Env& env) {
  const auto* element = r4_.find_type("Element");
  if (element == nullptr || target.name.size() < 3) {
    return error(rule, "an extension beside a primitive value needs an element that does not repeat");
  }
  Target beside = target;
  beside.type = element;
  beside.name = "\"_" + target.name.substr(1);
  compile_object(beside, [&] {
    std::set<std::string> said;
    compile_member(*rule.find("extension"), *element, env, target.path, said);
  });
}

}  // namespace lienthong::convert
