#include "gateway/delivery/withholding.h"

#include "gateway/delivery/reference_mask.h"
#include "gateway/repository/error_numbers.h"

namespace lienthong::delivery {

Result<bool> Withholding::withholds(const repository::StoredVersion& version) {
  if (clearance_.is_full()) return false;
  auto own = judge(version);
  if (!own || *own || version.lane.value == 0 || version.lane == version.row) return own;
  return is_labelled(version.lane);
}

// Of a Patient that is not stored (yet) nothing is known.
Result<bool> Withholding::is_labelled(ResourceRow row) {
  if (const auto known = rows_.find(row.value); known != rows_.end()) return known->second;
  auto version = repository_.read_row(connection_, row);
  if (!version && version.error().category == Category::NotFound) return false;
  if (!version) return forward(version);
  return judge(*version);
}

Result<bool> Withholding::judge(const repository::StoredVersion& version) {
  if (const auto known = rows_.find(version.row.value); known != rows_.end()) return known->second;
  std::string before;
  for (auto number = version.version; version.deleted && before.empty() && number > 1;) {
    auto earlier = repository_.read_row_version(connection_, version.row, --number);
    if (!earlier && earlier.error().category == Category::NotFound) break;
    if (!earlier) return forward(earlier);
    before = std::move(earlier->json);
  }
  const bool passes = clearance_.lets_pass(version.deleted ? before : version.json);
  return rows_.emplace(version.row.value, !passes).first->second;
}

Result<std::string> Withholding::masked(const std::string& json) {
  if (clearance_.is_full()) return json;
  Error error;
  auto result = mask_references(json, [&](std::string_view reference) {
    auto hidden = hides(reference);
    if (!hidden) error = hidden.error();
    return !hidden || *hidden;
  });
  if (error.number != 0) return Failure(std::move(error));
  return result;
}

// A target that was deleted is hidden, too: what it was is not known here, and a reference to it leads
// nowhere.
Result<bool> Withholding::hides(std::string_view reference) {
  if (reference.find('\\') != std::string_view::npos) return true;  // not to be read without a JSON parser
  const auto slash = reference.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string type(reference.substr(0, slash));
  auto id = reference.substr(slash + 1);
  id = id.substr(0, id.find('/'));
  const std::string key = type + "/" + std::string(id);
  if (const auto known = references_.find(key); known != references_.end()) return known->second;
  auto target = repository_.read(connection_, type, id);
  bool hidden = false;
  if (target) {
    auto judged = withholds(*target);
    if (!judged) return forward(judged);
    hidden = *judged;
  } else if (target.error().category != Category::NotFound) {
    return forward(target);
  } else {
    hidden = target.error().number == repository::kGone;
  }
  return references_.emplace(key, hidden).first->second;
}

}  // namespace lienthong::delivery
