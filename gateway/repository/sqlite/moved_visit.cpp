// What belongs to a visit goes with it when it is given to another patient (semantics 4: only a merge or a
// move changes whose a resource is).
#include <algorithm>

#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/claim_applier.h"
#include "gateway/repository/sqlite/posting_reader.h"

namespace lienthong::repository::sqlite {
namespace {

std::string with_reference(std::string_view text, const std::string& from, const std::string& to) {
  std::string changed(text);
  for (std::size_t at = 0; (at = changed.find(from, at)) != std::string::npos; at += to.size())
    changed.replace(at, from.size(), to);
  return changed;
}

}  // namespace

// The resources that name the visit as their encounter.
Result<void> ClaimApplier::move_dependents(const PreparedClaim& claim, ResourceRow visit, const Uuid& from,
                                           const Uuid& to) {
  Rows rows;
  const ValueRange named{visit.value, visit.value};
  for (TypeNumber type = 1; type <= type_count(); ++type) {
    const ParameterUse* use = table_.scheme()->of(type).find("encounter");
    if (use == nullptr) continue;
    for (const ParameterUse* part : use->parts) {
      if (const auto read = read_postings(transaction_, part->number, named, rows); !read) return read;
      std::sort(rows.begin(), rows.end());
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
      apply_waiting(table_.waiting(), part->number, named, rows);
    }
  }
  for (const auto row : rows) {
    if (const auto moved = move_dependent(claim, {row}, from, to); !moved) return moved;
  }
  return {};
}

Result<void> ClaimApplier::move_dependent(const PreparedClaim& claim, ResourceRow row, const Uuid& from,
                                          const Uuid& to) {
  auto record = load_record(transaction_, row);
  if (!record) return forward(record);
  if (!record->live() || record->state.empty() || record->owner != content_.source.facility) return {};
  const auto body = unpack(record->body);
  const auto packed_state = unpack(record->state);
  if (!body) return forward(body);
  if (!packed_state) return forward(packed_state);
  auto state = decode_state(*packed_state);
  if (!state) return forward(state);
  const auto& type = *definition_of(type_name(record->type));
  const auto elements = splitter_.split(type, *body);
  if (!elements) return forward(elements);
  const std::string old_one = "\"Patient/" + to_string(from) + '"',
                    new_one = "\"Patient/" + to_string(to) + '"';
  for (const Element& element : **elements) {
    const bool names_patient = element.group == "subject" || element.group == "patient";
    if (!names_patient || element.value.find(old_one) == std::string_view::npos) continue;
    const std::string text = with_reference(element.text, old_one, new_one);
    const std::string value = with_reference(element.value, old_one, new_one);
    const Element changed{element.group, text, value, element.order};
    Contribution contribution;
    // Above what any feed says of it: whose it is changes through a move alone.
    contribution.said = {content_.source.source.value, INT32_MAX, claim.said.time, 2, 0};
    contribution.elements = {&changed, 1};
    MergeNotes notes;
    const auto merged = merge(type, *body, std::move(*state), contribution, notes);
    if (!merged) return forward(merged);
    const auto id = parse_uuid(record->id);
    const auto noted =
        id ? identity::note_move(transaction_,
                                 {*id, Instant(std::chrono::microseconds(claim.said.time)), from, to})
           : Result<void>();
    if (!noted) return noted;
    const Head previous = *record;
    const std::string previous_keys = record->keys;
    record->lane = targets_[claim.patient].row;
    return store(*record, previous, previous_keys, *body, merged->body, pack(encode_state(merged->state)));
  }
  return {};
}

}  // namespace lienthong::repository::sqlite
