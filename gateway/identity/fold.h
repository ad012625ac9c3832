#pragma once
// Names folded for comparison and search: marks, case and đ/Đ/Ð fall away. Source: semantics.md rule 14.

#include <string>
#include <string_view>

namespace lienthong::identity {

// Lower case, without diacritical marks, đ/Đ/ð/Ð → d, æ → ae, runs of white space → one space, none at the
// ends. Works on composed and decomposed UTF-8 alike: "NGUYỄN  Văn Đức" → "nguyen van duc". Characters
// outside the Latin ranges U+0000–U+024F, U+1E00–U+1EFF and the combining marks are kept; invalid UTF-8 bytes
// are dropped. Any thread.
std::string fold_name(std::string_view utf8);

}  // namespace lienthong::identity
