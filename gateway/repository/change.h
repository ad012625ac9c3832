#pragma once
// What a write did: for the outbox (which resources, in which lanes), the journal (contributions) and
// answers.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"

namespace lienthong::repository {

// One resource that a write reached.
struct Change {
  ResourceRow resource;
  std::string_view type;      // "Patient"; lives as long as the program
  std::string id;             // FHIR id
  std::uint32_t version = 0;  // the current version
  bool changed = false;       // a new version was made; false: only reached (unchanged, or a mention)
  bool created = false;       // version 1 or first after a deletion
  bool deleted = false;
  ResourceRow lane;  // row of the Patient it belongs to; itself for a Patient; 0 = shared (semantics 23)
  std::int64_t change = 0;  // the store's change sequence number of that version; 0 when !changed
  bool test = false;        // tagged HTEST (semantics 19)
};

// Result of applying one message. Problems go to the ProblemSink given to apply().
struct ApplyOutcome {
  // One for each claim, in the claims' order, then resources changed besides (ended members of a snapshot,
  // linked patients). A resource may occur once only.
  std::vector<Change> changes;
  // For each claim the index of its resource in `changes`.
  std::vector<std::uint32_t> claim_changes;
};

}  // namespace lienthong::repository
