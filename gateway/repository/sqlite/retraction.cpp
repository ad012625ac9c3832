// A message that is converted anew under another mapping: what it said then and says no more. Source:
// semantics.md rule 25.

#include "gateway/identity/aliases.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/claim_applier.h"

namespace lienthong::repository::sqlite {

SupersededPart superseded_of(const PreparedClaim& claim) noexcept {
  if (!claim.superseded) return {};
  return {claim.superseded->time, claim.superseded->event, claim.superseded->groups, claim.identifier_source};
}

// A resource that the message makes no more. What was only mentioned stays: others may have mentioned it too.
Result<void> ClaimApplier::retract(const PreparedOrphan& orphan) {
  const Instant then{std::chrono::microseconds(orphan.superseded.time)};
  const auto id = identity::resolve(transaction_, orphan.id, then);
  if (!id) return forward(id);
  const auto head = find_head(transaction_, orphan.type, to_string(*id));
  if (!head) return forward(head);
  const bool ours = *head && (*head)->live() && ((*head)->flags & kMentioned) == 0 &&
                    ((*head)->owner == FacilityId{} || (*head)->owner == content_.source.facility);
  if (!ours) return {};
  auto record = load_record(transaction_, (*head)->row);
  if (!record) return forward(record);
  const auto bytes = unpack(record->state);
  if (!bytes) return forward(bytes);
  if (bytes->empty()) return {};
  auto state = decode_state(*bytes);
  if (!state) return forward(state);
  const auto body = unpack(record->body);
  if (!body) return forward(body);
  Said said;
  said.source = content_.source.source.value;
  SupersededPart part{orphan.superseded.time, orphan.superseded.event, orphan.superseded.groups};
  if (*id != orphan.id) part.identifier_source = identifier_source_of(said.source, orphan.id);
  bool alone = false;
  const auto left =
      sqlite::retract(*definition_of(type_name(orphan.type)), *body, std::move(*state), said, part, alone);
  if (!left) return forward(left);
  retracted_.push_back(record->row.value);
  const Head previous = *record;
  const std::string previous_keys = record->keys;
  record->claim = 0;  // the same claim would be new again
  return store(*record, previous, previous_keys, *body, left->body, pack(encode_state(left->state)));
}

}  // namespace lienthong::repository::sqlite
