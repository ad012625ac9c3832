#pragma once
// Times as HTTP and FHIR write them.

#include <string>

#include "gateway/base/clock.h"

namespace lienthong::api {

std::string http_date(Instant at);     // "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7)
std::string fhir_instant(Instant at);  // "2026-03-02T07:15:00.120Z"

}  // namespace lienthong::api
