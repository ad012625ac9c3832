#include "gateway/repository/sqlite/rest_writer.h"

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/link_update.h"
#include "gateway/repository/sqlite/received_merges.h"
#include "gateway/repository/sqlite/render.h"
#include "gateway/repository/sqlite/result_ties.h"

namespace lienthong::repository::sqlite {
namespace {

using Kind = RestEntry::Kind;

}  // namespace

Result<RestOutcome> RestWriter::run() {
  outcome_.results.resize(content_.entries.size());
  outcome_.is_batch = content_.is_batch;
  const auto done = !content_.is_bundle ? run_single() : content_.is_batch ? run_batch() : run_transaction();
  if (!done) return forward(done);
  return std::move(outcome_);
}

Result<void> RestWriter::run_single() {
  RestEntry& entry = content_.entries.front();
  RestResult& result = outcome_.results.front();
  if (const auto resolved = resolve_condition(entry, result); !resolved) return resolved;
  if (const auto replaced = replace_conditional_references(entry); !replaced) return replaced;
  return run_entry(entry, result);
}

Result<void> RestWriter::run_entry(RestEntry& entry, RestResult& result) {
  if (result.resource.row != ResourceRow{}) return {};  // a conditional create that found it
  switch (entry.kind) {
    case Kind::Create:
    case Kind::Update:
      return put(entry, result);
    case Kind::Delete:
      return remove(entry, result);
    case Kind::Read:
      break;
  }
  return get(entry, result);
}

// --- Conditions ---

Result<std::optional<std::string>> RestWriter::find_one(TypeNumber type, std::string_view query) {
  SearchRequest request;
  request.type = type_name(type);
  request.terms = parse_query(query);
  request.default_count = request.most = 2;
  if (request.terms.empty()) {
    return fail(Category::Incorrect, kBadParameter, "A conditional interaction needs a condition.");
  }
  const auto page = repository_.search_inside_job(transaction_, request);
  if (!page) return forward(page);
  if (page->resources.size() > 1) {
    return fail(Category::Conflict, kSeveralMatches, "The condition is met by more than one resource.");
  }
  if (page->resources.empty()) return std::optional<std::string>();
  return std::optional<std::string>(page->resources.front().id);
}

Result<void> RestWriter::resolve_condition(RestEntry& entry, RestResult& result) {
  if (!entry.conditional()) return {};
  const auto found = find_one(entry.type, entry.kind == Kind::Create ? entry.if_none_exist : entry.query);
  if (!found) return forward(found);
  if (entry.kind == Kind::Create) {
    if (!*found) return {};
    entry.id = **found;
    auto existing = repository_.read(transaction_, type_name(entry.type), entry.id);
    if (!existing) return forward(existing);
    result.status = 200;
    result.resource = std::move(*existing);
    return {};
  }
  if (*found && entry.kind == Kind::Update && !entry.id.empty() && entry.id != **found) {
    return fail(Category::Incorrect, kIdMismatch,
                "The content's id is not that of the resource that was found.");
  }
  if (*found) entry.id = **found;
  if (!*found && entry.kind == Kind::Update && entry.id.empty())
    entry.id = to_string(new_uuid_v7(static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::milliseconds>(table_.now()).time_since_epoch().count())));
  return {};
}

Result<void> RestWriter::replace_conditional_references(RestEntry& entry) {
  if (entry.json.empty() || entry.form) return {};
  ReferenceMap map;
  for (auto text = find_conditional_reference(entry.json); !text.empty();
       text = find_conditional_reference(entry.json,
                                         static_cast<std::size_t>(text.data() - entry.json.data()))) {
    const std::size_t mark = text.find('?');
    const auto found = find_one(type_number(text.substr(0, mark)), text.substr(mark + 1));
    if (!found) return forward(found);
    if (!*found)
      return fail(Category::Conflict, kSeveralMatches, "A conditional reference is met by no resource.");
    map[std::string(text)] = std::string(text.substr(0, mark)).append("/").append(**found);
  }
  if (!map.empty()) {
    auto replaced = replace_references(entry.json, map);
    if (!replaced) return forward(replaced);
    entry.json = std::move(*replaced);
  }
  auto form = make_stored_form(entry.type, entry.json, thread_key_maker(table_.scheme()));
  if (!form) return forward(form);
  entry.form = std::move(*form);
  return {};
}

