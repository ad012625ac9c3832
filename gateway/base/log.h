#pragma once
// The program's log: one logfmt line an event on standard error, as journald and grep like it.
//
//   time=2026-03-02T07:15:00.120Z level=info event="source listening" source=his-adt address=127.0.0.1:2575
//
// Never patient data (docs/architecture.md, rule 10): names from the configuration, numbers of our own,
// addresses.

#include <array>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "gateway/base/clock.h"

namespace lienthong {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error, Off };

// "debug", "info", "warning", "error", "off"; nothing for other words.
std::optional<LogLevel> parse_log_level(std::string_view text) noexcept;
std::string_view name_of(LogLevel level) noexcept;

// One key and its value. Keys are literals of the program ([a-z_]+); values are quoted when they need it.
struct LogField {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  LogField(std::string_view field, std::string_view text) : key(field), value(text) {}
  LogField(std::string_view field, const char* text) : key(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const std::string& text) : key(field), value(std::string_view(text)) {}
  LogField(std::string_view field, bool flag) : key(field), value(flag) {}
  LogField(std::string_view field, double number) : key(field), value(number) {}
  template <std::signed_integral T>
  LogField(std::string_view field, T number) : key(field), value(std::int64_t{number}) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  LogField(std::string_view field, T number) : key(field), value(std::uint64_t{number}) {}

  std::string_view key;
  Value value;
};

struct LogOptions {
  LogLevel level = LogLevel::Info;
  int descriptor = 2;  // standard error; not owned
  bool journald =
      false;  // "<6>" in front instead of time= and level= (sd-daemon(3)); see log_options_for_stderr()
  unsigned repeats = 10;  // at most so many lines of one event (and level) in `window`; 0 = no limit
  std::chrono::seconds window = std::chrono::seconds(10);
};

// Recognises journald behind standard error by JOURNAL_STREAM, as systemd.exec(5) describes.
LogOptions log_options_for_stderr(LogLevel level);

// Any thread; a line is written with one write(2), so lines of several threads never mix. What is below the
// level costs one relaxed load. A line that cannot be written is dropped: logging never stops the work.
class Log {
 public:
  explicit Log(const LogOptions& options, const Clock& clock);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(LogLevel level) const noexcept { return level >= level_.load(std::memory_order_relaxed); }
  void set_level(LogLevel level) noexcept { level_.store(level, std::memory_order_relaxed); }

  // `event`: a short constant text in English ("source listening"): it is the key of the limit on repeats.
  // When lines were held back, the event's next line carries suppressed=N.
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::Debug)) write(LogLevel::Debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::Info)) write(LogLevel::Info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::Warning)) write(LogLevel::Warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::Error)) write(LogLevel::Error, event, fields);
  }

 private:
  struct Repeats {
    std::uint64_t event = 0;  // hash of level and text; another event in the same slot starts anew
    Instant since{};
    unsigned written = 0;
    std::uint64_t suppressed = 0;
  };
  bool admit(LogLevel level, std::string_view event, Instant now, std::uint64_t& suppressed);
  std::string head(LogLevel level, std::string_view event, Instant now) const;

  LogOptions options_;
  const Clock& clock_;
  std::atomic<LogLevel> level_;
  std::mutex mutex_;
  std::array<Repeats, 128> repeats_{};
};

}  // namespace lienthong
