#include "adapters/bhyt/document_text.h"

#include <algorithm>
#include <cstdio>

#include "adapters/bhyt/base64.h"
#include "adapters/bhyt/markup.h"
#include "adapters/bhyt/problems.h"

namespace lienthong::bhyt {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kCdata = "<![CDATA[";

void drop_mark(std::string_view& text) noexcept {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
}

std::uint32_t distance(std::string_view from, std::string_view to) noexcept {
  return static_cast<std::uint32_t>(to.data() - from.data());
}

// UTF-16 with a byte order mark, as some frameworks write by default, to UTF-8. Lone surrogates become
// U+FFFD.
struct Utf16 {
  std::string_view bytes;
  bool is_big = false;
  std::size_t size() const noexcept { return bytes.size() / 2; }
  std::uint32_t unit(std::size_t i) const noexcept {
    const auto a = static_cast<unsigned char>(bytes[2 * i]), b = static_cast<unsigned char>(bytes[2 * i + 1]);
    return is_big ? static_cast<std::uint32_t>(a << 8 | b) : static_cast<std::uint32_t>(b << 8 | a);
  }
};

char* put_utf8(std::uint32_t c, char* out) noexcept {
  if (c < 0x80) {
    *out++ = static_cast<char>(c);
    return out;
  }
  if (c < 0x800) {
    *out++ = static_cast<char>(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      *out++ = static_cast<char>(0xE0 | c >> 12);
    } else {
      *out++ = static_cast<char>(0xF0 | c >> 18);
      *out++ = static_cast<char>(0x80 | (c >> 12 & 0x3F));
    }
    *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
  }
  *out++ = static_cast<char>(0x80 | (c & 0x3F));
  return out;
}

lt_status from_utf16(sdk::Host host, Utf16 in, std::string_view& out) noexcept {
  char* const start = host.allocate<char>(in.size() * 3 + LT_PADDING);
  if (start == nullptr) return LT_LIMIT;
  char* p = start;
  for (std::size_t i = 0; i < in.size(); ++i) {
    std::uint32_t c = in.unit(i);
    const bool is_high = c >= 0xD800 && c < 0xDC00;
    if (is_high && i + 1 < in.size() && in.unit(i + 1) >= 0xDC00 && in.unit(i + 1) < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (in.unit(++i) - 0xDC00);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    p = put_utf8(c, p);
  }
  out = {start, static_cast<std::size_t>(p - start)};
  return LT_OK;
}

// encoding="…" of an XML declaration; empty when there is none.
std::string_view declared_encoding(std::string_view text) noexcept {
  if (text.substr(0, 5) != "<?xml") return {};
  const auto head = text.substr(0, std::min(text.find("?>"), std::size_t{256}));
  const auto at = head.find("encoding");
  const auto open = at == std::string_view::npos ? at : head.find_first_of("\"'", at);
  if (open == std::string_view::npos) return {};
  const auto close = head.find(head[open], open + 1);
  return close == std::string_view::npos ? std::string_view() : head.substr(open + 1, close - open - 1);
}

// Values are UTF-8 from here on, whatever the exporter wrote.
lt_status to_utf8(sdk::Host host, std::string_view name, std::string_view& text) noexcept {
  const auto mark = text.substr(0, 2);
  if (mark == "\xFF\xFE" || mark == "\xFE\xFF")
    return from_utf16(host, {text.substr(2), mark[0] == '\xFE'}, text);
  drop_mark(text);
  if (is_utf8(text)) return LT_OK;
  const lt_text arguments[] = {sdk::text(name)};
  host.report({.number = number(ProblemNumber::TextRepaired), .where = name, .arguments = arguments});
  lt_text repaired{nullptr, 0};
  const auto encoding = declared_encoding(text);
  auto status = host.decode(encoding, text, repaired);
  if (status == LT_UNSUPPORTED) status = host.decode({}, text, repaired);
  if (status != LT_OK) return status;
  char* padded = host.allocate<char>(repaired.size + LT_PADDING);
  if (padded == nullptr) return LT_LIMIT;
  if (repaired.size != 0) std::memcpy(padded, repaired.data, repaired.size);
  text = {padded, repaired.size};
  return LT_OK;
}

lt_status from_base64(sdk::Host host, std::string_view text, std::uint32_t offset, std::string_view name,
                      DocumentText& out) noexcept {
  char* bytes = host.allocate<char>(decoded_capacity(text.size()) + LT_PADDING);
  if (bytes == nullptr) return LT_LIMIT;
  const Decoded decoded = decode_base64(text, bytes);
  if (decoded.valid) {
    out.text = {bytes, decoded.size};
    out.origin = {offset, true};
    return LT_OK;
  }
  char place[24];
  const int size = std::snprintf(place, sizeof place, "%zu", decoded.wrong_at + 1);
  const lt_text arguments[] = {sdk::text(name), {place, static_cast<std::size_t>(size)}};
  host.report({.severity = LT_ERROR,
               .number = number(ProblemNumber::Base64Invalid),
               .offset = offset + static_cast<std::uint32_t>(decoded.wrong_at),
               .where = name,
               .arguments = arguments});
  return LT_MALFORMED;
}

struct Reference {
  std::size_t size = 0;  // of "&…;"; 0: it is none
  std::uint32_t character = 0;
};

Reference numbered(std::string_view digits, std::size_t prefix) noexcept {
  const bool is_hex = !digits.empty() && (digits[0] == 'x' || digits[0] == 'X');
  if (is_hex) digits.remove_prefix(1);
  std::uint32_t value = 0;
  for (const char c : digits) {
    const auto lower = static_cast<unsigned char>(c | 0x20);
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (is_hex && lower >= 'a' && lower <= 'f') digit = static_cast<std::uint32_t>(lower - 'a' + 10);
    if (digit == 99 || value > 0x10FFFF) return {};
    value = value * (is_hex ? 16 : 10) + digit;
  }
  const bool is_character = value != 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  if (digits.empty() || !is_character) return {};
  return {prefix + digits.size() + (is_hex ? 1 : 0), value};
}

// `text` begins with '&'.
Reference read_reference(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 12;
  const auto end = text.substr(0, kLongest).find(';');
  if (end == std::string_view::npos) return {};
  const auto name = text.substr(1, end - 1);
  if (!name.empty() && name[0] == '#') return numbered(name.substr(1), 3);
  if (name == "lt") return {4, '<'};
  if (name == "gt") return {4, '>'};
  if (name == "amp") return {5, '&'};
  if (name == "quot") return {6, '"'};
  if (name == "apos") return {6, '\''};
  return {};
}

}  // namespace

std::size_t reference_size(std::string_view text) noexcept {
  return read_reference(text).size;
}

bool is_utf8(std::string_view text) noexcept {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = p + text.size();
  while (p < end) {
    while (end - p >= 16 && _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))) == 0) {
      p += 16;
    }
    for (const auto* stop = end - p < 16 ? end : p + 16; p < stop;) {
      const unsigned c = *p;
      if (c < 0x80) {
        ++p;
        continue;
      }
      const std::ptrdiff_t size = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
      if (c < 0xC2 || c > 0xF4 || end - p < size) return false;
      const unsigned second = p[1];
      const unsigned low = c == 0xE0 ? 0xA0U : c == 0xF0 ? 0x90U : 0x80U;
      const unsigned high = c == 0xED ? 0x9FU : c == 0xF4 ? 0x8FU : 0xBFU;
      if (second < low || second > high) return false;
      for (std::ptrdiff_t i = 2; i < size; ++i) {
        if ((p[i] & 0xC0) != 0x80) return false;
      }
      p += size;
    }
  }
  return true;
}

