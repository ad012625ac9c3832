#pragma once
// Which texts are values of FHIR's primitive types (R4 §2.24.0.1). Private to this room.

#include <string_view>

#include "gateway/convert/instruction.h"

namespace lienthong::convert {

// string, code, uri, id, base64Binary: whether the text may stand as one. A string may hold control
// characters, which are left out with a problem when it is written.
bool is_of_type(WriteAs as, std::string_view text) noexcept;
// The same, and writing it raises no problem. False for all other types.
bool fits_text(WriteAs as, std::string_view text) noexcept;
// Whole numbers within 32 bits: integer, positiveInt, unsignedInt. `text` is a number and not empty.
bool is_integer(std::string_view text, WriteAs as) noexcept;
// "base64Binary".
std::string_view type_name(WriteAs as) noexcept;

}  // namespace lienthong::convert
