#pragma once
// The escaping of search values (R4 §3.1.1.4.0.2 "Escaping Search Parameters").

#include <string_view>
#include <vector>

#include "fhir-model/search/key_arena.h"

namespace fhir::search {

// The pieces between unescaped separators: "a,b\,c" at ',' gives "a" and "b\,c", still escaped.
std::vector<std::string_view> split_escaped(std::string_view text, char separator);

// With "\,", "\$", "\|" and "\\" undone; a lone backslash stays. The result is in `arena`.
std::string_view unescaped(std::string_view text, KeyArena& arena);

}  // namespace fhir::search
