// What a message says of keys: merged patients, changed numbers, moved visits. The alias table decides what
// later messages speak of; stored references stay; what was said under the key that gives way from the event
// on is said of the survivor too, so that the order of arrival does not matter. Source: semantics.md rules 3
// and 4.
#include <algorithm>

#include "gateway/identity/aliases.h"
#include "gateway/identity/error_numbers.h"
#include "gateway/identity/merges.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/claim_applier.h"
#include "gateway/repository/sqlite/link_update.h"

namespace lienthong::repository::sqlite {
namespace {

TypeNumber patient_type() {
  static const TypeNumber kPatient = type_number("Patient");
  return kPatient;
}

Instant event_time(const PreparedClaim& claim) {
  return Instant(std::chrono::microseconds(claim.said.time));
}

Result<MergeState> state_of(const Record& record) {
  const auto bytes = unpack(record.state);
  if (!bytes) return forward(bytes);
  return decode_state(*bytes);
}

constexpr int kLongestChain = 64;

}  // namespace

// Before anything is looked up: this message's own claims speak of the one resource already.
Result<void> ClaimApplier::renumber(std::uint32_t index) {
  const PreparedClaim& claim = content_.claims[index];
  if (claim.key_event != KeyEvent::RenumberedAs || claim.definition == nullptr) return {};
  const PreparedClaim& named = content_.claims[claim.other];
  if (named.type != claim.type) return {};
  const auto former = identity::resolve(transaction_, claim.id, identity::kAlways);
  if (!former) return forward(former);
  const auto present = identity::resolve(transaction_, named.id, identity::kAlways);
  if (!present) return forward(present);
  if (*former == *present) return {};
  for (const Uuid& id : {*former, *present}) {
    const auto elsewhere = is_owned_elsewhere(claim.type, id);
    if (!elsewhere) return forward(elsewhere);
    if (*elsewhere) return raise(kOwnedElsewhere, Severity::Warning, claim), Result<void>();
  }
  const auto merged = identity::merge(transaction_, {*present, *former, identity::kAlways}, table_.now());
  if (!merged && merged.error().number != identity::kCycle) return forward(merged);
  if (!merged || merged->refused) return raise(kMergeRefused, Severity::Error, claim), Result<void>();
  if (!merged->changed.empty()) renumbered_[index] = {*present, merged->changed};
  return {};
}

Result<void> ClaimApplier::apply_key_event(std::uint32_t index) {
  const PreparedClaim& claim = content_.claims[index];
  if (claim.definition == nullptr || claim.other >= targets_.size()) return {};
  switch (claim.key_event) {
    case KeyEvent::MergedInto:
      return merge_patients(index);
    case KeyEvent::RenumberedAs: {
      const auto renumbered = renumbered_.find(index);
      if (renumbered == renumbered_.end()) return {};
      return bring_together(claim.type, renumbered->second.replaced, renumbered->second.changed);
    }
    case KeyEvent::MovedFrom:
      return move(index);
    case KeyEvent::None:
      break;
  }
  return {};
}

Result<void> ClaimApplier::merge_patients(std::uint32_t index) {
  const PreparedClaim& claim = content_.claims[index];
  if (claim.type != patient_type() || content_.claims[claim.other].type != patient_type()) return {};
  if (targets_[index].skip || targets_[claim.other].skip)
    return raise(kOwnedElsewhere, Severity::Warning, claim), Result<void>();
  const auto survivor = identity::resolve(transaction_, content_.claims[claim.other].id, identity::kAlways);
  if (!survivor) return forward(survivor);
  const Uuid replaced = targets_[index].id;
  if (replaced == *survivor) return {};  // two numbers of one patient
  const auto merged = identity::merge(transaction_, {replaced, *survivor, event_time(claim)}, table_.now());
  if (!merged && merged.error().number != identity::kCycle) return forward(merged);
  if (!merged || merged->refused) return raise(kMergeRefused, Severity::Error, claim), Result<void>();
  return bring_together(claim.type, replaced, merged->changed);
}

Result<void> ClaimApplier::move(std::uint32_t index) {
  const PreparedClaim& claim = content_.claims[index];
  const Target& target = targets_[index];
  if (target.skip || claim.patient >= targets_.size()) return {};
  const Uuid from = targets_[claim.other].id, to = targets_[claim.patient].id;
  if (from == to) return {};
  const auto noted = identity::note_move(transaction_, {target.id, event_time(claim), from, to});
  if (!noted) return noted;
  const auto aparts = identity::aparts_of(transaction_, target.id);
  if (!aparts) return forward(aparts);
  for (const auto& apart : *aparts) {
    const bool theirs = (apart.one == from && apart.other == to) || (apart.one == to && apart.other == from);
    if (!theirs) continue;
    if (const auto united = unite(apart); !united) return united;
  }
  return move_dependents(claim, target.row, from, to);
}

// After `replaced` got its place in a chain: the statements that the survivors have to know of, what reads
// show, and what was kept apart because they were two.
Result<void> ClaimApplier::bring_together(TypeNumber type, const Uuid& replaced,
                                          const std::vector<Uuid>& changed) {
  Uuid at = replaced;
  for (int steps = 0; steps < kLongestChain; ++steps) {
    const auto merges = identity::merged_with(transaction_, at, Instant::max());
    if (!merges) return forward(merges);
    const auto next =
        std::find_if(merges->begin(), merges->end(), [](const auto& m) { return m.is_survivor; });
    if (next == merges->end()) break;
    if (const auto absorbed = absorb(type, at, next->other, next->at); !absorbed) return absorbed;
    at = next->other;
  }
  for (const Uuid& id : changed) {
    if (const auto shown = show_merges(type, id); !shown) return shown;
    auto head = find_head(transaction_, type, to_string(id));
    if (!head) return forward(head);
    if (*head && type == patient_type()) table_.note_person((*head)->row);
    const bool is_told = std::any_of(
        outcome_.changes.begin(), outcome_.changes.end(),
        [&](const Change& change) { return *head && change.changed && change.resource == (*head)->row; });
    if (!*head || !(*head)->live() || is_told || type != patient_type()) continue;
    if (const auto touched = table_.touch(transaction_, **head, message_); !touched) return touched;
    note(**head, true);
  }
  if (type != patient_type()) return {};
  for (const Uuid& id : changed) {
    const auto aparts = identity::aparts_of_patient(transaction_, id);
    if (!aparts) return forward(aparts);
    for (const auto& apart : *aparts) {
      const auto same = is_same_person(apart.one, apart.other);
      if (!same) return forward(same);
      if (!*same) continue;
      if (const auto united = unite(apart); !united) return united;
    }
  }
  return {};
}

// What was kept apart because of its patient is one after all.
Result<void> ClaimApplier::unite(const identity::Apart& apart) {
  const TypeNumber type = type_number(apart.type);
  if (const auto absorbed = absorb(type, apart.apart, apart.kept, identity::kAlways); !absorbed)
    return absorbed;
  const auto merged =
      identity::merge(transaction_, {apart.apart, apart.kept, identity::kAlways}, table_.now());
  if (!merged) return forward(merged);
  if (const auto shown = show_merges(type, apart.apart); !shown) return shown;
  return identity::forget_apart(transaction_, apart);
}

Result<void> ClaimApplier::absorb(TypeNumber type, const Uuid& from, const Uuid& into, Instant since) {
  const auto other_head = find_head(transaction_, type, to_string(from));
  const auto own_head = find_head(transaction_, type, to_string(into));
  if (!other_head) return forward(other_head);
  if (!own_head) return forward(own_head);
  const bool both = *other_head && *own_head && (*other_head)->live() && (*own_head)->live();
  if (!both || ((*other_head)->flags & kMentioned) != 0) return {};
  const auto other = load_record(transaction_, (*other_head)->row);
  auto record = load_record(transaction_, (*own_head)->row);
  if (!other) return forward(other);
  if (!record) return forward(record);
  if (other->state.empty()) return {};
  auto other_state = state_of(*other);
  auto own_state = record->state.empty() ? Result<MergeState>(MergeState{}) : state_of(*record);
  const auto other_body = unpack(other->body);
  const auto old_body = unpack(record->body);
  if (!other_state) return forward(other_state);
  if (!own_state) return forward(own_state);
  if (!other_body) return forward(other_body);
  if (!old_body) return forward(old_body);
  const bool stub = (record->flags & kMentioned) != 0;  // a mention gives way to what is stated
  const auto& definition = *definition_of(type_name(type));
  const auto merged = sqlite::absorb(
      definition, stub ? std::string_view("{}") : *old_body, stub ? MergeState{} : std::move(*own_state),
      {*other_body, std::move(*other_state), from, since.time_since_epoch().count()});
  if (!merged) return forward(merged);
  if (stub && merged->body == "{}") return {};
  const Head previous = *record;
  const std::string previous_keys = record->keys;
  record->flags &= ~static_cast<std::uint32_t>(kMentioned);
  const auto stored =
      store(*record, previous, previous_keys, *old_body, merged->body, pack(encode_state(merged->state)));
  if (!stored || type != patient_type()) return stored;
  return update_patient_links(transaction_, table_, record->row, merged->body, message_, outcome_.changes);
}

// A record that gave way says so: a Patient is inactive, others were entered in error.
Result<void> ClaimApplier::show_merges(TypeNumber type, const Uuid& id) {
  const auto head = find_head(transaction_, type, to_string(id));
  if (!head) return forward(head);
  if (!*head || !(*head)->live()) return {};
  const auto survivor = identity::survivor_of(transaction_, id);
  if (!survivor) return forward(survivor);
  if (*survivor != id)
    return set_member_ending((*head)->row,
                             type == patient_type() ? Ending::Inactive : Ending::EnteredInError);
  return type == patient_type() ? set_member_ending((*head)->row, Ending::None) : Result<void>();
}

Result<bool> ClaimApplier::is_same_person(const Uuid& one, const Uuid& other) {
  if (one == other) return true;
  const auto first = identity::survivor_of(transaction_, one);
  if (!first) return forward(first);
  const auto second = identity::survivor_of(transaction_, other);
  if (!second) return forward(second);
  return *first == *second;
}

Result<bool> ClaimApplier::is_owned_elsewhere(TypeNumber type, const Uuid& id) {
  const auto head = find_head(transaction_, type, to_string(id));
  if (!head) return forward(head);
  return *head && (*head)->live() && (*head)->owner != FacilityId{} &&
         (*head)->owner != content_.source.facility;
}

Result<bool> ClaimApplier::is_last_move(const PreparedClaim& claim, const Uuid& resource) {
  if (claim.key_event != KeyEvent::MovedFrom) return false;
  const auto moves = identity::moves_of(transaction_, resource);
  if (!moves) return forward(moves);
  return moves->empty() || moves->back().at <= event_time(claim);
}

}  // namespace lienthong::repository::sqlite
