#include "fhir-model/validate/bundle_rules.h"

#include <algorithm>
#include <functional>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/format.h"
#include "fhir-model/validate/reference_form.h"

namespace fhir::validate {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

void BundleRules::broken(std::string_view key, std::string_view human) {
  report_.error(MessageId::InvariantFailed, bundle_, {key, human});
}

void BundleRules::check() {
  type_ = bundle_.member_text(atoms::kType);
  links();
  kinds();
  if (type_ == "document" || type_ == "message") document_or_message();
  for (const BundleEntry& one : walk_.bundle().entries()) entry(one);
  duplicates();
}

// Links to pages belong to searches; a style sheet that is named by a relative URL is an entry.
void BundleRules::links() {
  const Node* list = bundle_.find(atoms::kLink);
  if (list == nullptr || !list->is_array()) return;
  const auto& entries = walk_.bundle().entries();
  const bool pages = type_ == "searchset" || type_ == "history";
  for (const Node& link : list->children()) {
    const Node* relation = link.find(atoms::kRelation);
    const Node* url = link.find(atoms::kUrl);
    if (relation == nullptr || url == nullptr) continue;
    const bool is_page = is_one_of(relation->text(), {"first", "previous", "prev", "next", "last"});
    if (is_page && !pages) report_.error(MessageId::LinkNotForType, *relation, {relation->text(), type_});
    if (relation->text() != "stylesheet" || is_absolute_uri(url->text()) || entries.empty()) continue;
    const bool found = walk_.bundle().find(url->text(), &entries.front()).entry != nullptr;
    if (!found) report_.error(MessageId::ReferenceNotInBundle, *url, {url->text(), "stylesheet"});
  }
}

void BundleRules::kinds() {
  if (bundle_.find(atoms::kTotal) != nullptr && !is_one_of(type_, {"searchset", "history"})) {
    broken("bdl-1", "total only when a search or history");
  }
  const bool wants_request = is_one_of(type_, {"batch", "transaction", "history"});
  const bool wants_response = is_one_of(type_, {"batch-response", "transaction-response", "history"});
  bool search = false, request = false, response = false;
  for (const BundleEntry& one : walk_.bundle().entries()) {
    search |= one.entry->find(atoms::kSearch) != nullptr && type_ != "searchset";
    request |= (one.entry->find(atoms::kRequest) != nullptr) != wants_request;
    response |= (one.entry->find(atoms::kResponse) != nullptr) != wants_response;
  }
  if (search) broken("bdl-2", "entry.search only when a search");
  if (request) broken("bdl-3", "entry.request mandatory for batch/transaction/history, otherwise prohibited");
  if (response) {
    broken("bdl-4",
           "entry.response mandatory for batch-response/transaction-response/history, otherwise prohibited");
  }
}

void BundleRules::entry(const BundleEntry& one) {
  const bool may_lack_url =
      is_one_of(type_, {"transaction", "batch", "transaction-response", "batch-response"});
  if (one.full_url.empty()) {
    if (!may_lack_url) report_.error(MessageId::FullUrlMissing, *one.entry);
  } else {
    full_url(one);
  }
  if (type_ == "searchset") searchset(one);
}

void BundleRules::full_url(const BundleEntry& one) {
  if (!is_absolute_uri(one.full_url)) {
    return report_.error(MessageId::FullUrlRelative, *one.entry, {one.full_url});
  }
  if (one.resource == nullptr || !one.is_restful) return;
  const auto id = one.resource->member_text(atoms::kId);
  if (id.empty()) {
    if (!is_one_of(type_, {"transaction", "batch"})) {
      report_.error(MessageId::FullUrlNoId, *one.entry, {one.full_url});
    }
    return;
  }
  const std::string wanted = std::string(one.resource->resource_type()).append("/").append(id);
  if (one.full_url.substr(one.base.size()) != wanted) {
    report_.error(MessageId::FullUrlMismatch, *one.entry, {one.full_url, wanted});
  }
}

void BundleRules::searchset(const BundleEntry& one) {
  if (one.resource == nullptr) return;
  const bool outcome = one.resource->resource_type() == "OperationOutcome";
  if (!outcome && one.resource->member_text(atoms::kId).empty()) {
    report_.error(MessageId::SearchEntryWithoutId, *one.resource);
  }
}

// bdl-7: a fullUrl occurs once, or with different versions.
void BundleRules::duplicates() {
  if (type_ == "history") return;
  const auto& entries = walk_.bundle().entries();
  std::vector<const BundleEntry*> sorted;
  for (const BundleEntry& one : entries) {
    if (!one.full_url.empty()) sorted.push_back(&one);
  }
  const auto key = [](const BundleEntry* one) { return std::pair(one->full_url, one->version); };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const BundleEntry* a, const BundleEntry* b) { return key(a) < key(b); });
  bool found = false;
  for (std::size_t i = 1; i < sorted.size(); ++i) found |= key(sorted[i]) == key(sorted[i - 1]);
  if (found) {
    broken("bdl-7",
           "FullUrl must be unique in a bundle, or else entries with the same fullUrl must have different "
           "meta.versionId (except in history bundles)");
  }
}

