#include "gateway/repository/sqlite/claim_applier.h"

#include <algorithm>
#include <unordered_map>

#include "gateway/identity/aliases.h"
#include "gateway/identity/merges.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/link_update.h"

namespace lienthong::repository::sqlite {
namespace {

// The other resource that a key stands for when it cannot be the first one (semantics 4): the same for every
// replay.
Uuid apart_id(const Uuid& id, std::string_view reason, std::string_view detail) {
  return uuid_from_key(to_string(id).append("|").append(reason).append("|").append(detail));
}

// A key means what it meant at the event (semantics 3); one that gives way, what its number has always meant.
Instant reading_time(const PreparedClaim& claim) {
  if (claim.key_event == KeyEvent::MergedInto) return identity::kAlways;
  return Instant(std::chrono::microseconds(claim.said.time));
}

}  // namespace

Result<ApplyOutcome> ClaimApplier::run() {
  const auto count = static_cast<std::uint32_t>(content_.claims.size());
  targets_.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (const auto done = renumber(i); !done) return forward(done);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (const auto done = resolve(i); !done) return forward(done);
  }
  if (const auto done = patch_ids(); !done) return forward(done);
  outcome_.claim_changes.assign(count, 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (const auto done = write(i); !done) return forward(done);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (const auto done = apply_key_event(i); !done) return forward(done);
  }
  for (const auto& orphan : content_.orphans) {
    if (const auto done = retract(orphan); !done) return forward(done);
  }
  std::sort(retracted_.begin(), retracted_.end());
  if (const auto done = hold_removals(); !done) return forward(done);
  for (const auto& snapshot : content_.snapshots) {
    if (const auto done = apply_snapshot(snapshot); !done) return forward(done);
  }
  link_changes();
  return std::move(outcome_);
}

void ClaimApplier::link_changes() {
  std::unordered_map<std::int64_t, std::uint32_t> by_row;
  for (std::uint32_t i = 0; i < outcome_.changes.size(); ++i)
    by_row.emplace(outcome_.changes[i].resource.value, i);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const auto found = by_row.find(targets_[i].row.value);
    outcome_.claim_changes[i] = found == by_row.end() ? kNoClaim : found->second;
  }
}

// --- Which resource is it? ---

Result<void> ClaimApplier::resolve(std::uint32_t index) {
  PreparedClaim& claim = content_.claims[index];
  Target& target = targets_[index];
  target.skip = claim.definition == nullptr;
  if (target.skip) return {};
  const auto id = identity::resolve(transaction_, claim.id, reading_time(claim));
  if (!id) return forward(id);
  target.id = *id;
  if (target.id != claim.id)
    claim.identifier_source = identifier_source_of(content_.source.source.value, claim.id);
  if (const auto found = find_target(index, target); !found) return found;
  if (const auto chosen = choose_visit(index, target); !chosen) return chosen;
  const auto apart = keep_apart(index, target);
  if (!apart) return forward(apart);
  if (*apart) {
    if (const auto found = find_target(index, target); !found) return found;
  }
  const bool foreign = target.head && target.head->live() && target.head->owner != FacilityId{} &&
                       target.head->owner != content_.source.facility;
  if (!foreign) return {};
  target.skip = true;
  if (claim.role == Role::Subject) raise(kOwnedElsewhere, Severity::Warning, claim);
  return {};
}

// Of a few claims by looking at each; a message may hold tens of thousands, so those further back are
// indexed.
const ClaimApplier::Target* ClaimApplier::find_earlier(std::uint32_t index, const Uuid& id) {
  constexpr std::uint32_t kLookedAt = 32;
  const auto type = content_.claims[index].type;
  for (; indexed_ + kLookedAt < index; ++indexed_) {
    const auto& target = targets_[indexed_];
    if (!target.skip) index_.emplace(std::pair(content_.claims[indexed_].type, target.id), indexed_);
  }
  const auto found = index_.find(std::pair(type, id));
  if (found != index_.end()) return &targets_[found->second];
  for (auto earlier = indexed_; earlier < index; ++earlier) {
    const auto& target = targets_[earlier];
    if (!target.skip && target.id == id && content_.claims[earlier].type == type) return &target;
  }
  return nullptr;
}

