#include <chrono>

#include "gateway/convert/value_text.h"

namespace lienthong::convert {
namespace {

constexpr int kMaxOffset = 14 * 60;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Reads fixed numbers of digits from the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) noexcept : rest_(text) {}
  std::string_view rest() const noexcept { return rest_; }
  bool at_digit() const noexcept { return !rest_.empty() && is_digit(rest_.front()); }
  bool done() const noexcept { return rest_.empty(); }
  bool skip(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::size_t count, int& out) noexcept {
    if (rest_.size() < count) return false;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    out = value;
    return true;
  }
  std::string_view take_all() noexcept {
    std::size_t n = 0;
    while (n < rest_.size() && is_digit(rest_[n])) ++n;
    const auto digits = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return digits;
  }

 private:
  std::string_view rest_;
};

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_real_date(const TimeParts& t) noexcept {
  using namespace std::chrono;
  if (t.year < 1 || t.year > 9999) return false;
  if (t.precision == TimeParts::Precision::Year) return true;
  if (t.month < 1 || t.month > 12) return false;
  if (t.precision == TimeParts::Precision::Month || (t.day >= 1 && t.day <= 28)) return true;
  return year_month_day(year(t.year), month(static_cast<unsigned>(t.month)),
                        day(static_cast<unsigned>(t.day)))
      .ok();
}

// Date part; false when it is malformed. Stops before the hours.
bool take_date(Digits& in, TimeParts& t) noexcept {
  if (!in.take(4, t.year)) return false;
  const bool dashed = in.skip('-');
  // yyyy-zzzz: a zone, not a month, is told from yyyy-MM by its length and end
  if (!in.at_digit()) return !dashed;
  if (!in.take(2, t.month)) return false;
  t.precision = TimeParts::Precision::Month;
  if (dashed ? !in.skip('-') : !in.at_digit()) return true;
  if (!in.take(2, t.day)) return false;
  t.precision = TimeParts::Precision::Day;
  return true;
}

bool take_clock(Digits& in, TimeParts& t) noexcept {
  if (!in.take(2, t.hour) || t.hour > 23) return false;
  in.skip(':');
  if (!in.at_digit()) {
    t.hour_only = true;
    return true;
  }
  if (!in.take(2, t.minute) || t.minute > 59) return false;
  t.precision = TimeParts::Precision::Minute;
  in.skip(':');
  if (!in.at_digit()) return true;
  if (!in.take(2, t.second) || t.second > 59) return false;
  t.precision = TimeParts::Precision::Second;
  if (in.skip('.')) t.fraction = in.take_all();
  return true;
}

bool take_zone(Digits& in, TimeParts& t) noexcept {
  if (in.done()) return true;
  const auto offset = read_offset(in.rest());
  if (!offset) return false;
  t.offset_minutes = offset;
  return true;
}

void add_clock(ShortText& out, const TimeParts& t) noexcept {
  out.add_two_digits(t.hour);
  out.add(':');
  out.add_two_digits(t.minute);
  out.add(':');
  out.add_two_digits(t.second);
  if (t.fraction.empty()) return;
  out.add('.');
  out.add(t.fraction.substr(0, 9));
}

void add_offset(ShortText& out, int minutes) noexcept {
  out.add(minutes < 0 ? '-' : '+');
  const int size = minutes < 0 ? -minutes : minutes;
  out.add_two_digits(size / 60);
  out.add(':');
  out.add_two_digits(size % 60);
}

}  // namespace

std::optional<int> read_offset(std::string_view text) noexcept {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  Digits in(text.substr(1));
  int hours = 0, minutes = 0;
  if (!in.take(2, hours)) return std::nullopt;
  in.skip(':');
  if (!in.done() && !in.take(2, minutes)) return std::nullopt;
  const int size = hours * 60 + minutes;
  if (!in.done() || minutes > 59 || size > kMaxOffset) return std::nullopt;
  return text[0] == '-' ? -size : size;
}

std::optional<TimeParts> read_time(std::string_view text) noexcept {
  text = trimmed(text);
  TimeParts time;
  Digits in(text);
  if (!take_date(in, time)) return std::nullopt;
  if (time.precision == TimeParts::Precision::Day) {
    const bool separated = in.skip('T') || in.skip(' ');
    if (in.at_digit() && !take_clock(in, time)) return std::nullopt;
    if (separated && in.done() && time.precision == TimeParts::Precision::Day && !time.hour_only)
      return std::nullopt;
  }
  if (!take_zone(in, time) || !is_real_date(time)) return std::nullopt;
  return time;
}

ShortText write_date(const TimeParts& time) noexcept {
  ShortText out;
  out.add_two_digits(time.year / 100);
  out.add_two_digits(time.year % 100);
  if (time.precision == TimeParts::Precision::Year) return out;
  out.add('-');
  out.add_two_digits(time.month);
  if (time.precision == TimeParts::Precision::Month) return out;
  out.add('-');
  out.add_two_digits(time.day);
  return out;
}

ShortText write_date_time(const TimeParts& time, int offset_minutes) noexcept {
  ShortText out = write_date(time);
  if (time.precision < TimeParts::Precision::Minute) return out;
  out.add('T');
  add_clock(out, time);
  add_offset(out, time.offset_minutes.value_or(offset_minutes));
  return out;
}

std::optional<ShortText> write_instant(const TimeParts& time, int offset_minutes) noexcept {
  if (time.precision < TimeParts::Precision::Minute) return std::nullopt;
  return write_date_time(time, offset_minutes);
}

std::optional<ShortText> read_time_of_day(std::string_view text) noexcept {
  Digits in(trimmed(text));
  TimeParts time;
  if (!take_clock(in, time) || time.hour_only) return std::nullopt;
  if (!in.done() && !read_offset(in.rest())) return std::nullopt;
  ShortText out;
  add_clock(out, time);
  return out;
}

Instant to_instant(const TimeParts& t, int offset_minutes) noexcept {
  using namespace std::chrono;
  const bool has_month = t.precision >= TimeParts::Precision::Month;
  const bool has_day = t.precision >= TimeParts::Precision::Day;
  const year_month_day date(year(t.year), month(has_month ? static_cast<unsigned>(t.month) : 1u),
                            day(has_day ? static_cast<unsigned>(t.day) : 1u));
  auto at = time_point_cast<microseconds>(sys_days(date));
  at += hours(t.hour) + minutes(t.minute) + seconds(t.second) -
        minutes(t.offset_minutes.value_or(offset_minutes));
  std::int64_t micros = 0;
  for (std::size_t i = 0; i < 6; ++i)
    micros = micros * 10 + (i < t.fraction.size() ? t.fraction[i] - '0' : 0);
  return at + microseconds(micros);
}

}  // namespace lienthong::convert