void BundleRules::document_or_message() {
  const bool document = type_ == "document";
  const auto& entries = walk_.bundle().entries();
  if (document) {
    const Node* identifier = bundle_.find(atoms::kIdentifier);
    const bool identified = identifier != nullptr && identifier->find(atoms::kSystem) != nullptr &&
                            identifier->find(atoms::kValue) != nullptr;
    if (!identified) broken("bdl-9", "A document must have an identifier with a system and a value");
    if (bundle_.find(atoms::kTimestamp) == nullptr) broken("bdl-10", "A document must have a date");
  }
  if (entries.empty()) return report_.error(MessageId::FirstEntryMissing, bundle_, {type_});
  const BundleEntry& first = entries.front();
  const auto type = first.resource == nullptr ? std::string_view() : first.resource->resource_type();
  if (document && type != "Composition") return report_.error(MessageId::DocumentFirst, *first.entry, {type});
  if (!document && type != "MessageHeader")
    return report_.error(MessageId::MessageFirst, *first.entry, {type});
  if (document) {
    document_references(first);
  } else {
    message_references(first);
  }
  reachability();
}

void BundleRules::demand_one(const Node& reference, const BundleEntry& source, std::string_view what) {
  const auto text = reference.member_text(atoms::kReference);
  if (text.empty() || text.front() == '#') return;
  const BundleMatch match = walk_.bundle().find(text, &source);
  if (match.entry == nullptr) report_.error(MessageId::ReferenceNotInBundle, reference, {text, what});
}

void BundleRules::demand_in_bundle(const Node* list, const BundleEntry& source, std::string_view what) {
  if (list == nullptr) return;
  if (!list->is_array()) return demand_one(*list, source, what);
  for (const Node& one : list->children()) demand_one(one, source, what);
}

void BundleRules::section_references(const Node& owner, const BundleEntry& composition, int depth) {
  const Node* sections = owner.find(atoms::kSection);
  if (sections == nullptr || depth > 100) return;
  for (const Node& section : sections->children()) {
    demand_in_bundle(section.find(atoms::kEntry), composition, "section.entry");
    section_references(section, composition, depth + 1);
  }
}

void BundleRules::document_references(const BundleEntry& composition) {
  const Node& resource = *composition.resource;
  demand_in_bundle(resource.find(atoms::kSubject), composition, "Composition.subject");
  demand_in_bundle(resource.find(atoms::kEncounter), composition, "Composition.encounter");
  demand_in_bundle(resource.find(atoms::kAuthor), composition, "Composition.author");
  demand_in_bundle(resource.find(atoms::kCustodian), composition, "Composition.custodian");
  if (const Node* attesters = resource.find(atoms::kAttester)) {
    for (const Node& attester : attesters->children()) {
      demand_in_bundle(attester.find(atoms::kParty), composition, "Composition.attester.party");
    }
  }
  section_references(resource, composition, 0);
}

void BundleRules::message_references(const BundleEntry& header) {
  demand_in_bundle(header.resource->find(atoms::kFocus), header, "MessageHeader.focus");
}

namespace {

// Groups of entries that hang together.
class EntryGroups {
 public:
  explicit EntryGroups(BundleIndex& bundle) : bundle_(bundle), group_(bundle.entries().size()) {
    for (std::size_t i = 0; i < group_.size(); ++i) group_[i] = i;
  }
  std::size_t root(std::size_t i) {
    while (group_[i] != i) i = group_[i] = group_[group_[i]];
    return i;
  }
  // Joins entry `i` with all that the texts from `at` to `end` refer to.
  void join(std::size_t i, const Node* at, const Node* end) {
    const auto& entries = bundle_.entries();
    for (; at != end; ++at) {
      if (!at->is_string() || (at->atom() != atoms::kReference && at->atom() != atoms::kUrl)) continue;
      const BundleMatch match = bundle_.find(at->text(), &entries[i]);
      if (match.entry != nullptr)
        group_[root(static_cast<std::size_t>(match.entry - entries.data()))] = root(i);
    }
  }

 private:
  BundleIndex& bundle_;
  std::vector<std::size_t> group_;
};

}  // namespace

// All entries hang together by references, in either direction; what the Bundle itself links to belongs to
// the first.
void BundleRules::reachability() {
  const auto& entries = walk_.bundle().entries();
  EntryGroups groups(walk_.bundle());
  const auto root = [&](std::size_t i) { return groups.root(i); };
  if (const Node* links = bundle_.find(atoms::kLink)) groups.join(0, links, links + links->span());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Node* resource = entries[i].resource;
    if (resource != nullptr) groups.join(i, resource, resource + resource->span());
  }
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (root(i) == root(0) || entries[i].resource == nullptr) continue;
    const auto url = entries[i].full_url;
    if (type_ == "document") {
      report_.error(MessageId::EntryUnreachable, *entries[i].entry, {url});
    } else {
      report_.warning(MessageId::EntryUnreachable, *entries[i].entry, {url});
    }
  }
}

}  // namespace fhir::validate
