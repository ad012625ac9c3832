#pragma once
// What a claim makes of a resource. Pure: no database, no clock. The outcome depends on the set of
// contributions, not on their order (semantics.md rules 6, 8, 9, 11), except that the last of one source with
// one time holds.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/definitions/type.h"
#include "gateway/base/result.h"
#include "gateway/base/uuid.h"
#include "gateway/repository/encounter_event.h"
#include "gateway/repository/sqlite/elements.h"
#include "gateway/repository/sqlite/encounter_fold.h"
#include "gateway/repository/sqlite/merge_state.h"

namespace lienthong::repository::sqlite {

// What the source of a contribution said before, at `time`, and what gives way to it (semantics 25).
struct SupersededPart {
  std::int64_t time = 0;
  EncounterEvent event = EncounterEvent::State;
  std::span<const std::string> groups;  // none: nothing was said before
  std::uint32_t identifier_source = 0;  // see Contribution
};

// One claim's part in one resource.
struct Contribution {
  Said said;
  bool whole = false;
  bool about = false;  // a Subject: an Encounter's events count
  EncounterEvent event = EncounterEvent::State;
  std::span<const Element> elements;
  std::span<const std::string> removed;  // groups stated as nothing
  SupersededPart superseded;
  // What a number says that stands for another's resource (semantics 3) keeps its identifiers in a list of
  // its own, so that neither number drops the other: the source of that list; 0: the claim's own.
  std::uint32_t identifier_source = 0;
};

// Of a number, by the id that its key was minted to.
std::uint32_t identifier_source_of(std::uint32_t source, const Uuid& minted) noexcept;

// What is worth telling of a merge.
struct MergeNotes {
  bool result_kept = false;           // a later preliminary result left a final one (semantics 11)
  std::vector<RefusedEvent> refused;  // among the contribution's own events
};

struct Merged {
  std::string body;  // "{…}" without resourceType and id
  MergeState state;
};

// `body` and `state` as stored (empty body: nothing yet). Errors: Fault (LT-1518) when the body cannot be
// split.
Result<Merged> merge(const fhir::Type& type, std::string_view body, MergeState state,
                     const Contribution& contribution, MergeNotes& notes);

// Takes out what `said`'s source stated at that time; what is left of others stays. `alone`: nobody else has
// stated anything; then the content is left as it is and ends as entered-in-error.
Result<Merged> retract(const fhir::Type& type, std::string_view body, MergeState state, const Said& said,
                       const SupersededPart& part, bool& alone);

// Says of a resource what `other` holds from `from` on (microseconds): they are one (semantics 3).
// `other_id`: what the key of the other was minted to.
struct Absorbed {
  std::string_view body;
  MergeState state;
  Uuid id;  // zero: the same key
  std::int64_t from = 0, until = INT64_MAX;
  // Only of whom and which it is (subject, identifier), and only where that is not known: it holds at any
  // time.
  bool fills_identity = false;
};
Result<Merged> absorb(const fhir::Type& type, std::string_view body, MergeState state, Absorbed other);

// Ends or revives a member of a snapshot (semantics 9): changes the status elements, keeps what they were.
Result<Merged> set_ending(const fhir::Type& type, std::string_view body, MergeState state, Ending ending);

// Where a result's status stands (semantics 11); 0 for other types.
void rank_result(std::string_view resource_type, std::span<const Element> elements, bool may_downgrade,
                 Said& said);

}  // namespace lienthong::repository::sqlite
