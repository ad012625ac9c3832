#pragma once
// The inside of JSON strings. For the JSON reader of this room.

#include <cstdint>
#include <string_view>

#include "fhir-model/document/read_error.h"

namespace fhir {

// Undoes the escapes of `raw` (what stands between the quotes; no control characters, no unescaped quotes)
// into `out`, which has room for raw.size() bytes: the result is never longer. On failure sets `error_at` to
// the faulty escape.
struct Unescaped {
  std::size_t length = 0;
  bool failed = false;
  ReadErrorKind error = ReadErrorKind::InvalidEscape;
  std::size_t error_at = 0;  // offset in raw
};
Unescaped unescape_json(std::string_view raw, char* out);

}  // namespace fhir
