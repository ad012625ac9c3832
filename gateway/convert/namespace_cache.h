#pragma once
// URIs of namespaces made before: a source names the same few systems in every message. Private to this room.

#include <array>
#include <string>
#include <string_view>

#include "gateway/convert/namespace_uri.h"

namespace lienthong::convert {

// One thread. Bounded: what is long is not kept, and what falls into the same place replaces what is there.
class NamespaceCache {
 public:
  // The URI of namespace_uri(); valid until the next call.
  std::string_view find(const NamespaceParts& parts, std::string_view facility, const CodeTable* table);

 private:
  static constexpr std::size_t kEntries = 128;
  static constexpr std::size_t kLongest = 256;  // of all parts together
  struct Entry {
    const CodeTable* table = nullptr;
    std::string name, id, kind, uri;
    bool used = false;
  };

  std::string facility_;  // of all entries
  std::array<Entry, kEntries> entries_;
  std::string uri_;
};

}  // namespace lienthong::convert
