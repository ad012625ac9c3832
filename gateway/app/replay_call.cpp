#include "gateway/app/replay_call.h"

#include <fmt/format.h>

#include <charconv>

#include "gateway/app/quantity.h"

namespace lienthong::app {
namespace {

std::string micros(Instant at) {
  return std::to_string(at.time_since_epoch().count());
}

std::optional<Instant> from_micros(std::string_view text) {
  std::int64_t value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return Instant(std::chrono::microseconds(value));
}

bool take_word(ReplayCall& call, std::string_view name, std::string_view value) {
  if (name == "source") return call.source = value, true;
  if (name == "table") return call.table = value, true;
  if (name == "waiting") return call.waiting = true;
  if (name == "deliver") return call.deliver = true;
  if (name == "quiet") return call.quiet = true;
  if (name == "from") return (call.from = from_micros(value)).has_value();
  if (name == "until") return (call.until = from_micros(value)).has_value();
  if (name == "fate") {
    for (const auto fate : {journal::Fate::Stored, journal::Fate::Refused, journal::Fate::Quarantined}) {
      if (journal::name_of(fate) == value) return call.fate = fate, true;
    }
  }
  if (name != "number") return false;
  const auto uuid = parse_uuid(value);
  if (uuid) call.number = MessageNumber{*uuid};
  return uuid.has_value();
}

// `count` digits at the front of `text`.
bool take_digits(std::string_view& text, std::size_t count, int& value) noexcept {
  if (text.size() < count) return false;
  const auto read = std::from_chars(text.data(), text.data() + count, value);
  if (read.ec != std::errc() || read.ptr != text.data() + count) return false;
  text.remove_prefix(count);
  return true;
}

bool take_char(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::vector<std::string> ReplayCall::words() const {
  std::vector<std::string> words{"replay", "fate=" + std::string(journal::name_of(fate))};
  if (!source.empty()) words.push_back("source=" + source);
  if (!table.empty()) words.push_back("table=" + table);
  if (from) words.push_back("from=" + micros(*from));
  if (until) words.push_back("until=" + micros(*until));
  if (number) words.push_back("number=" + to_string(number->value));
  if (waiting) words.emplace_back("waiting");
  if (deliver) words.emplace_back("deliver");
  if (quiet) words.emplace_back("quiet");
  return words;
}

std::optional<ReplayCall> ReplayCall::parse(const std::vector<std::string>& words) {
  if (words.empty() || words.front() != "replay") return std::nullopt;
  ReplayCall call;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const auto equals = word.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    if (!take_word(call, word.substr(0, equals), value)) return std::nullopt;
  }
  return call;
}

std::optional<Instant> parse_instant(std::string_view text, Instant now,
                                     std::chrono::minutes offset) noexcept {
  if (const auto ago = parse_duration(text)) return now - *ago;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take_digits(text, 4, year) || !take_char(text, '-') || !take_digits(text, 2, month) ||
      !take_char(text, '-') || !take_digits(text, 2, day))
    return std::nullopt;
  if (take_char(text, 'T')) {
    if (!take_digits(text, 2, hour) || !take_char(text, ':') || !take_digits(text, 2, minute))
      return std::nullopt;
    if (take_char(text, ':') && !take_digits(text, 2, second)) return std::nullopt;
  }
  const auto zone = text.empty() ? std::optional(offset) : parse_utc_offset(text);
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!zone || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - *zone;
}

std::string format_instant(Instant at, std::chrono::minutes offset) {
  const auto local = std::chrono::floor<std::chrono::seconds>(at + offset);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(local - day);
  const auto minutes = std::chrono::abs(offset).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace lienthong::app
