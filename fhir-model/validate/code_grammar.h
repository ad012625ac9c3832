#pragma once
// Codes that are decided by a grammar instead of a list.

#include <string_view>

namespace fhir::validate {

// A well-formed language tag of BCP 47 (RFC 5646 §2.1): "vi", "zh-Hans-CN", "x-local", "i-default".
bool is_language_tag(std::string_view code);

// A media type of BCP 13 (RFC 6838 §4.2) with parameters: "text/plain; charset=utf-8".
bool is_media_type(std::string_view code);

// A valid UCUM unit (case sensitive).
bool is_ucum_unit(std::string_view code);

}  // namespace fhir::validate
