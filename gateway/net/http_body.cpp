#include "gateway/net/http_body.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "gateway/base/bytes.h"

namespace lienthong::net {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{16} << 10;

// A file that has no name, so that nothing is left behind whatever happens.
UniqueFd nameless_file(std::string_view folder) {
  const std::string path(folder);
  UniqueFd fd(::open(path.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd) return fd;
  std::string name = path + "/lienthong-body-XXXXXX";  // a file system without O_TMPFILE
  UniqueFd named(::mkostemp(name.data(), O_CLOEXEC));
  if (named) ::unlink(name.c_str());
  return named;
}

class HeapBody {
 public:
  HeapBody(std::unique_ptr<char[]> bytes, ByteLease lease) noexcept
      : bytes_(std::move(bytes)), lease_(std::move(lease)) {}

 private:
  std::unique_ptr<char[]> bytes_;
  ByteLease lease_;
};

class MappedBody {
 public:
  MappedBody(void* at, std::size_t size, ByteLease lease) noexcept
      : at_(at), size_(size), lease_(std::move(lease)) {}
  ~MappedBody() { ::munmap(at_, size_); }
  MappedBody(const MappedBody&) = delete;
  MappedBody& operator=(const MappedBody&) = delete;

 private:
  void* at_;
  std::size_t size_;
  ByteLease lease_;
};

}  // namespace

BodyState BodySink::append(std::string_view bytes, std::size_t promised) {
  if (state_ != BodyState::Good) return state_;
  if (bytes.size() > limits_.total - size_) {
    state_ = BodyState::TooLong;
  } else if (file_ || size_ + bytes.size() > limits_.memory) {
    state_ = spool(bytes);
  } else {
    state_ = keep(bytes, promised);
  }
  if (state_ == BodyState::Good) size_ += bytes.size();
  return state_;
}

BodyState BodySink::keep(std::string_view bytes, std::size_t promised) {
  const std::size_t needed = size_ + bytes.size();
  if (needed > capacity_) {
    std::size_t grown = std::max({needed, capacity_ * 2, std::min(promised, kFirstCapacity)});
    if (promised >= needed && grown > promised) grown = promised;
    if (!lease_.grow_to(grown)) return BodyState::NoBudget;
    auto larger = std::make_unique_for_overwrite<char[]>(grown + kPadding);
    if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_);
    memory_ = std::move(larger);
    capacity_ = grown;
  }
  std::memcpy(memory_.get() + size_, bytes.data(), bytes.size());
  return BodyState::Good;
}

BodyState BodySink::spool(std::string_view bytes) {
  if (!lease_.grow_to(size_ + bytes.size())) return BodyState::NoBudget;
  if (!file_) {
    file_ = nameless_file(limits_.spool_folder);
    if (!file_ || !write_file({memory_.get(), size_})) return BodyState::DiskFailed;
    memory_.reset();
    capacity_ = 0;
  }
  return write_file(bytes) ? BodyState::Good : BodyState::DiskFailed;
}

bool BodySink::write_file(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

FinishedBody BodySink::finish() {
  if (size_ == 0) return {};
  if (!file_) {
    const char* bytes = memory_.get();
    std::memset(memory_.get() + size_, 0, kPadding);
    return {std::make_shared<const HeapBody>(std::move(memory_), std::move(lease_)), {bytes, size_}};
  }
  static constexpr std::array<char, kPadding> kZeros{};
  if (!write_file({kZeros.data(), kZeros.size()})) {
    state_ = BodyState::DiskFailed;
    return {};
  }
  const std::size_t mapped = size_ + kPadding;
  void* at = ::mmap(nullptr, mapped, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file_.get(), 0);
  if (at == MAP_FAILED) {
    state_ = BodyState::DiskFailed;
    return {};
  }
  file_ = UniqueFd();
  return {std::make_shared<const MappedBody>(at, mapped, std::move(lease_)),
          {static_cast<const char*>(at), size_}};
}

}  // namespace lienthong::net
