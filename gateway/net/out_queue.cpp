#include "gateway/net/out_queue.h"

namespace lienthong::net {

void OutQueue::append(std::string_view bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  const bool gather = !pieces_.empty() && !pieces_.back().shared && pieces_.back().owned.size() < kGathered;
  if (!gather) pieces_.emplace_back();
  pieces_.back().owned.append(bytes);
}

void OutQueue::append(std::string&& bytes) {
  if (bytes.size() <= kCopied) return append(std::string_view(bytes));
  if (empty()) pieces_.clear();
  size_ += bytes.size();
  pieces_.push_back({std::move(bytes), nullptr});
}

void OutQueue::append(std::shared_ptr<const std::string> bytes) {
  if (bytes->size() <= kCopied) return append(std::string_view(*bytes));
  if (empty()) pieces_.clear();
  size_ += bytes->size();
  pieces_.push_back({{}, std::move(bytes)});
}

std::size_t OutQueue::front(std::string_view* pieces, std::size_t count) const noexcept {
  std::size_t n = 0;
  for (std::size_t i = first_; i < pieces_.size() && n < count; ++i, ++n) {
    pieces[n] = pieces_[i].view();
    if (i == first_) pieces[n].remove_prefix(offset_);
  }
  return n;
}

void OutQueue::consume(std::size_t bytes) {
  size_ -= bytes;
  if (size_ == 0) return clear();
  offset_ += bytes;
  while (offset_ >= pieces_[first_].view().size()) {
    offset_ -= pieces_[first_].view().size();
    pieces_[first_++] = {};
  }
  if (first_ >= 32 && first_ * 2 >= pieces_.size()) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void OutQueue::clear() noexcept {
  first_ = offset_ = size_ = 0;
  const bool small = pieces_.size() == 1 && !pieces_[0].shared && pieces_[0].owned.capacity() <= kKept;
  if (small) return pieces_[0].owned.clear();
  std::vector<Piece>().swap(pieces_);
}

}  // namespace lienthong::net
