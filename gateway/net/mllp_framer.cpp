#include "gateway/net/mllp_framer.h"

#include <algorithm>
#include <utility>

namespace lienthong::net {
namespace {

constexpr std::size_t kKeptCapacity = std::size_t{64}
                                      << 10;  // what a connection may keep between large frames

// Where a message begins again behind a frame that was never ended: VT is no character of an HL7 text, but
// only VT before a header segment is sure to be a new start. Returns its offset, or npos.
std::size_t restart_in(std::string_view content) noexcept {
  if (content.find(kMllpStart) == std::string_view::npos)
    return std::string_view::npos;  // memchr; rfind is slow
  std::size_t at = content.rfind(kMllpStart);
  while (at != std::string_view::npos) {
    const std::string_view head = content.substr(at + 1, 3);
    if (head == "MSH" || head == "FHS" || head == "BHS") return at;
    if (at == 0) break;
    at = content.rfind(kMllpStart, at - 1);
  }
  return std::string_view::npos;
}

}  // namespace

MllpItem MllpFramer::next() {
  if (restarted_.data() != nullptr) {
    return {MllpItem::Kind::Frame, std::exchange(restarted_, {}), 0};
  }
  if (emitted_partial_) drop_partial();
  while (!input_.empty()) {
    MllpItem item;
    if (state_ == State::Between) item = between();
    if (state_ == State::Frame && item.kind == MllpItem::Kind::NeedMore && !input_.empty()) item = frame();
    if (state_ == State::Skip && item.kind == MllpItem::Kind::NeedMore) item = skip();
    if (item.kind != MllpItem::Kind::NeedMore) return item;
  }
  return {};
}

// Skips to the next VT. CR and LF are the usual end of the frame before and are not counted.
MllpItem MllpFramer::between() {
  const std::size_t start = std::min(input_.find(kMllpStart), input_.size());
  const std::string_view before = input_.substr(0, start);
  junk_ += static_cast<std::size_t>(
      std::count_if(before.begin(), before.end(), [](char c) { return c != '\r' && c != '\n'; }));
  const bool too_much = !said_not_mllp_ && junk_ > limits_.junk;
  if (start < input_.size()) {
    input_.remove_prefix(start + 1);
    state_ = State::Frame;
    pending_junk_ = std::exchange(junk_, 0);
  } else {
    input_ = {};
  }
  if (!too_much) return {};
  said_not_mllp_ = true;
  return {MllpItem::Kind::NotMllp, {}, limits_.junk + 1};
}

MllpItem MllpFramer::frame() {
  const std::size_t end = std::min(input_.find(kMllpEnd), input_.size());
  if (partial_.size() + end > limits_.frame) return too_long(end);
  const bool complete_now = end < input_.size();
  std::string_view content = input_.substr(0, end);
  if (!complete_now || !partial_.empty()) {
    partial_.append(content);
    content = partial_;
  }
  input_.remove_prefix(complete_now ? end + 1 : end);
  return complete_now ? complete(content) : MllpItem{};
}

// `end`: how many bytes of the input still belong to the frame.
MllpItem MllpFramer::too_long(std::size_t end) {
  const std::size_t head = std::min(kHead, limits_.frame);  // as much as is there however the bytes are cut
  if (partial_.size() < head) partial_.append(input_.substr(0, std::min(end, head - partial_.size())));
  emitted_partial_ = true;
  state_ = State::Skip;
  return {MllpItem::Kind::TooLong, std::string_view(partial_).substr(0, head), limits_.frame};
}

MllpItem MllpFramer::complete(std::string_view content) {
  state_ = State::Between;
  emitted_partial_ = !partial_.empty();
  const std::size_t restart = restart_in(content);
  if (restart == std::string_view::npos) {
    return {MllpItem::Kind::Frame, content, std::exchange(pending_junk_, 0)};
  }
  pending_junk_ = 0;
  restarted_ = content.substr(restart + 1);
  return {MllpItem::Kind::Truncated, {}, restart};
}

MllpItem MllpFramer::skip() {
  const std::size_t end = input_.find(kMllpEnd);
  if (end == std::string_view::npos) {
    input_ = {};
    return {};
  }
  input_.remove_prefix(end + 1);
  state_ = State::Between;
  return {};
}

MllpItem MllpFramer::finish() noexcept {
  if (emitted_partial_) drop_partial();
  input_ = {};
  if (state_ != State::Frame) return {};
  const std::size_t dropped = partial_.size();
  drop_partial();
  state_ = State::Between;
  return {MllpItem::Kind::Truncated, {}, dropped};
}

void MllpFramer::drop_partial() noexcept {
  emitted_partial_ = false;
  if (partial_.capacity() > kKeptCapacity) {
    std::string().swap(partial_);
  } else {
    partial_.clear();
  }
}

void append_mllp_frame(std::string& out, std::string_view message) {
  out.reserve(out.size() + message.size() + 3);
  out.push_back(kMllpStart);
  out.append(message);
  out.push_back(kMllpEnd);
  out.push_back('\r');
}

}  // namespace lienthong::net