lt_text unescape(sdk::Host host, std::string_view text) noexcept {
  char* const start = host.allocate<char>(text.size() + LT_PADDING);
  if (start == nullptr) return {nullptr, 0};
  char* out = start;
  while (!text.empty()) {
    const auto at = std::min(text.find_first_of("&<"), text.size());
    std::memcpy(out, text.data(), at);
    out += at;
    text.remove_prefix(at);
    if (text.empty()) break;
    if (text[0] == '<') {
      const auto end = text.substr(0, kCdata.size()) == kCdata ? text.find("]]>") : std::string_view::npos;
      if (end == std::string_view::npos) {
        *out++ = '<';
        text.remove_prefix(1);
        continue;
      }
      const auto inner = text.substr(kCdata.size(), end - kCdata.size());
      if (!inner.empty()) std::memcpy(out, inner.data(), inner.size());
      out += inner.size();
      text.remove_prefix(end + 3);
      continue;
    }
    const Reference reference = read_reference(text);
    if (reference.size == 0) {
      *out++ = '&';
    } else {
      out = put_utf8(reference.character, out);
    }
    text.remove_prefix(std::max<std::size_t>(reference.size, 1));
  }
  return {start, static_cast<std::size_t>(out - start)};
}

lt_status unwrap(sdk::Host host, std::string_view content, std::uint32_t offset, std::string_view name,
                 DocumentText& out) noexcept {
  const auto whole = content;
  content = trimmed(content);
  drop_mark(content);
  if (content.substr(0, kCdata.size()) == kCdata) {
    content.remove_prefix(kCdata.size());
    if (const auto end = content.rfind("]]>"); end != std::string_view::npos)
      content = content.substr(0, end);
    content = trimmed(content);
    drop_mark(content);
  }
  out = {content, {offset + distance(whole, content), false}};
  if (content.empty()) return LT_OK;
  if (content.substr(0, 4) == "&lt;") {
    const lt_text plain = unescape(host, content);
    if (plain.data == nullptr) return LT_LIMIT;
    out.text = sdk::view(plain);
  } else if (content[0] != '<') {
    const auto status = from_base64(host, content, out.origin.offset, name, out);
    if (status != LT_OK) return status;
  }
  return to_utf8(host, name, out.text);
}

}  // namespace lienthong::bhyt
