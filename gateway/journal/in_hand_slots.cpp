#include "gateway/journal/in_hand_slots.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "gateway/journal/error_numbers.h"

namespace lienthong::journal {
namespace {

// At the start of each slot; the bytes follow at kHead.
struct SlotHead {
  std::uint32_t magic;
  std::uint32_t in_hand;  // 1 while a message is in hand
  std::uint64_t hash;
  std::uint64_t size;  // of the message
  std::uint64_t kept;  // of its bytes, here
  std::uint32_t source;
};

constexpr std::uint32_t kMagic = 0x4c54'4831;  // "LTH1": another layout is not read
constexpr std::size_t kHead = 4096;
constexpr std::size_t kStride = kHead + InHandSlots::kSlotBytes;
// Only this much is written through the map: its blocks are reserved, for on a full disk a store into a hole
// of a mapped file is a bus error. The rest of a long message goes by pwrite, which can fail politely.
constexpr std::size_t kReserved = std::size_t{64} << 10;

SlotHead& head_of(char* slot) {
  return *reinterpret_cast<SlotHead*>(slot);
}

Failure slots_problem(const std::string& what, const std::string& path, int error) {
  return fail(Category::Fault, kSlotsFile,
              what + " the file of messages in hand, " + path +
                  ", failed: " + std::generic_category().message(error) + ".");
}

Result<std::size_t> slots_in(int file, const std::string& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return slots_problem("Reading", path, errno);
  return static_cast<std::size_t>(status.st_size) / kStride;
}

int reserve(int file, std::size_t slots) {
  if (::ftruncate(file, static_cast<off_t>(slots * kStride)) != 0) return errno;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const int error = ::posix_fallocate(file, static_cast<off_t>(slot * kStride), kHead + kReserved);
    if (error != 0) return error;
  }
  return 0;
}

}  // namespace

Result<std::unique_ptr<InHandSlots>> InHandSlots::open(const std::string& path, std::size_t slots) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return slots_problem("Opening", path, errno);
  const Result<std::size_t> there = slots_in(file, path);
  const std::size_t all =
      std::max(slots, there.value_or(0));  // fewer io threads than before: read all of the old
  const int error = there ? reserve(file, all) : 0;
  if (!there || error != 0) {
    ::close(file);
    return there ? Result<std::unique_ptr<InHandSlots>>(slots_problem("Reserving", path, error))
                 : forward(there);
  }
  void* map = ::mmap(nullptr, all * kStride, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) {
    const int why = errno;
    ::close(file);
    return slots_problem("Mapping", path, why);
  }
  std::unique_ptr<InHandSlots> opened(new InHandSlots(file, static_cast<char*>(map), all));
  opened->recover();
  return opened;
}

InHandSlots::InHandSlots(int file, char* map, std::size_t slots)
    : file_(file), map_(map), slots_(slots), turns_(slots) {}

InHandSlots::~InHandSlots() {
  ::munmap(map_, slots_ * kStride);
  ::close(file_);
}

char* InHandSlots::slot_at(std::size_t slot) const noexcept {
  return map_ + slot * kStride;
}

void InHandSlots::recover() {
  for (std::size_t slot = 0; slot < slots_; ++slot) {
    const SlotHead& head = head_of(slot_at(slot));
    if (head.magic != kMagic || head.in_hand != 1) continue;
    InHand found{SourceId{head.source}, ContentHash{head.hash}, head.size, {}};
    found.bytes.resize(std::min<std::size_t>(head.kept, kSlotBytes));
    const auto offset = static_cast<off_t>(slot * kStride + kHead);
    const ssize_t got = ::pread(file_, found.bytes.data(), found.bytes.size(), offset);
    found.bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    recovered_.push_back(std::move(found));
  }
}

void InHandSlots::acknowledge_recovered() noexcept {
  for (std::size_t slot = 0; slot < slots_; ++slot) clear(slot);
}

void InHandSlots::note(std::size_t slot, SourceId source, ContentHash hash, std::string_view bytes) noexcept {
  char* const start = slot_at(slot);
  SlotHead& head = head_of(start);
  head.magic = kMagic;
  head.source = source.value;
  head.hash = hash.value;
  head.size = bytes.size();
  head.kept = std::min(bytes.size(), kReserved);
  std::memcpy(start + kHead, bytes.data(), head.kept);
  if (bytes.size() > kReserved) {
    const std::string_view rest = bytes.substr(kReserved, kSlotBytes - kReserved);
    const auto offset = static_cast<off_t>(slot * kStride + kHead + kReserved);
    const ssize_t written = ::pwrite(file_, rest.data(), rest.size(), offset);
    if (written > 0) head.kept += static_cast<std::size_t>(written);
  }
  const auto turn = turns_[slot].load(std::memory_order_relaxed);
  turns_[slot].store(turn % 2 == 0 ? turn + 1 : turn + 2, std::memory_order_relaxed);
  // The mark comes last: whoever finds it finds the rest.
  std::atomic_ref(head.in_hand).store(1, std::memory_order_release);
}

void InHandSlots::clear(std::size_t slot) noexcept {
  const auto turn = turns_[slot].load(std::memory_order_relaxed);
  turns_[slot].store(turn + turn % 2, std::memory_order_relaxed);
  std::atomic_ref(head_of(slot_at(slot)).in_hand).store(0, std::memory_order_release);
}

}  // namespace lienthong::journal
