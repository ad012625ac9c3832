#pragma once
// Semantics 18, resource by resource: which stored resources a destination may not have, and what the others
// may still say of them.

#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/base/result.h"
#include "gateway/delivery/clearance.h"
#include "gateway/repository/repository.h"

namespace lienthong::delivery {

// For one look at the store: remembers what it has read. One thread; all references outlive it.
class Withholding {
 public:
  Withholding(const repository::Repository& repository, store::Connection& connection,
              const Clearance& clearance)
      : repository_(repository), connection_(connection), clearance_(clearance) {}

  // Whether the resource, or the Patient it belongs to, is labelled beyond the clearance. A deleted resource
  // is judged by the version before its deletion: that there was one is not told either.
  Result<bool> withholds(const repository::StoredVersion& version);
  // The JSON with references to such resources masked.
  Result<std::string> masked(const std::string& json);

 private:
  Result<bool> is_labelled(ResourceRow row);
  Result<bool> judge(const repository::StoredVersion& version);
  Result<bool> hides(std::string_view reference);

  const repository::Repository& repository_;
  store::Connection& connection_;
  const Clearance& clearance_;
  std::unordered_map<std::int64_t, bool> rows_;
  std::unordered_map<std::string, bool> references_;
};

}  // namespace lienthong::delivery
