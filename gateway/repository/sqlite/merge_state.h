#pragma once
// What must be known of a resource besides its content, so that late and repeated messages end in the same
// state: who said each element and when. Source: semantics.md rules 6 to 11.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/encounter_event.h"
#include "gateway/repository/sqlite/said.h"

namespace lienthong::repository::sqlite {

// A list element that several sources contribute to: what each of them says of it (semantics 9).
struct SourceList {
  Said said;
  std::string value;  // JSON array; empty: this source says nothing (any more)
};

// An element that was not said by MergeState::base.
struct ElementState {
  std::string group;
  Said said;
  bool removed = false;           // stated as nothing: the content has no such element
  std::vector<SourceList> lists;  // only when more than one source contributes
};

// One event of an Encounter with what it states of the elements that follow from events (JSON values, may be
// empty).
struct EncounterRecord {
  EncounterEvent event = EncounterEvent::State;
  Said said;
  std::string status, encounter_class, location;  // "in-progress", {…}, […]
  std::string start, end;                         // of the period, as stated
};

// What a missing member of a snapshot becomes (semantics 9).
enum class Ending : std::uint8_t { None = 0, Inactive = 1, EnteredInError = 2 };

// An element that an ending has replaced; comes back when the member is listed again.
struct HiddenElement {
  std::string group;
  std::string text;  // as Element::text; empty: there was none
};

struct MergeState {
  Said base;  // said all elements of the content that have no entry in `exceptions`
  std::vector<ElementState> exceptions;
  std::vector<Said> wholes;  // the newest whole statement of each source (semantics 6, 15)
  std::vector<EncounterRecord> events;
  Ending ending = Ending::None;
  std::vector<HiddenElement> hidden;
};

// 10 to 14 bytes in the usual case.
std::string encode_state(const MergeState& state);
// Fault (LT-1518).
Result<MergeState> decode_state(std::string_view bytes);

}  // namespace lienthong::repository::sqlite
