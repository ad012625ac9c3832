#include "gateway/delivery/json_pieces.h"

namespace lienthong::delivery {
namespace {

constexpr std::string_view kSecurity = R"("security")";
constexpr std::string_view kCode = R"("code")";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// Behind the string that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

// Where the value behind a member's name begins; npos when what stands there is no name.
std::size_t value_behind(std::string_view text, std::size_t name_end) noexcept {
  const auto colon = skip_blanks(text, name_end);
  if (colon >= text.size() || text[colon] != ':') return std::string_view::npos;
  return skip_blanks(text, colon + 1);
}

std::string_view code_of(std::string_view coding) noexcept {
  for (auto at = coding.find(kCode); at != std::string_view::npos; at = coding.find(kCode, at + 1)) {
    const auto value = value_behind(coding, at + kCode.size());
    if (value >= coding.size() || coding[value] != '"') continue;
    return coding.substr(value + 1, string_end(coding, value) - value - 2);
  }
  return {};
}

}  // namespace

std::size_t value_size(std::string_view text) noexcept {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at) - 1;
      if (depth == 0) return at + 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return text.size();
}

std::vector<std::string_view> security_codes(std::string_view json) {
  std::vector<std::string_view> codes;
  for (auto at = json.find(kSecurity); at != std::string_view::npos; at = json.find(kSecurity, at + 1)) {
    const auto value = value_behind(json, at + kSecurity.size());
    if (value >= json.size() || json[value] != '[') continue;
    auto list = json.substr(value, value_size(json.substr(value)));
    for (auto open = list.find('{'); open != std::string_view::npos; open = list.find('{')) {
      list.remove_prefix(open);
      const auto size = value_size(list);
      codes.push_back(code_of(list.substr(0, size)));
      list.remove_prefix(size);
    }
  }
  return codes;
}

}  // namespace lienthong::delivery
