#include "fhir-model/path/evaluator.h"

#include "fhir-model/path/machine.h"

namespace fhir::path {

Evaluator::Evaluator(const EvaluationLimits& limits) : machine_(std::make_unique<Machine>(limits)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

Expected<std::span<const Value>> Evaluator::evaluate(const Program& program, const EvaluationInput& input) {
  machine_->start(program, input);
  if (!machine_->run()) return tl::unexpected(machine_->failure());
  return machine_->items();
}

Expected<Truth> Evaluator::evaluate_boolean(const Program& program, const EvaluationInput& input) {
  machine_->start(program, input);
  Truth truth = Truth::Empty;
  if (!machine_->run_boolean(truth)) return tl::unexpected(machine_->failure());
  return truth;
}

}  // namespace fhir::path
