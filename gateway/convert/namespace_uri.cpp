#include "gateway/convert/namespace_uri.h"

#include <algorithm>

#include "gateway/base/uuid.h"

namespace lienthong::convert {
namespace {

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// At least three arcs, none with a leading zero (ITU-T X.660).
bool is_oid(std::string_view text) noexcept {
  if (text.size() < 5 || text[0] < '0' || text[0] > '2' || text[1] != '.') return false;
  std::size_t arcs = 1;
  std::size_t at = 1;
  while (at < text.size()) {
    if (text[at++] != '.') return false;
    const auto from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == from || (text[from] == '0' && at - from > 1)) return false;
    ++arcs;
  }
  return arcs >= 3;
}

bool is_absolute_uri(std::string_view text) noexcept {
  const bool known = text.starts_with("http://") || text.starts_with("https://") || text.starts_with("urn:");
  return known && text.size() > 8 && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' ||
                  c == '|';
         });
}

bool from_stated(std::string_view text, std::string& out) {
  if (is_oid(text)) {
    out.assign("urn:oid:").append(text);
  } else if (const auto uuid = parse_uuid(text)) {
    out.assign("urn:uuid:").append(to_string(*uuid));
  } else if (is_absolute_uri(text)) {
    out.assign(text);
  } else {
    return false;
  }
  return true;
}

bool from_table(std::string_view text, const CodeTable* table, std::string& out) {
  if (table == nullptr || text.empty()) return false;
  const auto* row = table->find(text);
  if (row == nullptr || row->target_system.empty()) return false;
  out.assign(row->target_system);
  return true;
}

}  // namespace

void append_percent_encoded(std::string_view text, std::string& out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  const auto is_plain = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
  };
  for (auto at = text.begin(); at != text.end();) {
    const auto special = std::find_if_not(at, text.end(), is_plain);
    out.append(at, special);
    at = special;
    if (at == text.end()) return;
    const auto byte = static_cast<unsigned char>(*at++);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

void namespace_uri(const NamespaceParts& parts, std::string_view facility, const CodeTable* table,
                   std::string& out) {
  out.clear();
  if (from_table(parts.name, table, out) || from_table(parts.id, table, out)) return;
  if (from_stated(parts.id, out) || from_stated(parts.name, out)) return;
  const auto name = parts.name.empty() ? parts.id : parts.name;
  if (name.empty() && parts.kind.empty()) return;
  out = "urn:lienthong:";
  append_percent_encoded(facility, out);
  for (const auto part : {parts.kind, name}) {
    if (part.empty()) continue;
    out += ':';
    append_percent_encoded(part, out);
  }
}

}  // namespace lienthong::convert
