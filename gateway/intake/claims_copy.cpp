#include "gateway/intake/claims_copy.h"

#include <cstring>

namespace lienthong::intake {

namespace {

repository::KeyEvent key_event_of(convert::KeyEvent event) noexcept {
  switch (event) {
    case convert::KeyEvent::MergedInto:
      return repository::KeyEvent::MergedInto;
    case convert::KeyEvent::RenumberedAs:
      return repository::KeyEvent::RenumberedAs;
    case convert::KeyEvent::MovedFrom:
      return repository::KeyEvent::MovedFrom;
    case convert::KeyEvent::None:
      break;
  }
  return repository::KeyEvent::None;
}

}  // namespace

void copy_claims(const convert::Conversion& from, repository::ClaimsInput& to) {
  to.text = from.bundle;
  to.claims.clear();
  for (const auto& claim : from.claims) {
    repository::ClaimInput input;
    input.resource_type = claim.resource_type;
    input.role = claim.role == convert::Role::Subject ? repository::Role::Subject : repository::Role::Mention;
    input.extent =
        claim.extent == convert::Extent::Part ? repository::Extent::Part : repository::Extent::Whole;
    input.id = claim.id;
    input.key = claim.key;
    input.scope = claim.scope;
    input.event = claim.event;
    input.json = claim.json;
    input.event_time = claim.event_time;
    input.patient = claim.patient;
    input.removed_first = claim.removed_first;
    input.removed_count = claim.removed_count;
    input.key_event = key_event_of(claim.key_event);
    input.other = claim.other;
    to.claims.push_back(input);
  }
  to.id_places.clear();
  for (const auto& place : from.id_places) to.id_places.push_back({place.offset, place.claim});
  to.snapshots.clear();
  for (const auto& list : from.snapshots) {
    to.snapshots.push_back({list.scope, list.resource_type, list.ending, list.event_time, list.patient,
                            list.member_first, list.member_count, list.is_whole, list.is_complete});
  }
  to.members.assign(from.members.begin(), from.members.end());
  to.removed.assign(from.removed.begin(), from.removed.end());
  to.replay = false;
  to.superseded.clear();
}

repository::ClaimSource claim_source_of(const SourceRules& rules,
                                        const convert::Envelope& envelope) noexcept {
  repository::ClaimSource source;
  source.source = rules.id;
  source.facility = rules.facility;
  for (const auto& [sender, id] : rules.facility_ids) {
    if (sender == envelope.sender) source.facility = id;
  }
  source.precedence = rules.precedence;
  source.may_downgrade_results = rules.may_downgrade_results;
  source.confirms_removals = rules.confirms_removals;
  return source;
}

delivery::Lane lane_of(const convert::Conversion& conversion, const MessageNumber& number) noexcept {
  const auto patient = conversion.patient;
  const Uuid& uuid = patient == convert::kNoClaim ? number.value : conversion.claims[patient].id;
  std::int64_t value = 0;
  std::memcpy(&value, uuid.bytes.data() + 8, sizeof value);
  return delivery::Lane{value == 0 ? 1 : value};
}

}  // namespace lienthong::intake
