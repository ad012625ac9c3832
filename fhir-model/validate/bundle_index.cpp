#include "fhir-model/validate/bundle_index.h"

#include <algorithm>
#include <bit>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/reference_form.h"

namespace fhir::validate {

std::uint64_t BundleIndex::hash(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

void BundleIndex::clear() {
  entries_.clear();
  by_version_.clear();
}

void BundleIndex::insert(std::vector<std::uint32_t>& slots, std::uint64_t key, std::uint32_t number) {
  auto& head = slots[key & (slots.size() - 1)];
  entries_[number - 1].next = head;
  head = number;
}

void BundleIndex::build(const Node& bundle) {
  clear();
  const Node* list = bundle.find(atoms::kEntry);
  if (list == nullptr || !list->is_array()) return;
  const auto& definitions = Definitions::r4();
  for (const Node& item : list->children()) {
    BundleEntry entry;
    entry.entry = &item;
    entry.resource = item.find(atoms::kResource);
    entry.full_url = item.member_text(atoms::kFullUrl);
    if (entry.resource != nullptr) {
      if (const Node* meta = entry.resource->find(atoms::kMeta))
        entry.version = meta->member_text(atoms::kVersionId);
    }
    const auto form = parse_reference(definitions, entry.full_url);
    // Only a resource that has the id of its fullUrl has a base for its relative references.
    const bool has_id = entry.resource != nullptr && !entry.resource->member_text(atoms::kId).empty();
    entry.is_restful = form.type != nullptr && form.kind == ReferenceKind::Absolute;
    if (has_id && entry.is_restful) entry.base = form.base;
    entries_.push_back(entry);
  }
  by_url_.assign(std::bit_ceil(entries_.size() + 1), 0);
  // Last to first, so that chains are in the order of the entries.
  for (std::size_t i = entries_.size(); i > 0; --i) {
    if (entries_[i - 1].full_url.empty()) continue;
    insert(by_url_, hash(entries_[i - 1].full_url), static_cast<std::uint32_t>(i));
  }
}

const BundleEntry* BundleIndex::entry_of(const Node& resource) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), &resource,
                       [](const BundleEntry& entry, const Node* at) { return entry.entry < at; });
  if (found == entries_.begin()) return nullptr;
  const BundleEntry& entry = *(found - 1);
  return &resource < entry.entry + entry.entry->span() ? &entry : nullptr;
}

// A chain would be as long as the resource has versions here.
BundleMatch BundleIndex::find_version(std::string_view url, std::string_view version) {
  const auto key = [](const BundleEntry* entry) { return std::pair(entry->full_url, entry->version); };
  if (by_version_.empty()) {
    for (const BundleEntry& entry : entries_) by_version_.push_back(&entry);
    std::stable_sort(by_version_.begin(), by_version_.end(),
                     [&](const BundleEntry* a, const BundleEntry* b) { return key(a) < key(b); });
  }
  const auto wanted = std::pair(url, version);
  const auto first =
      std::lower_bound(by_version_.begin(), by_version_.end(), wanted,
                       [&](const BundleEntry* entry, const auto& to) { return key(entry) < to; });
  BundleMatch match;
  for (auto one = first; one != by_version_.end() && key(*one) == wanted && match.count < 2; ++one) {
    if (match.entry == nullptr) match.entry = *one;
    ++match.count;
  }
  return match;
}

BundleMatch BundleIndex::find_absolute(std::string_view url, std::string_view version) {
  BundleMatch match;
  if (by_url_.empty() || entries_.empty()) return match;
  if (!version.empty()) return find_version(url, version);
  std::uint32_t number = by_url_[hash(url) & (by_url_.size() - 1)];
  for (; number != 0; number = entries_[number - 1].next) {
    const BundleEntry& entry = entries_[number - 1];
    if (entry.full_url != url) continue;
    if (match.entry == nullptr) match.entry = &entry;
    if (++match.count == 2) break;  // more make no difference
  }
  return match;
}

BundleMatch BundleIndex::find(std::string_view reference, const BundleEntry* source) {
  const auto form = parse_reference(Definitions::r4(), reference);
  if (form.kind == ReferenceKind::Absolute) return find_absolute(form.unversioned, form.version);
  if (form.kind != ReferenceKind::Relative) return {};
  BundleMatch match;
  if (source != nullptr && !source->base.empty()) {
    joined_.assign(source->base).append(form.identity);
    match = find_absolute(joined_, form.version);
  }
  // Where entries are named by UUIDs, or wrongly by "Type/id", references are often the ids alone.
  if (match.entry == nullptr) match = find_absolute(reference, {});
  if (match.entry == nullptr && (source == nullptr || source->base.empty())) {
    joined_.assign("urn:uuid:").append(form.identity.substr(form.identity.find('/') + 1));
    match = find_absolute(joined_, {});
  }
  return match;
}

}  // namespace fhir::validate
