#pragma once
// The names a mapping may give to what happened to an Encounter (ClaimInput::event), and their HL7 v2
// triggers. Source: semantics.md rule 10; HL7 v2.5.1 chapter 3.3.

#include <cstdint>
#include <optional>
#include <string_view>

namespace lienthong::repository {

enum class EncounterEvent : std::uint8_t {
  State = 0,        // "" or "state": the claim states status and period itself (dossiers)
  Admit,            // "admit" A01
  Register,         // "register" A04, A10: an outpatient has arrived
  Preadmit,         // "preadmit" A05
  Transfer,         // "transfer" A02
  Discharge,        // "discharge" A03
  Update,           // "update" A08, A31: neither reopens nor closes
  CancelAdmit,      // "cancel-admit" A11
  CancelTransfer,   // "cancel-transfer" A12
  CancelDischarge,  // "cancel-discharge" A13
  CancelPreadmit,   // "cancel-preadmit" A38
  ToInpatient,      // "to-inpatient" A06
  ToOutpatient,     // "to-outpatient" A07
  Leave,            // "leave" A21
  Return,           // "return" A22
  CancelLeave,      // "cancel-leave" A52
  CancelReturn,     // "cancel-return" A53
  Delete,           // "delete" A23: entered in error
};

// nullopt: not a name of the table. Any thread.
std::optional<EncounterEvent> encounter_event(std::string_view name) noexcept;

}  // namespace lienthong::repository
