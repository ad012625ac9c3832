#pragma once
// UTF-8, character by character.

#include <cstdint>
#include <string>
#include <string_view>

namespace fhir::path {

// Bytes of the character that starts with `lead`; 1 for bytes that start none, so that walking always
// advances.
std::size_t character_length(unsigned char lead);
// Number of characters (code points).
std::size_t count_characters(std::string_view text);
// Byte offset of character `index`; text.size() when there are fewer.
std::size_t character_offset(std::string_view text, std::size_t index);
// Appends a code point; surrogates and values beyond U+10FFFF become U+FFFD.
void append_character(std::string& out, std::uint32_t code_point);
// The code point at the front; `length` gets its bytes. U+FFFD for malformed bytes.
std::uint32_t first_character(std::string_view text, std::size_t& length);

// Simple case mapping of Latin (with Vietnamese), Greek and Cyrillic letters; other characters stay.
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);

}  // namespace fhir::path
