#pragma once
// Formats of primitive types (R4 §2.24.0.1).

#include <cstdint>
#include <string_view>

#include "fhir-model/definitions/type.h"
#include "fhir-model/validate/message.h"

namespace fhir::validate {

inline constexpr MessageId kFormatFits = MessageId::kCount;
inline constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;

// What is wrong with `text` as a value of the primitive type; kFormatFits when nothing is. SurroundingSpace
// is a remark, the rest are errors. Any thread, linear in the text.
MessageId check_format(TypeId type, std::string_view text);

// Size in bytes of the data that a valid base64 text stands for.
std::size_t base64_size(std::string_view text);

// A URL with scheme, or a fragment: what canonical demands.
bool is_absolute_uri(std::string_view text);

// A URL of the domains kept for examples: example.org, acme.com.
bool is_example_url(std::string_view url);

// 1 to 64 of letters, digits, "-" and ".".
bool is_id(std::string_view text);

}  // namespace fhir::validate
