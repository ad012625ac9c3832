// SearchParameter resources of the operator.
#include <algorithm>
#include <array>
#include <optional>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/path/program.h"
#include "fhir-model/search/plan_compiler.h"
#include "fhir-model/search/search_model.h"

namespace fhir::search {
namespace {

std::optional<SearchType> type_named(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames = {
      "number", "date", "string", "token", "reference", "composite", "quantity", "uri", "special"};
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<SearchType>(found - kNames.begin());
}

tl::unexpected<ParameterError> refused(std::string_view code, std::string_view why) {
  std::string message = "SearchParameter \"";
  message += code.substr(0, 100);
  message += "\": ";
  message += why;
  return tl::unexpected(ParameterError{std::move(message)});
}

// The resource types named in a list of codes; the first unknown name ends it with an error.
tl::expected<std::vector<TypeId>, ParameterError> resource_types(const Definitions& definitions,
                                                                 std::string_view code, const Node* list) {
  std::vector<TypeId> types;
  if (list == nullptr) return types;
  for (const Node& item : list->children()) {
    const Type* type = definitions.find_type(item.text());
    if (type == nullptr || type->kind != TypeKind::Resource) {
      return refused(code, "a base or target is no resource type of R4.");
    }
    types.push_back(type->id);
  }
  return types;
}

tl::expected<void, ParameterError> check_expression(const Definitions& definitions, std::string_view code,
                                                    std::string_view expression) {
  path::CompileOptions options;
  options.as_filters = true;
  const auto program = path::Program::compile(definitions, expression, options);
  if (!program) return refused(code, "the expression is not understood: " + program.error().message);
  return {};
}

}  // namespace

tl::expected<ParameterId, ParameterError> SearchModel::add(const Node& resource) {
  auto info = read(resource);
  if (!info) return tl::unexpected(info.error());
  if (parameters_.size() > 0xFFFF) return refused(info->code, "there are 65,535 parameters already.");
  info->id = static_cast<ParameterId>(parameters_.size());
  parameters_.push_back(*std::move(info));
  return parameters_.back().id;
}

tl::expected<ParameterInfo, ParameterError> SearchModel::read(const Node& resource) {
  ParameterInfo info;
  const std::string_view code = resource.member_text(atoms::kCode);
  if (resource.resource_type() != "SearchParameter") return refused(code, "this is no SearchParameter.");
  if (code.empty()) return refused(code, "`code` is missing.");
  const auto type = type_named(resource.member_text(atoms::kType));
  if (!type) return refused(code, "`type` is missing or unknown.");
  if (resource.member_text(atoms::kUrl).empty()) return refused(code, "`url` is missing.");
  const std::string_view expression = resource.member_text(atoms::kExpression);
  if (expression.empty()) return refused(code, "`expression` is missing.");
  const auto checked = check_expression(definitions_, code, expression);
  if (!checked) return tl::unexpected(checked.error());
  auto bases = resource_types(definitions_, code, resource.find(atoms::kBase));
  if (!bases) return tl::unexpected(bases.error());
  if (bases->empty()) return refused(code, "`base` is missing.");
  auto targets = resource_types(definitions_, code, resource.find(atoms::kTarget));
  if (!targets) return tl::unexpected(targets.error());
  info.type = *type;
  info.code = keep(code);
  info.url = keep(resource.member_text(atoms::kUrl));
  info.expression = keep(expression);
  info.bases = *std::move(bases);
  info.targets = *std::move(targets);
  const auto components = read_components(resource, info);
  if (!components) return tl::unexpected(components.error());
  return info;
}

tl::expected<void, ParameterError> SearchModel::read_components(const Node& resource, ParameterInfo& info) {
  if (info.type != SearchType::Composite) return {};
  const Node* list = resource.find(atoms::kComponent);
  if (list == nullptr || !list->is_array()) return refused(info.code, "`component` is missing.");
  for (const Node& item : list->children()) {
    const ParameterInfo* parameter = find_by_url(item.member_text(atoms::kDefinition));
    if (parameter == nullptr || parameter->type == SearchType::Composite) {
      return refused(info.code, "a component's definition is not known or a composite itself.");
    }
    const std::string_view expression = item.member_text(atoms::kExpression);
    const auto checked = check_expression(definitions_, info.code, expression);
    if (!checked) return tl::unexpected(checked.error());
    info.components.push_back({keep(expression), parameter->id});
  }
  if (info.components.size() < 2 || info.components.size() > kMaxComponents) {
    return refused(info.code, "a composite has two to four components.");
  }
  return {};
}

}  // namespace fhir::search
