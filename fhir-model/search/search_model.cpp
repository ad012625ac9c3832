#include "fhir-model/search/search_model.h"

#include <algorithm>

#include "fhir-model/search/plan_compiler.h"
#include "fhir-model/search/type_plan.h"

namespace fhir::search {
namespace {

ParameterInfo info_of(const SearchParameter& source) {
  ParameterInfo info;
  info.id = source.id;
  info.type = source.type;
  info.url = source.url;
  info.code = source.code;
  info.expression = source.expression;
  info.bases.assign(source.bases.begin(), source.bases.end());
  info.targets.assign(source.targets.begin(), source.targets.end());
  for (const SearchComponent& component : source.components) {
    info.components.push_back({component.expression, component.parameter_id});
  }
  return info;
}

}  // namespace

SearchModel::SearchModel(const Definitions& definitions)
    : definitions_(definitions), plans_(definitions.types().size()) {
  parameters_.reserve(definitions.search_parameters().size() + 16);
  for (const SearchParameter& source : definitions.search_parameters()) {
    parameters_.push_back(info_of(source));
    parameters_.back().id = static_cast<ParameterId>(parameters_.size() - 1);
  }
  builtin_count_ = parameters_.size();
}

SearchModel::~SearchModel() = default;

const SearchModel& SearchModel::r4() {
  static const SearchModel model;
  return model;
}

bool SearchModel::applies(const ParameterInfo& parameter, TypeId resource) const {
  return std::any_of(parameter.bases.begin(), parameter.bases.end(),
                     [&](TypeId base) { return definitions_.is_a(resource, base); });
}

const ParameterInfo* SearchModel::find(TypeId resource, std::string_view code) const {
  for (std::size_t i = parameters_.size(); i-- > builtin_count_;) {
    if (parameters_[i].code == code && applies(parameters_[i], resource)) return &parameters_[i];
  }
  const SearchParameter* builtin = definitions_.find_search_parameter(definitions_.type(resource), code);
  return builtin != nullptr ? &parameters_[builtin->id] : nullptr;
}

const ParameterInfo* SearchModel::find_by_url(std::string_view url) const {
  const std::string_view plain = url.substr(0, url.find('|'));
  for (std::size_t i = parameters_.size(); i-- > 1;) {
    if (parameters_[i].url == plain) return &parameters_[i];
  }
  return nullptr;
}

std::vector<ParameterId> SearchModel::parameters_of(TypeId resource) const {
  std::vector<ParameterId> ids;
  for (std::size_t i = builtin_count_; i < parameters_.size(); ++i) {
    if (find(resource, parameters_[i].code) == &parameters_[i]) ids.push_back(parameters_[i].id);
  }
  for (const std::uint16_t id : definitions_.type(resource).search_parameter_ids) {
    if (ids.empty() || find(resource, parameters_[id].code) == &parameters_[id]) ids.push_back(id);
  }
  return ids;
}

const TypePlan& SearchModel::plan(TypeId resource) const {
  const TypePlan* known = plans_[resource].load(std::memory_order_acquire);
  if (known != nullptr) return *known;
  const std::lock_guard lock(mutex_);
  known = plans_[resource].load(std::memory_order_relaxed);
  if (known != nullptr) return *known;
  owned_plans_.push_back(std::make_unique<const TypePlan>(compile_plan(*this, resource)));
  plans_[resource].store(owned_plans_.back().get(), std::memory_order_release);
  return *owned_plans_.back();
}

}  // namespace fhir::search
