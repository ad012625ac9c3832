#include "gateway/convert/namespace_cache.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lienthong::convert {

std::string_view NamespaceCache::find(const NamespaceParts& parts, std::string_view facility,
                                      const CodeTable* table) {
  if (facility != facility_) {
    facility_ = facility;
    for (auto& entry : entries_) entry.used = false;
  }
  if (parts.name.size() + parts.id.size() + parts.kind.size() > kLongest) {
    namespace_uri(parts, facility, table, uri_);
    return uri_;
  }
  auto hash = XXH3_64bits(parts.kind.data(), parts.kind.size());
  if (!parts.name.empty()) hash = hash * 31 + XXH3_64bits(parts.name.data(), parts.name.size());
  if (!parts.id.empty()) hash = hash * 37 + XXH3_64bits(parts.id.data(), parts.id.size());
  auto& entry = entries_[hash % kEntries];
  if (entry.used && entry.table == table && entry.kind == parts.kind && entry.name == parts.name &&
      entry.id == parts.id)
    return entry.uri;
  entry.table = table;
  entry.name = parts.name;
  entry.id = parts.id;
  entry.kind = parts.kind;
  namespace_uri(parts, facility, table, entry.uri);
  entry.used = true;
  return entry.uri;
}

}  // namespace lienthong::convert
