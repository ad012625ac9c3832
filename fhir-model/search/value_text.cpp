#include "fhir-model/search/value_text.h"

namespace fhir::search {

std::vector<std::string_view> split_escaped(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == separator) {
      pieces.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

std::string_view unescaped(std::string_view text, KeyArena& arena) {
  if (text.find('\\') == std::string_view::npos) return arena.copy(text);
  constexpr std::string_view kEscaped = ",$|\\";
  char* out = arena.take(text.size());
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '\\' && i + 1 < text.size() && kEscaped.find(text[i + 1]) != std::string_view::npos;
    if (escape) ++i;
    out[length++] = text[i];
  }
  return {out, length};
}

}  // namespace fhir::search
