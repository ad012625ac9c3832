#pragma once
// Text folded for comparison and search: marks, case and đ/Đ/Ð fall away. Source: semantics.md rule 14.

#include <string>
#include <string_view>

namespace fhir::search {

// Lower case, without diacritical marks, đ/Đ/ð/Ð → d, æ → ae, runs of white space → one space, none at the
// ends. The same result for composed and decomposed UTF-8: "NGUYỄN  Văn Đức" → "nguyen van duc". Characters
// outside U+0000–U+024F, U+1E00–U+1EFF and the combining marks are kept; bytes that are no UTF-8 are dropped.
// Any thread.
std::string fold_text(std::string_view utf8);

// The same into `out`, which must hold utf8.size() bytes (folding never lengthens); returns the length
// written. Allocates nothing.
std::size_t fold_text(std::string_view utf8, char* out);

}  // namespace fhir::search
