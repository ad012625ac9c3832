#include "fhir-model/validate/format.h"

#include <charconv>

#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/document/json_number.h"

namespace fhir::validate {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Reads numbers of fixed width one after the other.
struct Reader {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  // A number of `width` digits within the bounds; -1 otherwise.
  int number(std::size_t width, int low, int high) {
    if (rest.size() < width) return -1;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (!is_digit(rest[i])) return -1;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(width);
    return value < low || value > high ? -1 : value;
  }
};

int month_length(int year, int month) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kLengths[month - 1];
}

// Number of parts read (1 year, 2 month, 3 day); 0 when malformed.
int take_date(Reader& reader) {
  const int year = reader.number(4, 1, 9999);
  if (year < 0) return 0;
  if (!reader.take('-')) return 1;
  const int month = reader.number(2, 1, 12);
  if (month < 0) return 0;
  if (!reader.take('-')) return 2;
  return reader.number(2, 1, month_length(year, month)) < 0 ? 0 : 3;
}

// hh:mm:ss with fraction. A leap second is allowed, as the type's pattern does.
bool take_time(Reader& reader) {
  if (reader.number(2, 0, 23) < 0 || !reader.take(':')) return false;
  if (reader.number(2, 0, 59) < 0 || !reader.take(':')) return false;
  if (reader.number(2, 0, 60) < 0) return false;
  if (!reader.take('.')) return true;
  const std::size_t before = reader.rest.size();
  while (!reader.rest.empty() && is_digit(reader.rest.front())) reader.rest.remove_prefix(1);
  return reader.rest.size() != before;
}

bool take_zone(Reader& reader) {
  if (reader.take('Z')) return true;
  if (!reader.take('+') && !reader.take('-')) return false;
  const int hour = reader.number(2, 0, 14);
  if (hour < 0 || !reader.take(':')) return false;
  const int minute = reader.number(2, 0, 59);
  return minute >= 0 && (hour < 14 || minute == 0);
}

MessageId check_date(std::string_view text) {
  Reader reader{text};
  return take_date(reader) != 0 && reader.rest.empty() ? kFormatFits : MessageId::BadDate;
}

MessageId check_date_time(std::string_view text) {
  Reader reader{text};
  const int parts = take_date(reader);
  if (parts == 0) return MessageId::BadDateTime;
  if (reader.rest.empty()) return kFormatFits;
  if (parts != 3 || !reader.take('T') || !take_time(reader)) return MessageId::BadDateTime;
  if (reader.rest.empty()) return MessageId::DateTimeNeedsZone;
  return take_zone(reader) && reader.rest.empty() ? kFormatFits : MessageId::BadDateTime;
}

MessageId check_instant(std::string_view text) {
  Reader reader{text};
  const bool fits = take_date(reader) == 3 && reader.take('T') && take_time(reader) && take_zone(reader);
  return fits && reader.rest.empty() ? kFormatFits : MessageId::BadInstant;
}

MessageId check_time(std::string_view text) {
  Reader reader{text};
  return take_time(reader) && reader.rest.empty() ? kFormatFits : MessageId::BadTime;
}

MessageId check_whole(TypeId type, std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '-') digits.remove_prefix(1);
  if (digits.empty()) return MessageId::BadInteger;
  for (const char c : digits) {
    if (!is_digit(c)) return MessageId::BadInteger;
  }
  if (digits.size() > 1 && digits.front() == '0') return MessageId::BadInteger;
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return MessageId::OutOfRange;
  if (type == type_ids::kPositiveInt && value < 1) return MessageId::OutOfRange;
  if (type == type_ids::kUnsignedInt && value < 0) return MessageId::OutOfRange;
  return kFormatFits;
}

MessageId check_code(std::string_view text) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";  // white space too, as in the official validator
  if (is_space(text.front()) || is_space(text.back())) return MessageId::BadCode;
  if (text.starts_with(kNoBreakSpace) || text.ends_with(kNoBreakSpace)) return MessageId::BadCode;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (is_space(text[i]) && (text[i] != ' ' || text[i - 1] == ' ')) return MessageId::BadCode;
  }
  return kFormatFits;
}