// --- One resource ---

// Semantics 5.
Result<void> RestWriter::may_write(const RestEntry& entry, const Head& head) const {
  if (entry.if_match && (!head.live() || *entry.if_match != head.version)) {
    return fail(Category::Conflict, kVersionMismatch,
                "The resource has another version than If-Match states.");
  }
  if (head.version == 0) return {};
  if (!content_.feed) {
    if (head.owner == FacilityId{} || !head.live()) return {};
    return fail(Category::Conflict, kFeedOwned,
                "The resource is owned by a feed; only its feed may change it.");
  }
  if (head.owner != content_.feed->owner) {
    return fail(Category::Conflict, kOtherOwner, "The resource is not owned by this facility.");
  }
  return {};
}

Result<void> RestWriter::put(RestEntry& entry, RestResult& result) {
  if (content_.feed && !entry.sequence) {
    return fail(Category::Incorrect, kNoSequence, "A delivery must state its change sequence number.");
  }
  auto head = entry.minted ? Result<std::optional<Head>>(std::nullopt)
                           : find_head(transaction_, entry.type, entry.id);
  if (!head) return forward(head);
  if (*head) {
    if (const auto allowed = may_write(entry, **head); !allowed) return allowed;
    if ((*head)->live()) return put_again(entry, **head, result);
    if (content_.feed && (*head)->version != 0 && *entry.sequence <= (*head)->sequence) {
      return fail(Category::Conflict, kOldSequence,
                  "The change sequence number is not above the stored one.");
    }
  } else if (entry.if_match) {
    return fail(Category::Conflict, kVersionMismatch, "If-Match is stated and there is no such resource.");
  }
  return put_new(entry, std::move(*head), result);
}

Result<void> RestWriter::put_new(RestEntry& entry, std::optional<Head> head, RestResult& result) {
  Record record;
  if (head) static_cast<Head&>(record) = *head;
  if (!head) record.row = table_.reserve(entry.type, entry.id);
  record.type = entry.type;
  record.id = entry.id;
  record.flags = 0;
  record.lane = {};
  record.claim = 0;
  record.source = {};
  record.owner = content_.feed ? content_.feed->owner : FacilityId{};
  record.sequence = entry.sequence.value_or(0);
  return finish(record, head ? &*head : nullptr, {}, &*entry.form, result, 201);
}

Result<void> RestWriter::put_again(RestEntry& entry, const Head& head, RestResult& result) {
  auto record = load_record(transaction_, head.row);
  if (!record) return forward(record);
  const auto body = unpack(record->body);
  if (!body) return forward(body);
  const bool same = *body == entry.form->body;
  if (content_.feed && *entry.sequence <= head.sequence && !same) {
    return fail(Category::Conflict, kOldSequence, "The change sequence number is not above the stored one.");
  }
  if (content_.feed) record->sequence = std::max(head.sequence, *entry.sequence);
  if (same) {
    if (record->sequence != head.sequence) {
      const auto noted = table_.write_state(transaction_, *record, record->state);
      if (!noted) return noted;
    }
    outcome_.changes.push_back(change_of(*record, false));
    return answer(*record, record->body, result, 200);
  }
  const std::string previous_keys = record->keys;
  record->state.clear();
  record->source = {};
  record->claim = 0;
  return finish(*record, &head, previous_keys, &*entry.form, result, 200);
}

