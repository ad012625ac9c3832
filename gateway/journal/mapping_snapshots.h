#pragma once
// The mapping files that messages were converted with, kept once for each state they ever had: a replay can
// tell what a message said under the old mapping (docs/semantics.md rule 25).

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

// A file's name below the mappings' folder ("hl7v2/segments/PID.yaml") and its content.
using MappingFile = std::pair<std::string, std::string>;

// Keeps the files under the name that NewMessage::profile gives; fine when they are there already. Writer;
// a few milliseconds for a large profile, so at start and on reload only.
Result<void> keep_mapping(store::Transaction& transaction, std::string_view profile,
                          const std::vector<MappingFile>& files, Instant at);

// Nothing when no mapping of that name was kept. Fault (LT-1303) when it cannot be read.
Result<std::optional<std::vector<MappingFile>>> read_mapping(store::Connection& connection,
                                                             std::string_view profile);

}  // namespace lienthong::journal
