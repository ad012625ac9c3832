#pragma once
// The entries of a Bundle by their fullUrl.

#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/document/node.h"

namespace fhir::validate {

// One entry of a Bundle.
struct BundleEntry {
  const Node* entry = nullptr;
  const Node* resource = nullptr;  // null when it has none
  std::string_view full_url;
  std::string_view version;  // meta.versionId
  std::string_view base;     // of a RESTful fullUrl: all before "Type/id", with the slash; else empty
  bool is_restful = false;   // the fullUrl looks like that of a server
  std::uint32_t next = 0;    // 1-based number of the next entry of the same hash chain
};

// What a reference matches among the entries.
struct BundleMatch {
  const BundleEntry* entry = nullptr;  // the first match
  std::size_t count = 0;
};

// Filled once a Bundle in linear time, reused from Bundle to Bundle. One thread.
class BundleIndex {
 public:
  void build(const Node& bundle);
  void clear();
  const std::vector<BundleEntry>& entries() const { return entries_; }
  // The entry that holds the resource node, or null.
  const BundleEntry* entry_of(const Node& resource) const;

  // R4 §2.36.4 "Resolving references in Bundles": absolute ones by fullUrl (and version), relative ones with
  // the base of the fullUrl of the entry that refers. `source` may be null.
  BundleMatch find(std::string_view reference, const BundleEntry* source);

 private:
  BundleMatch find_absolute(std::string_view url, std::string_view version);
  BundleMatch find_version(std::string_view url, std::string_view version);
  static std::uint64_t hash(std::string_view text);
  void insert(std::vector<std::uint32_t>& slots, std::uint64_t hash, std::uint32_t number);

  std::vector<BundleEntry> entries_;
  std::vector<std::uint32_t> by_url_;           // head of the chain of each hash; 0 = none
  std::vector<const BundleEntry*> by_version_;  // by fullUrl and version; filled when first asked for
  std::string joined_;
};

}  // namespace fhir::validate
