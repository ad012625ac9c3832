#pragma once
// The message each io thread has in hand, in a memory-mapped file that outlives a crash of the program.
// Source: docs/architecture.md rule 5, semantics.md rule 22. A crash of the machine need not be survived: it
// is no message's fault.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/journal/message_record.h"

namespace lienthong::journal {

struct InHand {
  SourceId source;
  ContentHash hash;
  std::uint64_t size = 0;  // of the whole message
  std::string bytes;       // its head if it was longer than a slot (bytes.size() < size) or the disk was full
};

// note() and clear(): one thread a slot. Under 1 µs for 1 KB.
class InHandSlots {
 public:
  static constexpr std::size_t kSlotBytes = std::size_t{1} << 20;

  // Opens or creates the file with `slots` slots and reads what a crash left (see recovered()).
  // One process at a time (the Store's lock sees to it). Fault (LT-1304).
  static Result<std::unique_ptr<InHandSlots>> open(const std::string& path, std::size_t slots);
  ~InHandSlots();
  InHandSlots(const InHandSlots&) = delete;
  InHandSlots& operator=(const InHandSlots&) = delete;

  // Before the message is opened.
  void note(std::size_t slot, SourceId source, ContentHash hash, std::string_view bytes) noexcept;
  // Work on a large message gets on: whoever watches for one that hangs counts anew.
  void advance(std::size_t slot) noexcept { turns_[slot].fetch_add(2, std::memory_order_relaxed); }
  // When it is done with, whatever came of it.
  void clear(std::size_t slot) noexcept;

  // What stood in the file at open(). It stays in the file until acknowledge_recovered(), so a crash before
  // it is noted durably loses nothing.
  const std::vector<InHand>& recovered() const noexcept { return recovered_; }
  // The caller has counted the recovered ones in the journal, durably; before the first note().
  void acknowledge_recovered() noexcept;

  std::size_t slots() const noexcept { return slots_; }

  // Changes with every note() and clear(); odd while something is in hand. Any thread.
  std::uint64_t turn(std::size_t slot) const noexcept { return turns_[slot].load(std::memory_order_relaxed); }

 private:
  InHandSlots(int file, char* map, std::size_t slots);
  void recover();
  char* slot_at(std::size_t slot) const noexcept;

  int file_;
  char* map_;
  std::size_t slots_;
  std::vector<InHand> recovered_;
  std::vector<std::atomic<std::uint64_t>> turns_;
};

}  // namespace lienthong::journal
