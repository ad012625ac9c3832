#include "gateway/repository/encounter_event.h"

#include <array>

namespace lienthong::repository {
namespace {

struct Name {
  std::string_view text;
  EncounterEvent event;
};

constexpr std::array<Name, 20> kNames = {{
    {"", EncounterEvent::State},
    {"state", EncounterEvent::State},
    {"admit", EncounterEvent::Admit},
    {"register", EncounterEvent::Register},
    {"preadmit", EncounterEvent::Preadmit},
    {"transfer", EncounterEvent::Transfer},
    {"discharge", EncounterEvent::Discharge},
    {"update", EncounterEvent::Update},
    {"cancel-admit", EncounterEvent::CancelAdmit},
    {"cancel-transfer", EncounterEvent::CancelTransfer},
    {"cancel-discharge", EncounterEvent::CancelDischarge},
    {"cancel-preadmit", EncounterEvent::CancelPreadmit},
    {"to-inpatient", EncounterEvent::ToInpatient},
    {"to-outpatient", EncounterEvent::ToOutpatient},
    {"leave", EncounterEvent::Leave},
    {"return", EncounterEvent::Return},
    {"cancel-leave", EncounterEvent::CancelLeave},
    {"cancel-return", EncounterEvent::CancelReturn},
    {"delete", EncounterEvent::Delete},
    {"arrive", EncounterEvent::Register},
}};

}  // namespace

std::optional<EncounterEvent> encounter_event(std::string_view name) noexcept {
  for (const Name& known : kNames) {
    if (known.text == name) return known.event;
  }
  return std::nullopt;
}

}  // namespace lienthong::repository