// Writes the version (form null: a deletion) with its lane and links.
Result<void> RestWriter::finish(Record& record, const Head* previous, std::string_view previous_keys,
                                const StoredForm* form, RestResult& result, int status) {
  static const TypeNumber kPatient = type_number("Patient");
  static const ResourceKeys kNoKeys;
  record.body = form != nullptr ? form->packed : std::string();
  if (record.type == kPatient) record.lane = record.row;
  const bool belongs = form != nullptr && form->keys.patient.size != 0 && record.type != kPatient;
  if (belongs) {
    const auto patient = table_.row_of(transaction_, kPatient, form->keys.text(form->keys.patient));
    if (!patient) return forward(patient);
    record.lane = *patient;
  }
  const auto written = table_.write_version(transaction_, record, previous, previous_keys,
                                            form != nullptr ? form->keys : kNoKeys);
  if (!written) return written;
  outcome_.changes.push_back(change_of(record, true));
  if (record.type == kPatient) {
    const auto linked = update_patient_links(transaction_, table_, record.row,
                                             form != nullptr ? form->body : "", {}, outcome_.changes);
    if (!linked) return linked;
    const bool delivered = content_.feed && form != nullptr;
    const auto merged =
        delivered ? note_received_merges(transaction_, table_, record, form->body) : Result<void>();
    if (!merged) return merged;
  }
  return answer(record, record.body, result, status);
}

Result<void> RestWriter::answer(const Head& head, std::string_view packed, RestResult& result, int status) {
  result.status = status;
  // A Bundle's response needs only type, id and version; rendering each resource again would cost more than
  // storing it.
  auto version =
      make_version(transaction_, head, content_.is_bundle ? std::string_view() : packed, "urn:uuid:");
  if (!version) return forward(version);
  result.resource = std::move(*version);
  if (content_.is_bundle) result.resource.json.clear();
  return {};
}

Result<void> RestWriter::remove(RestEntry& entry, RestResult& result) {
  result.status = 204;
  if (entry.id.empty()) return {};  // a condition that nothing met
  auto head = find_head(transaction_, entry.type, entry.id);
  if (!head) return forward(head);
  if (!*head || !(*head)->live()) return {};
  if (const auto allowed = may_write(entry, **head); !allowed) return allowed;
  if (content_.feed && (!entry.sequence || *entry.sequence <= (*head)->sequence)) {
    return fail(Category::Conflict, kOldSequence, "The change sequence number is not above the stored one.");
  }
  auto record = load_record(transaction_, (*head)->row);
  if (!record) return forward(record);
  const std::string previous_keys = record->keys;
  record->flags = kDeleted | (record->flags & kTest);
  record->state.clear();
  record->source = {};
  record->claim = 0;
  record->sequence = entry.sequence.value_or(0);
  return finish(*record, &**head, previous_keys, nullptr, result, 204);
}

Result<void> RestWriter::get(const RestEntry& entry, RestResult& result) {
  if (entry.id.empty()) {
    SearchRequest request;
    request.type = type_name(entry.type);
    request.terms = parse_query(entry.query);
    const auto page = repository_.search_inside_job(transaction_, request);
    if (!page) return forward(page);
    std::string& bundle = result.outcome_bundle;
    bundle = R"({"resourceType":"Bundle","type":"searchset")";
    if (page->total) bundle.append(",\"total\":").append(std::to_string(*page->total));
    for (std::size_t i = 0; i < page->resources.size(); ++i) {
      bundle.append(i == 0 ? ",\"entry\":[" : ",").append("{\"resource\":").append(page->resources[i].json);
      bundle.append(",\"search\":{\"mode\":\"match\"}}");
    }
    bundle.append(page->resources.empty() ? "}" : "]}");
    return {};
  }
  auto found = entry.version.empty()
                   ? repository_.read(transaction_, type_name(entry.type), entry.id)
                   : repository_.read_version(transaction_, type_name(entry.type), entry.id, entry.version);
  if (!found) return forward(found);
  result.resource = std::move(*found);
  return {};
}

Result<RestOutcome> SqliteRepository::write(store::Transaction& transaction, PreparedRest& request,
                                            Instant now) {
  if (const auto begun = table_.begin(transaction, now); !begun) return forward(begun);
  auto outcome = RestWriter(transaction, table_, *this, *request.content()).run();
  if (!outcome) return outcome;
  const auto tied = settle_ties(transaction, table_, {}, nullptr, outcome->changes);
  if (!tied) return forward(tied);
  if (const auto ended = table_.end(transaction); !ended) return forward(ended);
  return outcome;
}

}  // namespace lienthong::repository::sqlite
