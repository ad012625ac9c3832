#include "gateway/delivery/reference_mask.h"

#include <vector>

#include "gateway/delivery/json_pieces.h"

namespace lienthong::delivery {
namespace {

constexpr std::string_view kName = R"("reference")";
constexpr std::string_view kMasked =
    R"({"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]})";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::string mask_references(std::string_view json, const IsHidden& is_hidden) {
  struct Open {
    std::size_t at;
    bool hidden;
  };
  std::string out;
  out.reserve(json.size());
  std::vector<Open> open;
  bool names_reference = false;  // the string before was the member's name
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      const auto text = json.substr(at, value_size(json.substr(at)));
      if (names_reference && text.size() >= 2 && is_hidden(text.substr(1, text.size() - 2)) && !open.empty())
        open.back().hidden = true;
      const auto behind = json.find_first_not_of(" \t\r\n", at + text.size());
      names_reference = text == kName && behind != std::string_view::npos && json[behind] == ':';
      out.append(text);
      at += text.size();
      continue;
    }
    if (c == '{') open.push_back({out.size(), false});
    if (c != ':' && !is_blank(c)) names_reference = false;
    out += c;
    ++at;
    if (c != '}' || open.empty()) continue;
    if (open.back().hidden) out.replace(open.back().at, std::string::npos, kMasked);
    open.pop_back();
  }
  return out;
}

}  // namespace lienthong::delivery