Result<void> ClaimApplier::find_target(std::uint32_t index, Target& target) {
  target.head.reset();
  if (const Target* earlier = find_earlier(index, target.id)) {
    target.row = earlier->row;
    target.written = true;
    return {};
  }
  const TypeNumber type = content_.claims[index].type;
  const std::string id = to_string(target.id);
  auto head = find_head(transaction_, type, id);
  if (!head) return forward(head);
  target.head = std::move(*head);
  // References to it, also of claims before this one, need no look-up then.
  if (target.head) table_.note_row(type, id, target.head->row);
  target.row = target.head ? target.head->row : table_.reserve(type, id);
  return {};
}

// Semantics 4: a stored resource never changes its subject, except through a merge or a move.
Result<bool> ClaimApplier::keep_apart(std::uint32_t index, Target& target) {
  const PreparedClaim& claim = content_.claims[index];
  if (!target.head || !target.head->live() || claim.patient == kNoClaim || claim.patient == index)
    return false;
  const ResourceRow patient = lane_of(claim);
  if (target.head->lane == ResourceRow{} || patient == ResourceRow{} || target.head->lane == patient)
    return false;
  const auto fits = belongs(claim, target);
  if (!fits) return forward(fits);
  if (*fits) return false;
  raise(kSubjectConflict, Severity::Warning, claim);
  const Uuid kept = target.id, own = targets_[claim.patient].id;
  target.id = apart_id(kept, "patient", to_string(own));
  const auto lane = load_head(transaction_, target.head->lane);
  if (!lane) return forward(lane);
  const auto other = parse_uuid(lane->id);
  if (!other) return true;
  const auto noted =
      identity::note_apart(transaction_, {kept, target.id, std::string(type_name(claim.type)), *other, own});
  return noted ? Result<bool>(true) : forward(noted);
}

// May the claim's patient have the resource, which stands in another's lane?
Result<bool> ClaimApplier::belongs(const PreparedClaim& claim, const Target& target) {
  const auto lane = load_head(transaction_, target.head->lane);
  if (!lane) return forward(lane);
  const auto holder = parse_uuid(lane->id);
  if (!holder) return false;
  const Uuid& own = targets_[claim.patient].id;
  if (claim.key_event == KeyEvent::MovedFrom && claim.other < targets_.size()) {
    const auto former = identity::resolve(transaction_, content_.claims[claim.other].id, reading_time(claim));
    if (!former) return forward(former);
    const auto was_theirs = is_same_person(*former, *holder);
    if (!was_theirs || *was_theirs) return was_theirs;
  }
  const auto same = is_same_person(own, *holder);
  if (!same || *same) return same;
  const auto moves = identity::moves_of(transaction_, target.id);
  if (!moves) return forward(moves);
  for (const auto& move : *moves) {  // whose it was at the claim's event
    if (move.at.time_since_epoch().count() > claim.said.time) return is_same_person(own, move.from);
  }
  return false;
}

ResourceRow ClaimApplier::lane_of(const PreparedClaim& claim) const {
  return claim.patient == kNoClaim ? ResourceRow{} : targets_[claim.patient].row;
}

// Writes the ids that the alias table or a conflict decided into the JSON (36 characters each), and prepares
// the claims anew whose JSON changed.
// The claims in the order in which their texts stand in content_.text, which do not overlap.
std::vector<std::uint32_t> ClaimApplier::claims_by_place() const {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < content_.claims.size(); ++i) {
    if (content_.claims[i].json_size > 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return content_.claims[a].json_first < content_.claims[b].json_first;
  });
  return order;
}

