#include "gateway/repository/sqlite/encounter_states.h"

#include <array>

namespace lienthong::repository::sqlite {
namespace {

using enum EncounterState;

constexpr Transition K{Move::Keep, None};
constexpr Transition R{Move::Refuse, None};
constexpr Transition B{Move::Back, None};
constexpr Transition S{Move::Stated, None};
constexpr Transition go(EncounterState to) {
  return {Move::Go, to};
}
constexpr Transition reopen(EncounterState to) {
  return {Move::Reopen, to};
}

constexpr Transition P = go(Planned), A = go(Arrived), I = go(InProgress), L = go(OnLeave), F = go(Finished);
constexpr Transition C = go(Cancelled), E = go(EnteredInError);
constexpr Transition I2 = reopen(InProgress), A2 = reopen(Arrived);

using Row = std::array<Transition, kEncounterStates>;

// clang-format off
constexpr std::array<Row, kEncounterEvents> kTable = {{
    //                 None Planned Arrived InProgress OnLeave Finished Cancelled EnteredInError
    /* State       */ {{S,   S,      S,      S,         S,      S,       S,        R}},
    /* Admit       */ {{I,   I,      I,      K,         K,      I2,      I,        R}},
    /* Register    */ {{A,   A,      K,      K,         K,      A2,      A,        R}},
    /* Preadmit    */ {{P,   K,      K,      K,         K,      R,       P,        R}},
    /* Transfer    */ {{I,   I,      I,      K,         K,      R,       R,        R}},
    /* Discharge   */ {{F,   F,      F,      F,         F,      K,       R,        R}},
    /* Update      */ {{I,   K,      K,      K,         K,      K,       K,        R}},
    /* CancelAdmit */ {{C,   C,      C,      C,         C,      C,       K,        R}},
    /* CancelTransf*/ {{I,   R,      K,      K,         K,      R,       R,        R}},
    /* CancelDischa*/ {{I,   R,      K,      K,         K,      B,       R,        R}},
    /* CancelPreadm*/ {{C,   C,      R,      R,         R,      R,       K,        R}},
    /* ToInpatient */ {{I,   I,      I,      K,         K,      R,       R,        R}},
    /* ToOutpatient*/ {{I,   I,      K,      K,         K,      R,       R,        R}},
    /* Leave       */ {{L,   R,      L,      L,         K,      R,       R,        R}},
    /* Return      */ {{I,   R,      K,      K,         I,      R,       R,        R}},
    /* CancelLeave */ {{I,   R,      K,      K,         I,      R,       R,        R}},
    /* CancelReturn*/ {{L,   R,      R,      L,         K,      R,       R,        R}},
    /* Delete      */ {{E,   E,      E,      E,         E,      E,       E,        K}},
}};
// clang-format on

constexpr std::array<std::string_view, kEncounterStates> kCodes = {
    "unknown", "planned", "arrived", "in-progress", "onleave", "finished", "cancelled", "entered-in-error"};

constexpr std::array<std::string_view, kEncounterEvents> kEventCodes = {
    "state",         "admit",        "register",        "preadmit",         "transfer",        "discharge",
    "update",        "cancel-admit", "cancel-transfer", "cancel-discharge", "cancel-preadmit", "to-inpatient",
    "to-outpatient", "leave",        "return",          "cancel-leave",     "cancel-return",   "delete"};

}  // namespace

Transition transition(EncounterEvent event, EncounterState state) noexcept {
  const auto row = static_cast<std::size_t>(event);
  return row < kEncounterEvents ? kTable[row][static_cast<std::size_t>(state)] : R;
}

std::string_view status_code(EncounterState state) noexcept {
  return kCodes[static_cast<std::size_t>(state)];
}

EncounterState state_of_status(std::string_view code) noexcept {
  if (code == "triaged") return Arrived;
  for (std::size_t i = 1; i < kCodes.size(); ++i) {
    if (kCodes[i] == code) return static_cast<EncounterState>(i);
  }
  return None;
}

std::string_view event_code(EncounterEvent event) noexcept {
  const auto index = static_cast<std::size_t>(event);
  return index < kEncounterEvents ? kEventCodes[index] : std::string_view("unknown");
}

}  // namespace lienthong::repository::sqlite
