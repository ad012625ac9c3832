#pragma once
// How one configured source is treated. From the configuration; immutable while the source runs.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/convert/converter.h"
#include "gateway/intake/ack_policy.h"
#include "gateway/intake/resource_check.h"

namespace lienthong::intake {

// Semantics 27. Learn: journal, convert, report. Shadow: the repository too, nothing delivered. Live:
// everything.
enum class SourceState : std::uint8_t { Learn, Shadow, Live };

struct SourceRules {
  SourceId id;
  FacilityId facility;  // of settings.facility; with a table of facilities see `facility_ids`
  std::vector<std::pair<std::string, FacilityId>>
      facility_ids;  // sending facility → row, as settings.facilities
  convert::SourceSettings settings;
  SourceState state = SourceState::Live;
  AckPolicy ack = AckPolicy::Stored;
  bool strict_duplicates = false;  // semantics 21: the same control id with other content is refused
  std::chrono::microseconds duplicate_window = std::chrono::days(7);
  CheckMode check = CheckMode::Off;
  bool keep_unknown_types = true;      // semantics 20: a type not taken is answered AA and kept; else AR
  std::int32_t precedence = 0;         // semantics 8
  bool may_downgrade_results = false;  // semantics 11
  bool confirms_removals = false;      // semantics 15
  std::size_t max_message = std::size_t{16} << 20;
  // A thread of the source's own that takes its messages (a watched folder's), besides the io threads: its
  // number is not below Services::workers.
  std::optional<unsigned> own_worker;
};

}  // namespace lienthong::intake
