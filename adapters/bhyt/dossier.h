#pragma once
// One dossier's bytes → its tables.

#include "adapters/bhyt/record.h"

namespace lienthong::bhyt {

struct OpenRules {
  Limits limits;
  Generation generation = Generation::Unknown;  // what the source is known to send; Unknown: as it looks
};

// `dossier` runs from <HOSO> to </HOSO>, or holds a table alone; it stands at `offset` of the message.
// `header` may be null. A dossier is taken as a whole or not at all: LT_MALFORMED when one of its tables
// cannot be read.
lt_status open_dossier(sdk::Host host, const OpenRules& rules, std::string_view dossier, std::uint32_t offset,
                       const Header* header, Record*& out) noexcept;

}  // namespace lienthong::bhyt
