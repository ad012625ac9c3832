#include "gateway/store/checkpointer.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

constexpr int kReadersWaitMs = 20;  // the writer's slice: no longer may readers hold it up
constexpr int kWriterBusyMs = 1'000;
constexpr std::uint64_t kFewPages = 256;               // copied by the writer itself in about a millisecond
constexpr std::uint64_t kWorthBeginningAgain = 1'024;  // a WAL of 4 MiB

std::uint64_t as_pages(int count) noexcept {
  return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> side, GroupTransaction& writer,
                           std::chrono::milliseconds every, std::function<void(const Error&)> on_failure)
    : side_(std::move(side)),
      writer_(writer),
      on_failure_(std::move(on_failure)),
      ticker_("lt-checkpoint", every, [this] { round(); }, Ticker::First::AfterOneInterval) {}

void Checkpointer::round() {
  if (!failed_ && !hold_back_.exchange(false)) checkpoint();
}

void Checkpointer::checkpoint() {
  if (writer_.wal_pages() == last_pages_) return;  // nothing was committed since
  std::optional<std::uint64_t> left = copy_what_is_committed();
  // While it copied, the writer went on: each round leaves less, unless the writer is the faster one.
  for (std::uint64_t before = left.value_or(0); left && *left > kFewPages && *left < before / 2;) {
    before = *left;
    left = copy_what_is_committed();
  }
  few_are_left_ = left && *left > 0 && *left <= kFewPages && writer_.wal_pages() >= kWorthBeginningAgain;
}

std::optional<std::uint64_t> Checkpointer::copy_what_is_committed() {
  const std::uint64_t pages = writer_.wal_pages();
  int in_wal = 0;
  int copied = 0;
  int code = SQLITE_OK;
  {
    const std::lock_guard work(working_);
    code = sqlite3_wal_checkpoint_v2(side_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
  }
  rounds_.fetch_add(1, std::memory_order_relaxed);
  // A reader may have kept some pages back: then the next round has something to do, commit or not.
  if (code == SQLITE_OK && in_wal == copied) last_pages_ = pages;
  if (code == SQLITE_OK) return writer_.wal_pages() - std::min(writer_.wal_pages(), as_pages(copied));
  const Error error = side_->error_for(code);
  if (error.category == Category::Busy) return std::nullopt;  // also a full disk: the WAL still holds all
  failed_ = true;
  on_failure_(error);
  return std::nullopt;
}

void Checkpointer::begin_wal_again() {
  if (!few_are_left_.load(std::memory_order_relaxed)) return;
  const std::unique_lock work(working_, std::try_to_lock);
  if (!work.owns_lock()) return;
  few_are_left_ = false;
  const int code =
      sqlite3_wal_checkpoint_v2(writer_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK) writer_.note_damage(code);
}

bool Checkpointer::empty_wal(Space space) {
  const std::unique_lock work(working_, std::try_to_lock);
  if (!work.owns_lock()) {
    hold_back_ = true;
    return false;
  }
  sqlite3_busy_timeout(writer_.handle(), kReadersWaitMs);
  const int mode = space == Space::Keep ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_TRUNCATE;
  const int code = sqlite3_wal_checkpoint_v2(writer_.handle(), nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(writer_.handle(), kWriterBusyMs);
  if (code == SQLITE_OK) writer_.set_wal_pages(0);
  if (code != SQLITE_OK) writer_.note_damage(code);
  return code == SQLITE_OK;
}

}  // namespace lienthong::store
