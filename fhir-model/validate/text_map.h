#pragma once
// Hash tables keyed by text that can be asked with a view, without making a string.

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace fhir::validate {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;
using TextSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

// A canonical URL without its version ("|4.0.1") and fragment.
inline std::string_view bare_canonical(std::string_view url) {
  return url.substr(0, url.find('|'));
}

}  // namespace fhir::validate
