#pragma once
// The check step of the FHIR API: what is written is judged by FHIR R4 first.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "fhir-model/validate/validator.h"
#include "gateway/base/metrics.h"
#include "gateway/net/http_message.h"

namespace lienthong::api {

// Off: only what the repository itself needs. Warn: findings are counted and shown to whoever prefers an
// OperationOutcome. Reject: a body with a finding of severity error is answered 422.
enum class CheckMode : std::uint8_t { Off, Warn, Reject };

// A worker for each io thread, called on that thread only. `validator` outlives it; nullptr: Off.
class WriteCheck {
 public:
  WriteCheck(const fhir::validate::Validator* validator, CheckMode mode, unsigned io_threads,
             Metrics& metrics);
  ~WriteCheck();

  // The answer that refuses the request; nothing when it may go on. `outcome` is the OperationOutcome of what
  // was found, empty when nothing was.
  std::optional<net::Response> refusal(const net::Request& request, std::string& outcome);

 private:
  struct Worker;
  CheckMode mode_;
  Counter& errors_;
  Counter& warnings_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace lienthong::api
