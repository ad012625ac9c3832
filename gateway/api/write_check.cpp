#include "gateway/api/write_check.h"

#include <string>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/validate/outcome.h"
#include "gateway/api/outcome.h"
#include "gateway/base/metric_table.h"
#include "gateway/base/problem.h"

namespace lienthong::api {

struct WriteCheck::Worker {
  explicit Worker(const fhir::validate::Validator& validator) : validation(validator) {}
  fhir::validate::Validation validation;
  fhir::Document document;
};

WriteCheck::WriteCheck(const fhir::validate::Validator* validator, CheckMode mode, unsigned io_threads,
                       Metrics& metrics)
    : mode_(validator == nullptr ? CheckMode::Off : mode),
      errors_(metrics.counter(metric::kProblems,
                              {{"source", "fhir-api"}, {"severity", name_of(Severity::Error)}})),
      warnings_(metrics.counter(metric::kProblems,
                                {{"source", "fhir-api"}, {"severity", name_of(Severity::Warning)}})) {
  for (unsigned i = 0; mode_ != CheckMode::Off && i < io_threads; ++i)
    workers_.push_back(std::make_unique<Worker>(*validator));
}
WriteCheck::~WriteCheck() = default;

// What cannot be read as JSON is left to the repository, which says why.
std::optional<net::Response> WriteCheck::refusal(const net::Request& request, std::string& outcome) {
  if (mode_ == CheckMode::Off || request.body().empty()) return std::nullopt;
  auto& worker = *workers_[request.io_thread()];
  if (!fhir::read_json(request.body(), worker.document)) return std::nullopt;
  const auto& issues = worker.validation.validate(worker.document);
  const auto errors = fhir::validate::error_count(issues);
  errors_.add(errors);
  warnings_.add(issues.size() - errors);
  if (issues.empty()) return std::nullopt;
  fhir::validate::append_outcome(issues, outcome);
  if (errors == 0 || mode_ != CheckMode::Reject) return std::nullopt;
  return json_response(422, outcome);
}

}  // namespace lienthong::api
