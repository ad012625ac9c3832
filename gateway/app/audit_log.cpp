#include "gateway/app/audit_log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "gateway/base/json_text.h"

namespace lienthong::app {
namespace {

// A disk that stands still must not fill the memory: beyond this, accesses are counted only.
constexpr std::size_t kMostWaiting = std::size_t{16} << 20;

int open_to_append(const std::string& path) noexcept {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":");
  append_json_string(out, value);
}

std::string line_of(const api::AccessEvent& event, Instant now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const auto thousandths = std::chrono::floor<std::chrono::milliseconds>(now - second).count();
  std::string line = fmt::format("{{\"at\":\"{:%Y-%m-%dT%H:%M:%S}.{:03}Z\"", second, thousandths);
  append_member(line, "who", event.who);
  append_member(line, "address", event.address);
  append_member(line, "interaction", event.interaction);
  if (!event.type.empty()) append_member(line, "type", event.type);
  if (!event.id.empty()) append_member(line, "id", event.id);
  return line + fmt::format(",\"status\":{}}}\n", event.status);
}

bool write_all(int file, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<AuditLog>> AuditLog::open(AuditOptions options, const Clock& clock, Log& log) {
  const int file = open_to_append(options.path);
  struct stat about{};
  if (file < 0 || ::fstat(file, &about) != 0) {
    return fail(Category::Incorrect, 9103,
                "the audit file " + options.path + " cannot be written: " + std::strerror(errno));
  }
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::move(options), clock, log, file, static_cast<std::uint64_t>(about.st_size)));
}

AuditLog::AuditLog(AuditOptions options, const Clock& clock, Log& log, int file, std::uint64_t bytes)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      file_(file),
      bytes_(bytes),
      ticker_(
          "lt-audit", options_.write_every, [this] { write_waiting(); }, Ticker::First::AfterOneInterval) {}

AuditLog::~AuditLog() {
  ticker_.stop();
  write_waiting();
  if (file_ >= 0) ::close(file_);
}

void AuditLog::add(const api::AccessEvent& event) {
  const std::string line = line_of(event, clock_.now());
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + line.size() > kMostWaiting) {
    ++dropped_;
    return;
  }
  waiting_ += line;
}

void AuditLog::write_waiting() {
  std::string lines;
  std::uint64_t dropped = 0;
  {
    const std::lock_guard lock(mutex_);
    lines.swap(waiting_);
    dropped = std::exchange(dropped_, 0);
  }
  if (dropped > 0) log_.error("accesses are missing in the audit", {{"count", dropped}});
  if (!lines.empty()) write(lines);
}

void AuditLog::write(const std::string& lines) {
  if (file_ < 0 || bytes_ >= options_.limit) begin_new_file();
  const bool written = file_ >= 0 && write_all(file_, lines);
  if (written) bytes_ += lines.size();
  if (!written && !failing_)
    log_.error("the audit cannot be written", {{"file", options_.path}, {"error", std::strerror(errno)}});
  failing_ = !written;
}

void AuditLog::begin_new_file() {
  if (file_ >= 0) {
    ::close(file_);
    std::rename(options_.path.c_str(), (options_.path + ".1").c_str());
  }
  file_ = open_to_append(options_.path);
  bytes_ = 0;
}

}  // namespace lienthong::app