Result<void> ClaimApplier::patch_ids() {
  std::vector<bool> stale(content_.claims.size(), false);
  std::vector<std::uint32_t> places;
  for (const IdPlace& place : content_.id_places) {
    if (place.claim >= targets_.size() || targets_[place.claim].skip) continue;
    if (targets_[place.claim].id == content_.claims[place.claim].id) continue;
    if (place.offset + kUuidTextSize > content_.text.size()) continue;
    write_uuid(targets_[place.claim].id, content_.text.data() + place.offset);
    if (places.empty()) places = claims_by_place();
    const auto behind = std::upper_bound(
        places.begin(), places.end(), place.offset,
        [&](std::size_t offset, std::uint32_t i) { return offset < content_.claims[i].json_first; });
    if (behind == places.begin()) continue;
    const auto& claim = content_.claims[*(behind - 1)];
    if (place.offset - claim.json_first < claim.json_size) stale[*(behind - 1)] = true;
  }
  for (std::size_t i = 0; i < stale.size(); ++i) {
    if (!stale[i] || targets_[i].skip) continue;
    const auto made = make_form(content_.claims[i], content_.json(content_.claims[i]), splitter_,
                                thread_key_maker(table_.scheme()));
    if (!made) return made;
  }
  return {};
}

// --- Writing ---

Result<void> ClaimApplier::write(std::uint32_t index) {
  const PreparedClaim& claim = content_.claims[index];
  Target& target = targets_[index];
  if (target.skip) {
    if (target.head) note(*target.head, false);
    return {};
  }
  if (target.written) {
    auto head = load_head(transaction_, target.row);
    if (!head) return forward(head);
    target.head = std::move(*head);
  }
  const bool is_patient = claim.definition->name.view() == "Patient";
  const ResourceRow lane = is_patient ? target.row : lane_of(claim);
  if (target.id != target.number || (target.head && (target.head->flags & kLaterVisits) != 0)) {
    const auto among_visits = write_visits(claim, target, lane);
    if (!among_visits) return forward(among_visits);
    if (*among_visits) return {};
  }
  if (!target.head || !target.head->live()) return write_new(claim, target, lane);
  if (claim.role == Role::Mention) return write_mention(claim, target, lane);
  if ((target.head->flags & kMentioned) != 0) return replace_mention(claim, target, lane);
  if (target.head->claim == claim.hash && !claim.superseded) {
    note(*target.head, false);
    return {};
  }
  return write_merged(claim, target, lane);
}

Result<void> ClaimApplier::write_new(const PreparedClaim& claim, Target& target, ResourceRow lane) {
  Record record;
  if (target.head) static_cast<Head&>(record) = *target.head;
  record.row = target.row;
  record.type = claim.type;
  record.id = to_string(target.id);
  record.flags = claim.role == Role::Mention ? kMentioned : 0u;
  record.lane = lane;
  record.owner = content_.source.facility;
  record.claim = claim.hash;
  record.source = message_;
  record.body = claim.form.packed;
  record.state = claim.form.state;
  const Head* previous = target.head ? &*target.head : nullptr;
  const auto written = table_.write_version(transaction_, record, previous, {}, claim.form.keys);
  if (!written) return written;
  note(record, true);
  return after_patient(claim, record, claim.form.body);
}

// A mention never changes what is there. Only between mentions the oldest holds, so that the outcome does not
// depend on the order in which they come.
Result<void> ClaimApplier::write_mention(const PreparedClaim& claim, Target& target, ResourceRow lane) {
  note(*target.head, false);
  if ((target.head->flags & kMentioned) == 0 || target.head->claim == claim.hash) return {};
  const auto record = load_record(transaction_, target.row);
  if (!record) return forward(record);
  const auto packed_state = unpack(record->state);
  if (!packed_state) return forward(packed_state);
  const auto state = decode_state(*packed_state);
  if (!state) return forward(state);
  const auto present = std::pair(state->base.time, record->claim);
  if (std::pair(claim.said.time, claim.hash) >= present) return {};
  return replace_mention(claim, target, lane);
}

Result<void> ClaimApplier::replace_mention(const PreparedClaim& claim, Target& target, ResourceRow lane) {
  auto record = load_record(transaction_, target.row);
  if (!record) return forward(record);
  const auto old_body = unpack(record->body);
  if (!old_body) return forward(old_body);
  const Head previous = *record;
  const std::string previous_keys = record->keys;
  record->flags = (record->flags & ~static_cast<std::uint32_t>(kMentioned)) |
                  (claim.role == Role::Mention ? kMentioned : 0u);
  if (lane != ResourceRow{}) record->lane = lane;
  record->claim = claim.hash;
  const auto stored = store(*record, previous, previous_keys, *old_body, claim.form.body, claim.form.state);
  if (!stored) return stored;
  if (const auto linked = after_patient(claim, *record, claim.form.body); !linked) return linked;
  return show_merges(claim.type, target.id);
}

