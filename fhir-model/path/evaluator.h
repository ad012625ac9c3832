#pragma once
// Runs compiled expressions on resources.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "fhir-model/document/document.h"
#include "fhir-model/path/error.h"
#include "fhir-model/path/program.h"
#include "fhir-model/path/value.h"

namespace fhir::path {

// What functions of an expression ask of the world outside the resource. Each answer may be "not known"; then
// the function falls back as said. Called on the evaluating thread, during evaluate(). Values given out must
// stay valid until the evaluator is used again.
class Services {
 public:
  virtual ~Services() = default;

  // The resource that a reference (URL, relative or absolute) points to. Contained resources and entries of
  // the root Bundle are found without. Not known: resolve() leaves the reference out.
  virtual std::optional<Value> resolve(std::string_view reference);
  // Is the code, Coding or CodeableConcept in the value set? Not known: the definitions' own value sets are
  // asked.
  virtual std::optional<bool> member_of(const Value& value, std::string_view value_set);
  // Does the value conform to the profile? Not known: base types are judged by the value's type, others are
  // an error.
  virtual std::optional<bool> conforms_to(const Value& value, std::string_view profile);
  // The value of an environment variable named in CompileOptions::variables. Not known: an empty collection.
  virtual std::optional<Value> variable(std::string_view name);
  // trace(name) was passed by these items.
  virtual void trace(std::string_view name, std::span<const Value> items);
};

// What an expression is evaluated on. `context` is $this and %context at the start.
struct EvaluationInput {
  Value context = {};
  bool has_context = true;             // false: an empty input
  std::optional<Value> resource = {};  // %resource; not given: the context
  std::optional<Value> root_resource =
      {};  // %rootResource (the container of a contained resource); default %resource
  Services* services = nullptr;
  // resolve() of a reference that nobody knows gives an item that has nothing but the type which the
  // reference names
  // ("Patient/12", Reference.type): enough for `where(resolve() is Patient)` in search parameters.
  bool resolve_to_type = false;
};

// Bounds on one evaluation; breaking one is an error of kind Limit that names it.
struct EvaluationLimits {
  std::uint64_t steps = 20'000'000;  // operations and items visited
  std::size_t items = 4'000'000;     // of all collections alive at once, 24 bytes each
  std::size_t memory = 64 << 20;     // bytes of computed texts, decimals, dates
};

enum class Truth : std::uint8_t { False, True, Empty };

// Evaluates programs. Keeps its memory from one evaluation to the next, so that usual ones allocate nothing.
// One thread at a time; programs and documents may be shared.
class Evaluator {
 public:
  explicit Evaluator(const EvaluationLimits& limits = {});
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  // The resulting collection, in order. Valid until the next evaluation or the end of document or program.
  Expected<std::span<const Value>> evaluate(const Program& program, const EvaluationInput& input);
  // The result as a condition: empty, the boolean, or true for any other single item; several items are an
  // error (FHIRPath 2.0 §4.5 "singleton evaluation"). The way to run invariants: stops as early as it can.
  Expected<Truth> evaluate_boolean(const Program& program, const EvaluationInput& input);

 private:
  std::unique_ptr<class Machine> machine_;
};

// The root of a document as an item: its type is that of its resourceType (kNoType when R4 has none such).
Value root_value(const Definitions& definitions, const Document& document);
// An item of any element: `type` as the definitions give it.
Value node_value(const Node& node, TypeId type);

}  // namespace fhir::path
