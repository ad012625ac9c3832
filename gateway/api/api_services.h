#pragma once
// What the FHIR API works with. One for the program; everything in it outlives the handler.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/write_check.h"
#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/repository/repository.h"
#include "gateway/store/store.h"

namespace lienthong::api {

// Who is allowed what. Secrets are compared in constant time.
struct Token {
  std::string name;  // for the audit, never the secret
  std::string secret;
  FacilityId facility;  // value 0: none; else what is written belongs to this facility's feeds (semantics 5)
  bool may_write = false;
};

// One access, for the audit trail: numbers of our own and names from the configuration, no query, no content.
struct AccessEvent {
  std::string_view who;  // token name, certificate's common name, or "" (anonymous)
  std::string_view address;
  std::string_view interaction;  // "read", "search-type", "transaction" …
  std::string_view type, id;
  int status = 0;
};

struct ApiServices {
  store::Store& store;
  repository::Repository& repository;
  const Clock& clock;
  Metrics& metrics;
  std::string version;        // of the program, for the CapabilityStatement
  std::string base_url;       // "https://his.example/fhir"; empty = as each request's Host says
  std::vector<Token> tokens;  // empty: everyone who can connect may read and write
  std::size_t body_limit = std::size_t{100} << 20;
  unsigned io_threads = 1;
  unsigned search_threads = 2;
  // Where completions of the given io thread run.
  std::function<store::CompletionExecutor*(unsigned io_thread)> executor;
  // Inside the job that made the changes, so that they are passed on durably (delivery's outbox).
  std::function<Result<void>(store::Transaction&, std::span<const repository::Change>, Instant)> on_changes;
  std::function<void(const AccessEvent&)> audit;
  // What is written is judged by it first; nullptr or Off: not.
  const fhir::validate::Validator* validator = nullptr;
  CheckMode check = CheckMode::Off;
};

}  // namespace lienthong::api