bool is_oid(std::string_view text) {
  if (text.substr(0, 8) != "urn:oid:" || text.size() < 9) return false;
  text.remove_prefix(8);
  if (text.front() < '0' || text.front() > '2') return false;
  if (text.size() == 1) return false;
  bool arc_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      if (arc_start) return false;
      arc_start = true;
      continue;
    }
    if (!is_digit(text[i])) return false;
    const bool more = i + 1 < text.size() && is_digit(text[i + 1]);
    if (arc_start && text[i] == '0' && more) return false;
    arc_start = false;
  }
  return !arc_start;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 45 || text.substr(0, 9) != "urn:uuid:") return false;
  for (std::size_t i = 9; i < text.size(); ++i) {
    const std::size_t at = i - 9;
    const bool hyphen = at == 8 || at == 13 || at == 18 || at == 23;
    const char c = text[i];
    const bool hex = is_digit(c) || (c >= 'a' && c <= 'f');
    if (hyphen ? c != '-' : !hex) return false;
  }
  return true;
}

MessageId check_uri(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ') return MessageId::BadUri;
  }
  if (text.substr(0, 4) != "urn:") return kFormatFits;
  if (text.substr(0, 8) == "urn:oid:" && !is_oid(text)) return MessageId::BadOid;
  if (text.substr(0, 9) == "urn:uuid:" && !is_uuid(text)) return MessageId::BadUuid;
  return kFormatFits;
}

MessageId check_canonical(std::string_view text) {
  const MessageId uri = check_uri(text);
  if (uri != kFormatFits) return uri;
  return text.front() == '#' || is_absolute_uri(text) ? kFormatFits : MessageId::CanonicalNotAbsolute;
}

MessageId check_base64(std::string_view text) {
  std::size_t digits = 0, padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    if (padding != 0 || !(is_digit(c) || is_letter(c) || c == '+' || c == '/')) return MessageId::BadBase64;
    ++digits;
  }
  return padding <= 2 && (digits + padding) % 4 == 0 && digits != 0 ? kFormatFits : MessageId::BadBase64;
}

MessageId check_text(std::string_view text) {
  if (text.size() > kMaxTextBytes) return MessageId::TextTooLong;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' && !is_space(c)) return MessageId::ControlCharacter;
  }
  return is_space(text.front()) || is_space(text.back()) ? MessageId::SurroundingSpace : kFormatFits;
}

}  // namespace

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text) {
    if (!is_digit(c) && !is_letter(c) && c != '-' && c != '.') return false;
  }
  return true;
}

bool is_example_url(std::string_view url) {
  return url.find("example.org") != std::string_view::npos || url.find("acme.com") != std::string_view::npos;
}

bool is_absolute_uri(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  for (const char c : text) {
    if (c == ':') return true;
    if (!is_digit(c) && !is_letter(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

std::size_t base64_size(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) digits += c != '=' && !is_space(c) ? 1U : 0U;
  return digits * 3 / 4;
}

MessageId check_format(TypeId type, std::string_view text) {
  if (text.empty()) return MessageId::EmptyText;
  switch (type) {
    case type_ids::kBoolean:
      return text == "true" || text == "false" ? kFormatFits : MessageId::BadBoolean;
    case type_ids::kInteger:
    case type_ids::kPositiveInt:
    case type_ids::kUnsignedInt:
      return check_whole(type, text);
    case type_ids::kDecimal:
      return is_json_number(text) ? kFormatFits : MessageId::BadDecimal;
    case type_ids::kDate:
      return check_date(text);
    case type_ids::kDateTime:
      return check_date_time(text);
    case type_ids::kInstant:
      return check_instant(text);
    case type_ids::kTime:
      return check_time(text);
    case type_ids::kId:
      return is_id(text) ? kFormatFits : MessageId::BadId;
    case type_ids::kCode:
      return check_code(text);
    case type_ids::kUri:
    case type_ids::kUrl:
      return check_uri(text);
    case type_ids::kCanonical:
      return check_canonical(text);
    case type_ids::kOid:
      return is_oid(text) ? kFormatFits : MessageId::BadOid;
    case type_ids::kUuid:
      return is_uuid(text) ? kFormatFits : MessageId::BadUuid;
    case type_ids::kBase64Binary:
      return check_base64(text);
    case type_ids::kXhtml:
      return kFormatFits;
    default:
      return check_text(text);
  }
}

}  // namespace fhir::validate
