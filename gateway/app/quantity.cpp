#include "gateway/app/quantity.h"

#include <array>
#include <charconv>
#include <limits>

namespace lienthong::app {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array<Unit, 4> kSizes = {
    {{"GiB", 1ull << 30}, {"MiB", 1ull << 20}, {"KiB", 1ull << 10}, {"", 1}}};
constexpr std::array<Unit, 5> kDurations = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

template <std::size_t N>
std::optional<std::uint64_t> parse(std::string_view text, const std::array<Unit, N>& units) noexcept {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  for (const auto& unit : units) {
    if (unit.name != text) continue;
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / unit.factor)
      return {};
    return number * unit.factor;
  }
  return std::nullopt;
}

template <std::size_t N>
const Unit& largest(std::uint64_t value, const std::array<Unit, N>& units) noexcept {
  for (const auto& unit : units) {
    if (value != 0 && value % unit.factor == 0) return unit;
  }
  return units.back();
}

bool two_digits(std::string_view text, int limit, int& out) noexcept {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return false;
  out = (text[0] - '0') * 10 + (text[1] - '0');
  return out < limit;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  return parse(text, kSizes);
}

std::string format_size(std::uint64_t bytes) {
  const auto& unit = largest(bytes, kSizes);
  const auto number = std::to_string(bytes / unit.factor);
  return unit.name.empty() ? number : number + ' ' + std::string(unit.name);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  if (text == "0") return std::chrono::milliseconds(0);
  const auto millis = parse(text, kDurations);
  if (!millis) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*millis));
}

std::string format_duration(std::chrono::milliseconds duration) {
  const auto millis = static_cast<std::uint64_t>(duration.count());
  if (millis == 0) return "0";
  const auto& unit = largest(millis, kDurations);
  return std::to_string(millis / unit.factor) + std::string(unit.name);
}

std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) noexcept {
  if (text == "Z") return std::chrono::minutes(0);
  int hours = 0, minutes = 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  if (!two_digits(text.substr(1, 2), 15, hours) || !two_digits(text.substr(4, 2), 60, minutes))
    return std::nullopt;
  const int total = hours * 60 + minutes;
  return std::chrono::minutes(text[0] == '-' ? -total : total);
}

}  // namespace lienthong::app
