#include "gateway/base/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

namespace lienthong {
namespace {

constexpr std::array<std::string_view, 5> kLevelNames = {"debug", "info", "warning", "error", "off"};
constexpr std::array<char, 4> kJournalPriority = {'7', '6', '4', '3'};  // syslog(3)

bool is_bare(std::string_view text) noexcept {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == '\x7f') return false;
  }
  return true;
}

// A value may come from a peer (an address, a certificate's name): control characters must not forge lines.
void append_text(std::string& out, std::string_view text) {
  if (is_bare(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_field(std::string& out, const LogField& field) {
  out += ' ';
  out += field.key;
  out += '=';
  std::visit(
      [&out](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>) {
          append_text(out, value);
        } else {
          fmt::format_to(std::back_inserter(out), "{}", value);
        }
      },
      field.value);
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == text) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

std::string_view name_of(LogLevel level) noexcept {
  return kLevelNames[static_cast<std::size_t>(level)];
}

LogOptions log_options_for_stderr(LogLevel level) {
  LogOptions options;
  options.level = level;
  options.journald = std::getenv("JOURNAL_STREAM") != nullptr && ::isatty(STDERR_FILENO) == 0;
  return options;
}

Log::Log(const LogOptions& options, const Clock& clock)
    : options_(options), clock_(clock), level_(options.level) {}

bool Log::admit(LogLevel level, std::string_view event, Instant now, std::uint64_t& suppressed) {
  if (options_.repeats == 0) return true;
  const auto key = std::hash<std::string_view>{}(event) ^ (static_cast<std::uint64_t>(level) + 1);
  const std::lock_guard lock(mutex_);
  auto& slot = repeats_[key % repeats_.size()];
  if (slot.event != key) slot = Repeats{key, now, 0, 0};
  if (now - slot.since >= options_.window || now < slot.since) {
    suppressed = slot.suppressed;
    slot = Repeats{key, now, 0, 0};
  }
  if (slot.written >= options_.repeats) {
    ++slot.suppressed;
    return false;
  }
  ++slot.written;
  return true;
}

std::string Log::head(LogLevel level, std::string_view event, Instant now) const {
  std::string line;
  line.reserve(256);
  if (options_.journald) {
    line = {'<', kJournalPriority[static_cast<std::size_t>(level)], '>'};
  } else {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now - seconds).count();
    fmt::format_to(std::back_inserter(line), "time={:%Y-%m-%dT%H:%M:%S}.{:03}Z level={} ",
                   fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), millis, name_of(level));
  }
  line += "event=";
  append_text(line, event);
  return line;
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level >= LogLevel::Off || !enabled(level)) return;
  const auto now = clock_.now();
  std::uint64_t suppressed = 0;
  if (!admit(level, event, now, suppressed)) return;

  auto line = head(level, event, now);
  for (const auto& field : fields) append_field(line, field);
  if (suppressed > 0) append_field(line, LogField("suppressed", suppressed));
  line += '\n';
  // One write(2) a line keeps lines of several threads whole; nobody is there to hear of a failed one.
  [[maybe_unused]] const auto written = ::write(options_.descriptor, line.data(), line.size());
}

}  // namespace lienthong
