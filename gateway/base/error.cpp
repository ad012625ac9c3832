#include "gateway/base/error.h"

#include <array>

namespace lienthong {

const CategoryMeaning& meaning_of(Category category) noexcept {
  static constexpr std::array<CategoryMeaning, 9> kMeanings = {{
      {"incorrect", 400, "invalid", "AE", false},
      {"not-found", 404, "not-found", "AE", false},
      {"conflict", 409, "conflict", "AE", false},
      {"forbidden", 403, "forbidden", "AR", false},
      {"unsupported", 422, "not-supported", "AR", false},
      {"busy", 503, "throttled", "AR", true},
      {"unavailable", 503, "transient", "AR", true},
      {"interrupted", 503, "timeout", "AR", true},
      {"fault", 500, "exception", "AR", true},
  }};
  return kMeanings[static_cast<std::size_t>(category)];
}

std::string to_string(const Error& error) {
  return "LT-" + std::to_string(error.number) + ": " + error.text;
}

}  // namespace lienthong
