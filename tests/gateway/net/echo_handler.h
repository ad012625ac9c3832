#pragma once
// An MLLP receiver for tests: acknowledges each frame with its own bytes.

#include <atomic>
#include <memory>
#include <string>

#include "gateway/net/mllp_framer.h"
#include "gateway/net/stream.h"

namespace lienthong::net::testing {

struct EchoCounts {
  std::atomic<int> opened{0};
  std::atomic<int> closed{0};
  std::atomic<int> frames{0};
  std::atomic<int> by_peer{0};
  std::atomic<int> timed_out{0};
  std::atomic<int> stopped{0};
};

class EchoHandler final : public StreamHandler {
 public:
  explicit EchoHandler(EchoCounts& counts) : counts_(counts) {}

  void on_open(std::shared_ptr<Stream> stream) override {
    stream_ = std::move(stream);
    ++counts_.opened;
  }

  void on_bytes(std::string_view bytes) override {
    framer_.feed(bytes);
    for (MllpItem item = framer_.next(); item.kind != MllpItem::Kind::NeedMore; item = framer_.next()) {
      if (item.kind != MllpItem::Kind::Frame) return stream_->close_after_write();
      ++counts_.frames;
      out_.clear();
      append_mllp_frame(out_, item.bytes);
      stream_->write(out_);
    }
    if (draining_ && !framer_.in_frame()) return stream_->close_after_write();
    if (stream_->unsent() > kMuch) stream_->pause_reading();
  }

  void on_writable() override { stream_->resume_reading(); }
  void on_drain() override {
    draining_ = true;
    if (framer_.in_frame()) return;
    stream_->unsent() == 0 ? stream_->close() : stream_->close_after_write();
  }

  void on_closed(CloseReason reason, const Error*) override {
    stream_.reset();
    counts_.by_peer += reason == CloseReason::ByPeer ? 1 : 0;
    counts_.timed_out += reason == CloseReason::TimedOut ? 1 : 0;
    counts_.stopped += reason == CloseReason::Stopped ? 1 : 0;
    ++counts_.closed;
  }

 private:
  static constexpr std::size_t kMuch = std::size_t{256} << 10;
  EchoCounts& counts_;
  std::shared_ptr<Stream> stream_;
  MllpFramer framer_;
  std::string out_;
  bool draining_ = false;
};

inline auto echo_factory(EchoCounts& counts) {
  return [&counts](const Peer&) { return std::make_shared<EchoHandler>(counts); };
}

}  // namespace lienthong::net::testing
