#pragma once
// The search parameters in force: those of R4 and the operator's own.

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/node.h"
#include "fhir-model/search/search_keys.h"

namespace fhir::search {

struct TypePlan;

// A part of a composite parameter. `expression` is relative to each result of the parameter's own.
struct ComponentInfo {
  std::string_view expression;
  ParameterId parameter = 0;  // whose type applies
};

// One search parameter. Texts live as long as the model.
struct ParameterInfo {
  ParameterId id = 0;
  SearchType type = SearchType::Special;
  std::string_view url;
  std::string_view code;
  std::string_view expression;
  std::vector<TypeId> bases;
  std::vector<TypeId> targets;
  std::vector<ComponentInfo> components;
};

// Why a custom SearchParameter was refused: a whole English sentence for its author.
struct ParameterError {
  std::string message;
};

// Numbers 1 .. parameter_count()-1 are parameters; R4's keep the numbers of the definitions, custom ones
// follow. Set up by add() on one thread, before any other use; from then on any thread may read. The plans
// are compiled at first use of a type (some 100 µs each), so that the start costs next to nothing.
class SearchModel {
 public:
  explicit SearchModel(const Definitions& definitions = Definitions::r4());
  ~SearchModel();
  SearchModel(const SearchModel&) = delete;
  SearchModel& operator=(const SearchModel&) = delete;

  // R4's parameters alone, shared.
  static const SearchModel& r4();

  // Adds a SearchParameter resource. The same URL, or code and base, as a known one replaces it for those
  // bases. Refused: no url, code, type, base or expression, unknown types, an expression that does not
  // compile, unknown or too many components.
  tl::expected<ParameterId, ParameterError> add(const Node& search_parameter);

  std::size_t parameter_count() const { return parameters_.size(); }
  const ParameterInfo& parameter(ParameterId id) const { return parameters_[id]; }
  // By resource type and code ("birthdate", "_lastUpdated"); null when there is none.
  const ParameterInfo* find(TypeId resource, std::string_view code) const;
  const ParameterInfo* find_by_url(std::string_view url) const;
  // All parameters of a resource type, those of Resource and DomainResource too.
  std::vector<ParameterId> parameters_of(TypeId resource) const;

  const TypePlan& plan(TypeId resource) const;
  const Definitions& definitions() const { return definitions_; }

 private:
  bool applies(const ParameterInfo& parameter, TypeId resource) const;
  tl::expected<ParameterInfo, ParameterError> read(const Node& resource);
  tl::expected<void, ParameterError> read_components(const Node& resource, ParameterInfo& info);
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

  const Definitions& definitions_;
  std::vector<ParameterInfo> parameters_;
  std::size_t builtin_count_ = 0;
  std::deque<std::string> texts_;
  mutable std::mutex mutex_;  // guards the making of plans
  mutable std::vector<std::atomic<const TypePlan*>> plans_;
  mutable std::vector<std::unique_ptr<const TypePlan>> owned_plans_;
};

}  // namespace fhir::search