Result<void> ClaimApplier::write_merged(const PreparedClaim& claim, Target& target, ResourceRow lane) {
  auto record = load_record(transaction_, target.row);
  if (!record) return forward(record);
  const auto old_body = unpack(record->body);
  if (!old_body) return forward(old_body);
  MergeState state;
  state.base.precedence = INT32_MIN;  // what REST wrote gives way to feeds that own it from now on
  if (!record->state.empty()) {
    const auto bytes = unpack(record->state);
    if (!bytes) return forward(bytes);
    auto decoded = decode_state(*bytes);
    if (!decoded) return forward(decoded);
    state = std::move(*decoded);
  }
  if (may_be_several_visits(claim, state)) {
    const auto among_visits = write_visits(claim, target, lane);
    if (!among_visits) return forward(among_visits);
    if (*among_visits) return {};
  }
  const bool is_patient = claim.definition->name.view() == "Patient";
  if (content_.replay && !is_patient)
    state.ending = Ending::None;  // it is made again; a full list may end it anew
  const auto contribution = contribution_of(claim, content_.json(claim), splitter_);
  if (!contribution) return forward(contribution);
  MergeNotes notes;
  auto merged = merge(*claim.definition, *old_body, std::move(state), *contribution, notes);
  if (!merged) return forward(merged);
  raise_notes(claim, notes);
  const Head previous = *record;
  const std::string previous_keys = record->keys;
  record->claim = claim.hash;
  record->owner = content_.source.facility;
  const auto moves = is_last_move(claim, target.id);
  if (!moves) return forward(moves);
  if (record->lane == ResourceRow{} || *moves) record->lane = lane;
  const auto stored =
      store(*record, previous, previous_keys, *old_body, merged->body, pack(encode_state(merged->state)));
  return stored ? after_patient(claim, *record, merged->body) : stored;
}

Result<void> ClaimApplier::store(Record& record, const Head& previous, const std::string& previous_keys,
                                 std::string_view old_body, const std::string& new_body,
                                 const std::string& state) {
  record.state = state;
  if (old_body == new_body) {
    note(record, false);
    return table_.write_state(transaction_, record, record.state);
  }
  record.source = message_;
  record.body = pack(new_body);
  const ResourceKeys keys = thread_key_maker(table_.scheme()).make(record.type, new_body);
  const auto written = table_.write_version(transaction_, record, &previous, previous_keys, keys);
  if (!written) return written;
  note(record, true);
  return {};
}

Result<void> ClaimApplier::after_patient(const PreparedClaim& claim, const Head& head,
                                         std::string_view body) {
  if (claim.definition->name.view() != "Patient") return {};
  return update_patient_links(transaction_, table_, head.row, body, message_, outcome_.changes);
}

// --- Telling ---

void ClaimApplier::note(const Head& head, bool changed) {
  const auto same = std::find_if(outcome_.changes.begin(), outcome_.changes.end(),
                                 [&](const Change& change) { return change.resource == head.row; });
  if (same == outcome_.changes.end()) {
    outcome_.changes.push_back(change_of(head, changed));
  } else if (changed) {
    const bool created = same->created;
    *same = change_of(head, true);
    same->created |= created;
  }
}

void ClaimApplier::raise(std::uint16_t number, Severity severity, const PreparedClaim& claim,
                         std::vector<std::string> more) {
  const std::string type(type_name(claim.type));
  more.insert(more.begin(), type);
  problems_.add({severity, number, "", "", type, kNoOffset, std::move(more), {}});
}

void ClaimApplier::raise_notes(const PreparedClaim& claim, const MergeNotes& notes) {
  if (notes.result_kept) raise(kResultKept, Severity::Information, claim);
  for (const auto& refused : notes.refused) {
    if (refused.long_after_end) {
      raise(kAdmitAfterEnd, Severity::Warning, claim);
    } else {
      raise(kEventRefused, Severity::Warning, claim,
            {std::string(event_code(refused.event)), std::string(status_code(refused.state))});
    }
  }
}

}  // namespace lienthong::repository::sqlite
