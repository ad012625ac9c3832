#pragma once
// The segments that HL7 v2.1 … v2.8 define, so that a mistyped name is found when a mapping is loaded.

#include <string_view>

namespace lienthong::hl7v2 {

// Whether `name` may stand in a path: a segment of the standard, or a Z segment.
bool is_known_segment(std::string_view name) noexcept;
// The most similar known name, empty if none is similar.
std::string_view nearest_segment(std::string_view name) noexcept;

}  // namespace lienthong::hl7v2
