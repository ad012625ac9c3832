// Values as JSON: each FHIR type accepts only what is one of its values (R4 §2.24.0.1).
#include <algorithm>
#include <iterator>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/machine.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// code: no leading, trailing or double spaces; leading and trailing ones are gone already.
bool is_code(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < ' ' ||
        (text[i] == ' ' && i + 1 < text.size() && text[i + 1] == ' '))
      return false;
  }
  return true;
}

bool is_uri(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

bool is_id(std::string_view text) noexcept {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.';
         });
}

bool is_base64(std::string_view text) noexcept {
  std::size_t letters = 0, padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (c == '=')
      ++padding;
    else if (!letter || padding > 0)
      return false;
    ++letters;
  }
  return letters % 4 == 0 && padding <= 2 && letters > padding;
}

// Whole numbers within 32 bits (R4: integer, positiveInt, unsignedInt).
bool is_integer(std::string_view text, WriteAs as) noexcept {
  constexpr std::int64_t kMost = 2147483647;
  const bool negative = text.front() == '-';
  if (text.size() - (negative ? 1u : 0u) > 10 || (negative && as != WriteAs::Integer)) return false;
  std::int64_t value = 0;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return value <= kMost + (negative ? 1 : 0) && (value > 0 || as != WriteAs::PositiveInt);
}

std::string_view type_name(WriteAs as) noexcept {
  constexpr std::string_view kNames[] = {"string",  "code",        "uri",         "id",     "base64Binary",
                                         "date",    "dateTime",    "instant",     "time",   "decimal",
                                         "integer", "positiveInt", "unsignedInt", "boolean"};
  return kNames[static_cast<std::size_t>(as)];
}

}  // namespace

void Machine::write(const Instruction& i, std::uint32_t at) {
  if (!current_.valued()) {
    if (trace_ != nullptr) trace_->pending.clear();
    return;
  }
  const auto mark = static_cast<std::uint32_t>(out_.size());
  out_.append(std::string_view(program_.literals).substr(i.a, i.b));
  const auto start = static_cast<std::uint32_t>(out_.size());
  if (!write_value(static_cast<WriteAs>(i.extra), at)) {
    out_.cut(mark);
    if (trace_ != nullptr) trace_->pending.clear();
    return;
  }
  out_.append(',');
  if (!current_.constant) ++values_;
  if (i.c != 0) raise(Severity::Warning, static_cast<std::uint16_t>(i.c), at, "");
  if (trace_ != nullptr) trace_write(start, at);
}

bool Machine::write_value(WriteAs as, std::uint32_t at) {
  switch (as) {
    case WriteAs::Date:
    case WriteAs::DateTime:
    case WriteAs::Instant:
    case WriteAs::Time:
      return write_time(as, at);
    case WriteAs::Decimal:
    case WriteAs::Integer:
    case WriteAs::PositiveInt:
    case WriteAs::UnsignedInt:
    case WriteAs::Boolean:
      return write_number(as, at);
    default:
      return write_text(as, at);
  }
}

bool Machine::write_text(WriteAs as, std::uint32_t at) {
  const auto text = current_.text;
  const bool fits = as == WriteAs::String || (as == WriteAs::Code && is_code(text)) ||
                    (as == WriteAs::Uri && is_uri(text)) || (as == WriteAs::Id && is_id(text)) ||
                    (as == WriteAs::Base64 && is_base64(text));
  if (!fits) {
    raise(Severity::Error, kNotOfType, at, std::string(type_name(as)));
    return false;
  }
  if (as == WriteAs::Base64) {
    scratch_.clear();
    std::copy_if(text.begin(), text.end(), std::back_inserter(scratch_), [](char c) { return !is_space(c); });
    out_.append_string(scratch_);
    return true;
  }
  const auto start = out_.size();
  if (out_.append_string(text)) return true;
  raise(Severity::Warning, kControlCharacters, at, "");
  return out_.size() - start > 2;
}

bool Machine::write_time(WriteAs as, std::uint32_t at) {
  if (as == WriteAs::Time) {
    const auto clock = read_time_of_day(current_.text);
    if (clock)
      out_.append_string(clock->view());
    else
      raise(Severity::Error, kNotATime, at, "");
    return clock.has_value();
  }
  const auto time = read_time(current_.text);
  if (!time) {
    raise(Severity::Error, kNotATime, at, "");
    return false;
  }
  if (as == WriteAs::Date) {
    out_.append_string(write_date(*time).view());
    return true;
  }
  if (time->hour_only) raise(Severity::Warning, kHourOnly, at, "");
  if (as == WriteAs::DateTime) {
    out_.append_string(write_date_time(*time, settings_.offset_minutes).view());
    return true;
  }
  const auto instant = write_instant(*time, settings_.offset_minutes);
  if (instant)
    out_.append_string(instant->view());
  else
    raise(Severity::Error, kNotATime, at, "");
  return instant.has_value();
}

bool Machine::write_number(WriteAs as, std::uint32_t at) {
  if (as == WriteAs::Boolean) {
    const bool fits = current_.text == "true" || current_.text == "false";
    if (fits)
      out_.append(current_.text);
    else
      raise(Severity::Error, kNotOfType, at, "boolean");
    return fits;
  }
  const auto number = read_number(current_.text, sign_of(current_.decimal_sign));
  if (!number || (as != WriteAs::Decimal && !is_integer(number->view(), as))) {
    raise(Severity::Error, as == WriteAs::Decimal ? kNotANumber : kNotOfType, at, std::string(type_name(as)));
    return false;
  }
  out_.append(number->view());
  return true;
}

}  // namespace lienthong::convert
