// Results by service: XML4 names no order, so its rows belong together by service and time of the result, and
// to the first row of XML3 with that service (01 of the decision: nothing else links them).

#include <algorithm>

#include "adapters/bhyt/record.h"

namespace lienthong::bhyt {
namespace {

constexpr std::uint32_t kServices = 3, kResults = 4;

std::uint64_t hash_of(std::string_view a, std::string_view b) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const auto text : {a, b}) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ 0x1F) * 0x100000001b3;
  }
  return hash ^ hash >> 29;
}

// Numbers by name pair; open addressing at most half full, in the host's memory.
class PairIndex {
 public:
  struct Entry {
    std::string_view first, second;
    std::uint32_t number = 0;  // + 1; 0: free
  };
  bool prepare(sdk::Host host, std::uint32_t most) noexcept {
    std::size_t size = 16;
    while (size < std::size_t{most} * 2) size *= 2;
    mask_ = size - 1;
    entries_ = host.allocate<Entry>(size);
    return entries_ != nullptr;
  }
  Entry& at(std::string_view first, std::string_view second) noexcept {
    for (auto slot = hash_of(first, second) & mask_;; slot = (slot + 1) & mask_) {
      Entry& entry = entries_[slot];
      if (entry.number == 0 || (entry.first == first && entry.second == second)) return entry;
    }
  }

 private:
  Entry* entries_ = nullptr;
  std::size_t mask_ = 0;
};

}  // namespace

lt_status Record::group_results(sdk::Host host) noexcept {
  const std::uint32_t results = tables_[kResults].count, services = tables_[kServices].count;
  if (results == 0) return LT_OK;
  PairIndex index, orders;
  groups_ = host.allocate<Group>(results);
  group_rows_ = host.allocate<std::uint32_t>(results);
  auto* group_of = host.allocate<std::uint32_t>(results);
  if (groups_ == nullptr || group_rows_ == nullptr || group_of == nullptr) return LT_LIMIT;
  if (!index.prepare(host, results) || !orders.prepare(host, services)) return LT_LIMIT;
  for (std::uint32_t r = 0; r < services; ++r) {
    const auto service = text_of(host, kServices, r, "MA_DICH_VU");
    auto& entry = orders.at(service, {});
    if (!service.empty() && entry.number == 0) entry = {service, {}, r + 1};
  }
  for (std::uint32_t r = 0; r < results; ++r) {
    const auto service = text_of(host, kResults, r, "MA_DICH_VU");
    auto& entry = index.at(service, text_of(host, kResults, r, "NGAY_KQ"));
    if (entry.number == 0) {
      Group group;
      const auto order = service.empty() ? 0 : orders.at(service, {}).number;
      if (order != 0) group.order = order - 1;
      groups_[group_count_++] = group;
      entry = {service, text_of(host, kResults, r, "NGAY_KQ"), group_count_};
    }
    group_of[r] = entry.number - 1;
    ++groups_[entry.number - 1].count;
  }
  std::uint32_t first = 0;
  for (std::uint32_t g = 0; g < group_count_; ++g) {
    groups_[g].first = first;
    first += groups_[g].count;
    groups_[g].count = 0;
  }
  for (std::uint32_t r = 0; r < results; ++r) {
    Group& group = groups_[group_of[r]];
    group_rows_[group.first + group.count++] = r;
  }
  return LT_OK;
}

}  // namespace lienthong::bhyt
