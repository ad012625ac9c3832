#pragma once
// Who read and wrote what over HTTP, one JSON line an access. Source: docs/semantics.md rule 26: reads are
// audited, queries are never kept.

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/api/api_services.h"
#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/base/result.h"
#include "gateway/base/ticker.h"

namespace lienthong::app {

struct AuditOptions {
  std::string path;
  std::uint64_t limit = std::uint64_t{256} << 20;  // bytes; then PATH becomes PATH.1 and a new file is begun
  std::chrono::milliseconds write_every{1'000};
};

// Lines wait in memory for a second at most and are appended by a thread of its own, so that an access costs
// a lock and a copy. Any thread. What cannot be written is counted and said in the log.
class AuditLog {
 public:
  // Incorrect (LT-9103): the file cannot be opened for appending.
  static Result<std::unique_ptr<AuditLog>> open(AuditOptions options, const Clock& clock, Log& log);
  // Writes what waits.
  ~AuditLog();

  void add(const api::AccessEvent& event);

 private:
  AuditLog(AuditOptions options, const Clock& clock, Log& log, int file, std::uint64_t bytes);
  void write_waiting();
  void write(const std::string& lines);
  void begin_new_file();

  const AuditOptions options_;
  const Clock& clock_;
  Log& log_;
  int file_;             // its thread only, as all until the mutex
  std::uint64_t bytes_;  // in the file
  bool failing_ = false;
  std::mutex mutex_;
  std::string waiting_;
  std::uint64_t dropped_ = 0;
  Ticker ticker_;
};

}  // namespace lienthong::app
