#pragma once
// Everything about a message's claims that can be computed before the writer's queue: split members, hashes,
// search keys, the compressed form of a new resource. Source: architecture.md, rule 3.

#include <cstddef>
#include <memory>

#include "gateway/base/problem.h"
#include "gateway/base/result.h"
#include "gateway/repository/claims_input.h"

namespace lienthong::repository {

// Owns its memory: goes from the thread that prepared it to the writer. Movable; empty when default-made.
class PreparedClaims {
 public:
  struct Content;  // the implementation's (repository/sqlite/prepared_content.h)

  PreparedClaims();
  explicit PreparedClaims(std::unique_ptr<Content> content);
  PreparedClaims(PreparedClaims&&) noexcept;
  PreparedClaims& operator=(PreparedClaims&&) noexcept;
  ~PreparedClaims();

  Content* content() noexcept { return content_.get(); }
  const Content* content() const noexcept { return content_.get(); }
  bool empty() const noexcept { return content_ == nullptr; }
  // About what it holds, for store::Job::bytes.
  std::size_t bytes() const noexcept;

 private:
  std::unique_ptr<Content> content_;
};

// One thread each: keeps its compression memory.
class Preparer {
 public:
  virtual ~Preparer() = default;

  // Incorrect (LT-1501) when a claim is not one JSON object of its type; problems say which. About 5 µs a
  // resource. The result does not refer to `input`.
  virtual Result<PreparedClaims> prepare(const ClaimsInput& input, const ClaimSource& source,
                                         ProblemSink& problems) = 0;
};

}  // namespace lienthong::repository
