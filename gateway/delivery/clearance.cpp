#include "gateway/delivery/clearance.h"

#include <algorithm>
#include <set>

#include "gateway/delivery/json_pieces.h"
#include "gateway/delivery/reference_mask.h"

namespace lienthong::delivery {
namespace {

constexpr std::string_view kEntries = R"("entry":[)";
constexpr std::string_view kFullUrl = R"("fullUrl":")";

bool asks_for_nothing(std::string_view code) noexcept {
  return code == "U" || code == "L" || code == "M" || code == "N";
}

std::string_view full_url_of(std::string_view entry) noexcept {
  const auto at = entry.find(kFullUrl);
  if (at == std::string_view::npos) return {};
  const auto rest = entry.substr(at + kFullUrl.size());
  return rest.substr(0, rest.find('"'));
}

}  // namespace

Clearance::Clearance(std::vector<std::string> codes) : codes_(std::move(codes)) {
  std::sort(codes_.begin(), codes_.end());
  full_ = allows("*");
}

bool Clearance::allows(std::string_view code) const noexcept {
  return std::find(codes_.begin(), codes_.end(), code) != codes_.end();
}

bool Clearance::lets_pass(std::string_view resource_json) const {
  if (full_) return true;
  bool restricted = false, named = false;
  for (const auto label : security_codes(resource_json)) {
    if (asks_for_nothing(label)) continue;
    if (label == "R") {
      restricted = true;
      continue;
    }
    named = true;
    if (!allows(label)) return false;
  }
  return named || !restricted || allows("R");
}

std::string Clearance::text() const {
  std::string text;
  for (const auto& code : codes_) text += (text.empty() ? "" : " ") + code;
  return text;
}

std::string cleared_bundle(std::string bundle, const Clearance& clearance, std::size_t& withheld) {
  const auto at = bundle.find(kEntries);
  if (clearance.is_full() || at == std::string::npos) return bundle;
  const auto from = at + kEntries.size();
  std::string kept;
  std::set<std::string, std::less<>> gone;
  std::size_t left_out = 0;
  std::string_view rest = std::string_view(bundle).substr(from);
  while (!rest.empty() && rest.front() != ']') {
    const auto entry = rest.substr(0, value_size(rest));
    if (clearance.lets_pass(entry)) {
      kept.append(kept.empty() ? "" : ",").append(entry);
    } else {
      ++left_out;
      gone.emplace(full_url_of(entry));
    }
    rest.remove_prefix(entry.size());
    if (!rest.empty() && rest.front() == ',') rest.remove_prefix(1);
  }
  withheld += left_out;
  if (left_out == 0) return bundle;
  if (kept.empty()) return {};
  std::string result = bundle.substr(0, from);
  result += mask_references(kept, [&](std::string_view target) { return gone.contains(target); });
  return result.append(rest);
}

}  // namespace lienthong::delivery
