#pragma once
// Internal to net: a body as it comes: in memory, from memory_limit on in a file without a name, mapped at
// the end.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/net/byte_budget.h"
#include "gateway/net/unique_fd.h"

namespace lienthong::net {

enum class BodyState : std::uint8_t { Good, TooLong, NoBudget, DiskFailed };

struct BodyLimits {
  std::size_t total = 0;   // more is TooLong
  std::size_t memory = 0;  // more goes to a file
  std::string_view spool_folder;
  ByteBudget* budget = nullptr;
};

// A finished body: `bytes` is followed by kPadding zero bytes and lives as long as `owner`.
struct FinishedBody {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

class BodySink {
 public:
  explicit BodySink(BodyLimits limits) noexcept : limits_(limits), lease_(limits.budget) {}

  // Grows with what was received, not with what was promised; `promised` (Content-Length, 0 = unknown) only
  // rounds the growth so that it ends there.
  BodyState append(std::string_view bytes, std::size_t promised);
  std::size_t size() const noexcept { return size_; }
  BodyState state() const noexcept { return state_; }
  // Moves the body out. DiskFailed in state() if the file could not be mapped.
  FinishedBody finish();

 private:
  BodyState keep(std::string_view bytes, std::size_t promised);
  BodyState spool(std::string_view bytes);
  bool write_file(std::string_view bytes);

  BodyLimits limits_;
  ByteLease lease_;
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  UniqueFd file_;
  BodyState state_ = BodyState::Good;
};

}  // namespace lienthong::net
