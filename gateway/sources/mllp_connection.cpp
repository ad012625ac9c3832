#include "gateway/sources/mllp_connection.h"

#include <utility>

namespace lienthong::sources {

MllpConnection::MllpConnection(intake::Taker& taker, std::shared_ptr<MllpCounts> counts,
                               net::MllpLimits limits, std::size_t in_flight)
    : taker_(taker), counts_(std::move(counts)), framer_(limits), in_flight_(in_flight) {}

void MllpConnection::on_open(std::shared_ptr<net::Stream> stream) {
  stream_ = std::move(stream);
}

void MllpConnection::on_bytes(std::string_view bytes) {
  framer_.feed(bytes);
  take_frames();
}

// The framer looks into the bytes of on_bytes, so all frames in them are taken now; the bound on messages in
// flight stops the reading of more. One read brings at most the io thread's buffer, so this overshoots by
// little.
void MllpConnection::take_frames() {
  while (!closing_) {
    const auto item = framer_.next();
    if (item.kind == net::MllpItem::Kind::NeedMore) break;
    if (!take_one(item)) return;
  }
  if (!closing_ && stream_ != nullptr && !paused_ && owed_.size() >= in_flight_) {
    paused_ = true;
    stream_->pause_reading();
  }
}

// Returns false when the connection is to end.
bool MllpConnection::take_one(const net::MllpItem& item) {
  switch (item.kind) {
    case net::MllpItem::Kind::Frame:
      counts_->frames.fetch_add(1, std::memory_order_relaxed);
      taker_.take(stream_->io_thread(), item.bytes, next_owed());
      return !closing_;
    case net::MllpItem::Kind::Truncated:
      counts_->truncated.fetch_add(1, std::memory_order_relaxed);
      return true;
    case net::MllpItem::Kind::TooLong:
      counts_->too_long.fetch_add(1, std::memory_order_relaxed);
      taker_.take_beginning(stream_->io_thread(), item.bytes, next_owed());
      return !closing_;
    case net::MllpItem::Kind::NotMllp:
      counts_->not_mllp.fetch_add(1, std::memory_order_relaxed);
      break;
    case net::MllpItem::Kind::NeedMore:
      return true;
  }
  closing_ = true;
  end_when_idle();
  return false;
}

intake::Completion MllpConnection::next_owed() {
  const auto number = first_owed_ + owed_.size();
  owed_.emplace_back();
  return [self = shared_from_this(), number](intake::Outcome outcome) {
    self->answered(number, std::move(outcome));
  };
}

void MllpConnection::answered(std::uint64_t number, intake::Outcome outcome) {
  if (stream_ == nullptr || number < first_owed_) return;  // the peer has gone
  auto& owed = owed_[static_cast<std::size_t>(number - first_owed_)];
  owed.ready = true;
  owed.busy = outcome.fate == intake::Fate::Busy && outcome.answer.empty();
  owed.answer = std::move(outcome.answer);
  send_ready();
}

void MllpConnection::send_ready() {
  while (!owed_.empty() && owed_.front().ready) {
    auto front = std::move(owed_.front());
    owed_.pop_front();
    ++first_owed_;
    if (front.busy) {
      // Nothing was kept: the sender must not take silence or a later answer for acceptance.
      counts_->busy.fetch_add(1, std::memory_order_relaxed);
      closing_ = true;
      stream_->close_after_write();
      stream_.reset();  // nor an answer to a later message for one to this
      return;
    }
    if (front.answer.empty()) continue;
    frame_.clear();
    net::append_mllp_frame(frame_, front.answer);
    stream_->write(frame_);
  }
  if (closing_) return end_when_idle();
  if (paused_ && owed_.size() < in_flight_) {
    paused_ = false;
    stream_->resume_reading();
  }
}

void MllpConnection::end_when_idle() {
  if (stream_ != nullptr && owed_.empty()) stream_->close_after_write();
}

// A sender may close its side and still wait for the answers to what it sent.
bool MllpConnection::on_end_of_input() {
  closing_ = true;
  count_open_frame();
  return !owed_.empty();
}

void MllpConnection::count_open_frame() {
  if (framer_.finish().kind == net::MllpItem::Kind::Truncated)
    counts_->truncated.fetch_add(1, std::memory_order_relaxed);
}

void MllpConnection::on_drain() {
  closing_ = true;
  end_when_idle();
}

void MllpConnection::on_closed(net::CloseReason, const Error*) {
  count_open_frame();
  closing_ = true;
  stream_.reset();
}

}  // namespace lienthong::sources
