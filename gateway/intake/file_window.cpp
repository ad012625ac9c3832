#include "gateway/intake/file_window.h"

#include <cstring>

#include "gateway/base/bytes.h"

namespace lienthong::intake {

Result<FileWindow::Filled> FileWindow::fill(ByteSupply& supply) {
  const auto held = end_ - begin_;
  if (held > most_bytes_) return Filled::TooLong;
  if (begin_ > 0) std::memmove(bytes_.data(), bytes_.data() + begin_, held);
  begin_ = 0;
  end_ = held;
  if (bytes_.size() < held + kPiece + kPadding) bytes_.resize(held + held / 2 + kPiece + kPadding);
  const auto read = supply.read(bytes_.data() + end_, bytes_.size() - kPadding - end_);
  if (!read) return forward(read);
  at_end_ = *read == 0;
  end_ += *read;
  std::memset(bytes_.data() + end_, 0, kPadding);
  return Filled::Yes;
}

}  // namespace lienthong::intake
