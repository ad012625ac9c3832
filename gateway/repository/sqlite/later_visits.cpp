// A visit number that is used again long after the visit's end: another visit, kept apart (semantics 4).
// Which visits there are follows from the events under the number, so what each of them says may move when a
// message comes late.
#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/claim_applier.h"

namespace lienthong::repository::sqlite {
namespace {

// More visits under one number are a broken counter; the rest stays with the last.
constexpr std::size_t kMostVisits = 32;

TypeNumber encounter_type() {
  static const TypeNumber kEncounter = type_number("Encounter");
  return kEncounter;
}

// The same for every replay and order.
Uuid visit_id(const Uuid& number, std::size_t index) {
  return index == 0 ? number
                    : uuid_from_key(to_string(number).append("|visit|").append(std::to_string(index + 1)));
}

Result<MergeState> state_in(std::string_view packed) {
  const auto bytes = unpack(packed);
  if (!bytes) return forward(bytes);
  return decode_state(*bytes);
}

void add_events(const MergeState& from, std::vector<EncounterRecord>& events) {
  events.insert(events.end(), from.events.begin(), from.events.end());
}

bool may_begin_a_visit(const PreparedClaim& claim) {
  return claim.role == Role::Subject &&
         (claim.event == EncounterEvent::Admit || claim.event == EncounterEvent::Register);
}

}  // namespace

// The visits known under a number, in order; those that are one with others now stay in the list.
Result<std::vector<ClaimApplier::Visit>> ClaimApplier::load_visits(const Uuid& number) {
  std::vector<Visit> visits;
  for (std::size_t i = 0; i < kMostVisits; ++i) {
    const auto head = find_head(transaction_, encounter_type(), to_string(visit_id(number, i)));
    if (!head) return forward(head);
    if (!*head || !(*head)->live()) break;
    auto record = load_record(transaction_, (*head)->row);
    if (!record) return forward(record);
    auto body = unpack(record->body);
    if (!body) return forward(body);
    auto state = record->state.empty() ? Result<MergeState>(MergeState{}) : state_in(record->state);
    if (!state) return forward(state);
    visits.push_back({std::move(*record), std::move(*body), std::move(*state)});
  }
  return visits;
}

// Which of the visits under its number the claim is about.
Result<void> ClaimApplier::choose_visit(std::uint32_t index, Target& target) {
  const PreparedClaim& claim = content_.claims[index];
  target.number = target.id;
  if (claim.type != encounter_type() || !target.head || !target.head->live()) return {};
  if ((target.head->flags & kLaterVisits) == 0 && !may_begin_a_visit(claim)) return {};
  const auto visits = load_visits(target.number);
  if (!visits) return forward(visits);
  std::vector<EncounterRecord> events;
  for (const auto& visit : *visits) add_events(visit.state, events);
  if (claim.role == Role::Subject) {
    const auto own = state_in(claim.form.state);
    if (!own) return forward(own);
    add_events(*own, events);
  }
  const auto starts = later_visits(events);
  const auto visit = std::upper_bound(starts.begin(), starts.end(), claim.said.time) - starts.begin();
  if (visit == 0) return {};
  target.id = visit_id(target.number, std::min(static_cast<std::size_t>(visit), kMostVisits - 1));
  return find_target(index, target);
}

// Only then is there anything to deal out.
bool ClaimApplier::may_be_several_visits(const PreparedClaim& claim, const MergeState& state) {
  if (claim.type != encounter_type() || claim.role != Role::Subject) return false;
  const auto is_far = [&](const EncounterRecord& event) {
    return std::abs(event.said.time - claim.said.time) > kReopenWithin;
  };
  return std::any_of(state.events.begin(), state.events.end(), is_far);
}

// Deals out what is known under the number among its visits. False: there is one, the usual case; nothing was
// done.
Result<bool> ClaimApplier::write_visits(const PreparedClaim& claim, const Target& target, ResourceRow lane) {
  if (claim.type != encounter_type() || claim.role != Role::Subject) return false;
  const bool is_first = target.id == target.number;
  if (is_first && (!target.head || !target.head->live() || (target.head->flags & kMentioned) != 0))
    return false;
  auto visits = load_visits(target.number);
  if (!visits) return forward(visits);
  auto own = state_in(claim.form.state);
  if (!own) return forward(own);
  std::vector<EncounterRecord> events = own->events;
  for (const auto& visit : *visits) add_events(visit.state, events);
  auto starts = later_visits(events);
  if (starts.size() >= kMostVisits) starts.resize(kMostVisits - 1);
  if (starts.empty() && visits->size() < 2) return false;
  const auto in_use = std::count_if(visits->begin(), visits->end(),
                                    [](const Visit& visit) { return visit.state.ending == Ending::None; });
  if (static_cast<std::size_t>(in_use) < starts.size() + 1) raise(kAdmitAfterEnd, Severity::Warning, claim);
  const Visit added{{}, claim.form.body, std::move(*own)};
  for (std::size_t i = 0; i < std::max(starts.size() + 1, visits->size()); ++i) {
    Visit* present = i < visits->size() ? &(*visits)[i] : nullptr;
    auto part = i <= starts.size()
                    ? visit_of(*claim.definition, *visits, added, starts, i)
                    // one with those before: what it says is said of them
                    : set_ending(*claim.definition, present->body, present->state, Ending::EnteredInError);
    if (!part) return forward(part);
    const auto written =
        write_visit(claim, present, target, visit_id(target.number, i), lane, std::move(*part), i == 0);
    if (!written) return forward(written);
  }
  return true;
}

// All that was said between the beginning of the visit and that of the next; and whose it is, should a later
// visit's statement have replaced that while they were taken for one.
Result<Merged> ClaimApplier::visit_of(const fhir::Type& type, const std::vector<Visit>& visits,
                                      const Visit& added, const std::vector<std::int64_t>& starts,
                                      std::size_t index) {
  const std::int64_t from = index == 0 ? INT64_MIN : starts[index - 1];
  const std::int64_t until = index < starts.size() ? starts[index] : INT64_MAX;
  Merged part{"{}", {}};
  for (const bool fills : {false, true}) {
    for (std::size_t i = 0; i <= visits.size(); ++i) {
      const Visit& visit = i < visits.size() ? visits[i] : added;
      const sqlite::Absorbed what{
          visit.body, visit.state, {}, fills ? INT64_MIN : from, fills ? INT64_MAX : until, fills};
      auto more = sqlite::absorb(type, part.body, std::move(part.state), what);
      if (!more) return forward(more);
      part = std::move(*more);
    }
  }
  return part;
}

Result<void> ClaimApplier::write_visit(const PreparedClaim& claim, Visit* visit, const Target& target,
                                       const Uuid& id, ResourceRow lane, Merged merged, bool is_first) {
  const std::string state = pack(encode_state(merged.state));
  if (visit != nullptr) {
    Record& record = visit->record;
    const Head previous = record;
    const std::string previous_keys = record.keys;
    if (is_first) record.flags |= kLaterVisits;
    record.claim = 0;  // no claim alone makes what it is
    return store(record, previous, previous_keys, visit->body, merged.body, state);
  }
  Record record;
  record.row = id == target.id ? target.row : table_.new_row();
  record.type = claim.type;
  record.id = to_string(id);
  record.lane = lane;
  record.owner = content_.source.facility;
  record.source = message_;
  record.body = pack(merged.body);
  record.state = state;
  const ResourceKeys keys = thread_key_maker(table_.scheme()).make(record.type, merged.body);
  const Head* previous = id == target.id && target.head ? &*target.head : nullptr;
  const auto written = table_.write_version(transaction_, record, previous, {}, keys);
  if (written) note(record, true);
  return written;
}

}  // namespace lienthong::repository::sqlite
