#include "gateway/base/problem.h"

#include <utility>

namespace lienthong {

std::string_view name_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::Information:
      return "information";
    case Severity::Warning:
      return "warning";
    case Severity::Error:
      return "error";
    case Severity::Fatal:
      return "fatal";
  }
  return "error";
}

void ProblemSink::add(Problem problem) {
  if (problem.severity >= Severity::Error) ++errors_;
  if (problems_.size() >= kLimit) {
    ++dropped_;
    return;
  }
  problems_.push_back(std::move(problem));
}

void ProblemSink::clear() noexcept {
  problems_.clear();
  errors_ = 0;
  dropped_ = 0;
}

}  // namespace lienthong
