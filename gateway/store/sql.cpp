#include "gateway/store/sql.h"

#include <atomic>

namespace lienthong::store {
namespace {

std::size_t next_index() noexcept {
  static std::atomic<std::size_t> next{0};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

Sql::Sql(const char* text) noexcept : text_(text), index_(next_index()) {}

}  // namespace lienthong::store
