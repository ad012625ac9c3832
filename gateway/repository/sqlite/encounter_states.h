#pragma once
// The lifecycle of an Encounter as a table: event × state → state. Source: semantics.md rule 10; HL7 v2.5.1
// §3.3.

#include <cstdint>
#include <string_view>

#include "gateway/repository/encounter_event.h"

namespace lienthong::repository::sqlite {

enum class EncounterState : std::uint8_t {
  None,  // nothing known yet
  Planned,
  Arrived,
  InProgress,
  OnLeave,
  Finished,
  Cancelled,
  EnteredInError,
};
inline constexpr std::size_t kEncounterStates = 8;
inline constexpr std::size_t kEncounterEvents = static_cast<std::size_t>(EncounterEvent::Delete) + 1;

enum class Move : std::uint8_t {
  Keep,    // the event applies, the state stays
  Go,      // the event applies, the state is `to`
  Back,    // to the state before the end
  Reopen,  // to `to` if the end is not long ago, else refused (semantics 4)
  Refuse,  // not possible here: no effect
  Stated,  // the state that the claim states
};

struct Transition {
  Move move = Move::Refuse;
  EncounterState to = EncounterState::None;
};

// The table's cell. Any thread.
Transition transition(EncounterEvent event, EncounterState state) noexcept;

// R4 value set encounter-status; "unknown" for None.
std::string_view status_code(EncounterState state) noexcept;
// triaged counts as Arrived; unknown codes as None.
EncounterState state_of_status(std::string_view code) noexcept;
// "admit", "discharge" …, for problems.
std::string_view event_code(EncounterEvent event) noexcept;

}  // namespace lienthong::repository::sqlite
