#pragma once
// The elements of an Encounter that follow from its events, computed from the set of events in the order of
// their times, not of their arrival. Source: semantics.md rules 8 and 10.

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/repository/sqlite/encounter_states.h"
#include "gateway/repository/sqlite/merge_state.h"

namespace lienthong::repository::sqlite {

// A number that admits again within this time after the end (microseconds) is the same visit going on; later
// it is another visit (semantics 4).
inline constexpr std::int64_t kReopenWithin = std::chrono::microseconds(std::chrono::days(7)).count();

// JSON values; empty = the element is absent.
struct EncounterElements {
  std::string status, status_history, encounter_class, class_history, period, location;
};

struct RefusedEvent {
  EncounterEvent event;
  std::int64_t time = 0;
  EncounterState state;         // in which it was not possible
  bool long_after_end = false;  // an admission long after the end (semantics 4)
};

// `refused` may be null.
EncounterElements fold_encounter(std::span<const EncounterRecord> events, std::vector<RefusedEvent>* refused);

// When the second, third … visit under the same number begins (semantics 4): an admission long after the end
// of the one before. Ascending; none for nearly all.
std::vector<std::int64_t> later_visits(std::span<const EncounterRecord> events);

// Is this one of the elements computed here?
bool follows_from_events(std::string_view group) noexcept;

}  // namespace lienthong::repository::sqlite
