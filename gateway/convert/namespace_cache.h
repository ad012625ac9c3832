#pragma once
// URIs of namespaces made before: a source names the same few systems in every message. Private to this room.

#include <array>
#include <string>
#include <string_view>

#include "gateway/convert/namespace_uri.h"
#include "gateway/convert/sensitivity.h"

namespace lienthong::convert {

struct NamespaceText {
  std::string_view uri;
  std::string_view json;  // as a JSON string with a comma behind, readable in blocks
                          // (JsonText::append_padded); empty when the URI is no value of its type or not kept
  bool is_harmless = false;  // asks for no label
};

// One thread. Bounded: what is long is not kept, and what falls into the same place replaces what is there.
class NamespaceCache {
 public:
  explicit NamespaceCache(const Sensitivity& sensitivity) : sensitivity_(sensitivity) {}

  // The URI of namespace_uri(); valid until the next call.
  NamespaceText find(const NamespaceParts& parts, std::string_view facility, const CodeTable* table);

 private:
  static constexpr std::size_t kEntries = 256;  // as many as 8 bits of a hash tell apart
  static constexpr std::size_t kLongest = 256;  // of all parts together
  struct Entry {
    const CodeTable* table = nullptr;
    std::string name, id, kind, uri, json;  // json: with padding
    bool used = false;
    bool is_harmless = false;
  };
  static NamespaceText text_of(const Entry& entry) noexcept;
  void fill(Entry& entry, const NamespaceParts& parts, const CodeTable* table);

  const Sensitivity& sensitivity_;
  std::string facility_;  // of all entries
  std::array<Entry, kEntries> entries_;
  std::string uri_;
};

}  // namespace lienthong::convert
