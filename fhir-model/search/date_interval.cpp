#include "fhir-model/search/date_interval.h"

#include "fhir-model/path/temporal.h"

namespace fhir::search {
namespace {

constexpr Microseconds kSecond = 1'000'000;
constexpr Microseconds kMinute = 60 * kSecond;
constexpr Microseconds kDay = 24 * 60 * kMinute;

// Reads fixed pieces from the front of a text; after the first that does not fit, ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool skip(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) { ok_ = skip(c) && ok_; }
  // A number of exactly `digits` digits from `least` to `most`.
  int number(int digits, int least, int most) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (peek() < '0' || peek() > '9') return fail();
      value = value * 10 + (text_[at_++] - '0');
    }
    return value < least || value > most ? fail() : value;
  }
  // Digits behind the point; `unit` becomes the weight of the last one, at least one microsecond.
  Microseconds fraction(Microseconds& unit) {
    Microseconds value = 0;
    std::size_t digits = 0;
    for (unit = kSecond; peek() >= '0' && peek() <= '9'; ++at_, ++digits) {
      if (unit == 1) continue;
      unit /= 10;
      value += (text_[at_] - '0') * unit;
    }
    if (digits == 0) fail();
    return value;
  }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

Microseconds day_start(int year, int month, int day) {
  return path::days_since_epoch(year, month, day) * kDay;
}

// The zone's distance from Greenwich in minutes.
int read_zone(Reader& reader, int assumed, bool& has_zone) {
  if (reader.at_end()) return assumed;
  has_zone = true;
  if (reader.skip('Z')) return 0;
  const bool west = reader.skip('-');
  if (!west) reader.expect('+');
  const int hours = reader.number(2, 0, 14);
  reader.expect(':');
  const int minutes = hours * 60 + reader.number(2, 0, 59);
  return west ? -minutes : minutes;
}

// From behind the "T" on; `interval` holds the day's start.
void read_time(Reader& reader, int zone_minutes, DateInterval& interval) {
  Microseconds unit = kMinute;
  interval.precision = DatePrecision::Minute;
  interval.lo += reader.number(2, 0, 23) * 60 * kMinute;
  reader.expect(':');
  interval.lo += reader.number(2, 0, 59) * kMinute;
  if (reader.skip(':')) {
    unit = kSecond;
    interval.precision = DatePrecision::Second;
    interval.lo += reader.number(2, 0, 60) * kSecond;
    if (reader.skip('.')) {
      interval.precision = DatePrecision::Fraction;
      interval.lo += reader.fraction(unit);
    }
  }
  interval.lo -= read_zone(reader, zone_minutes, interval.has_zone) * kMinute;
  interval.hi = interval.lo + unit - 1;
}

}  // namespace

std::optional<DateInterval> parse_date_interval(std::string_view text, int zone_minutes) {
  Reader reader(text);
  DateInterval interval;
  const Microseconds shift = zone_minutes * kMinute;
  const int year = reader.number(4, 1, 9999);
  if (reader.ok() && reader.at_end()) {
    return DateInterval{day_start(year, 1, 1) - shift, day_start(year + 1, 1, 1) - shift - 1,
                        DatePrecision::Year, false};
  }
  reader.expect('-');
  const int month = reader.number(2, 1, 12);
  if (!reader.ok()) return std::nullopt;
  if (reader.at_end()) {
    const Microseconds start = day_start(year, month, 1) - shift;
    return DateInterval{start, start + path::days_in_month(year, month) * kDay - 1, DatePrecision::Month,
                        false};
  }
  reader.expect('-');
  const int day = reader.number(2, 1, path::days_in_month(year, month));
  if (!reader.ok()) return std::nullopt;
  interval.lo = day_start(year, month, day);
  if (reader.at_end()) {
    return DateInterval{interval.lo - shift, interval.lo - shift + kDay - 1, DatePrecision::Day, false};
  }
  reader.expect('T');
  read_time(reader, zone_minutes, interval);
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return interval;
}

}  // namespace fhir::search
