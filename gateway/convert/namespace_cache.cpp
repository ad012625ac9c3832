#include "gateway/convert/namespace_cache.h"

#include <cstring>

#include "gateway/convert/json_text.h"
#include "gateway/convert/text_types.h"

namespace lienthong::convert {
namespace {

// A text's length, beginning and end: the few namespaces of a source differ in one of them, and what is taken
// for another is told apart by its text.
std::uint64_t sample_of(std::string_view text) noexcept {
  std::uint64_t begin = 0, end = 0;
  if (text.size() >= 8) {
    std::memcpy(&begin, text.data(), 8);
    std::memcpy(&end, text.data() + text.size() - 8, 8);
  } else if (text.size() >= 2) {
    std::memcpy(&begin, text.data(), 2);
    std::memcpy(&end, text.data() + text.size() - 2, 2);
  } else if (!text.empty()) {
    begin = static_cast<unsigned char>(text[0]);
  }
  return begin + end * 31 + text.size();
}

std::uint64_t mix(std::uint64_t one, std::uint64_t other) noexcept {
  return (one ^ (other << 32 | other >> 32)) * 0x9E3779B97F4A7C15U;
}

}  // namespace

NamespaceText NamespaceCache::find(const NamespaceParts& parts, std::string_view facility,
                                   const CodeTable* table) {
  if (facility != facility_) {
    facility_ = facility;
    for (auto& entry : entries_) entry.used = false;
  }
  if (parts.name.size() + parts.id.size() + parts.kind.size() > kLongest) {
    namespace_uri(parts, facility, table, uri_);
    return {uri_, {}, false};
  }
  const auto hash = mix(mix(sample_of(parts.kind), sample_of(parts.name)), sample_of(parts.id));
  auto& entry = entries_[hash >> 56];
  if (entry.used && entry.table == table && entry.kind == parts.kind && entry.name == parts.name &&
      entry.id == parts.id)
    return text_of(entry);
  fill(entry, parts, table);
  return text_of(entry);
}

NamespaceText NamespaceCache::text_of(const Entry& entry) noexcept {
  std::string_view json = entry.json;
  if (!json.empty()) json.remove_suffix(JsonText::kBlock);
  return {entry.uri, json, entry.is_harmless};
}

void NamespaceCache::fill(Entry& entry, const NamespaceParts& parts, const CodeTable* table) {
  entry.table = table;
  entry.name = parts.name;
  entry.id = parts.id;
  entry.kind = parts.kind;
  namespace_uri(parts, facility_, table, entry.uri);
  entry.used = true;
  entry.json.clear();
  entry.is_harmless = false;
  if (entry.uri.empty() || !fits_text(WriteAs::Uri, entry.uri)) return;
  entry.json = json_string(entry.uri) + ",";
  const auto size = entry.json.size();
  entry.json.append(JsonText::kBlock, '\0');
  const auto json = std::string_view(entry.json).substr(0, size);
  entry.is_harmless = !sensitivity_.may_name(json) && !sensitivity_.may_be_code(entry.uri);
}

}  // namespace lienthong::convert
