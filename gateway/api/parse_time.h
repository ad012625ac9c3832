#pragma once
// Reading FHIR instants.

#include <optional>
#include <string_view>

#include "gateway/base/clock.h"

namespace lienthong::api {

// "2026-03-02T07:15:00[.120](Z|+07:00)"; nullopt for everything else (FHIR R4 §2.24.0.1, instant).
std::optional<Instant> parse_fhir_instant(std::string_view text) noexcept;

}  // namespace lienthong::api
