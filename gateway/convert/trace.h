#pragma once
// What explain() needs to know of a conversion: which values were read for which place of the output.

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/sdk/adapter.h"

namespace lienthong::convert {

struct TraceRead {
  std::uint32_t offset = 0, length = 0;  // in the message
  lt_node node = 0;
  lt_path path = 0;
};

struct TraceWrite {
  std::uint32_t output = 0;  // where the value begins in the bundle text
  std::uint32_t instruction = 0;
  std::uint32_t reads_at = 0, read_count = 0;  // in Trace::reads
};

// Filled while a message is converted with tracing on.
struct Trace {
  std::vector<TraceRead> pending;     // read, not yet written
  std::vector<TraceRead> reads;       // of writes
  std::vector<TraceWrite> writes;     // ascending by output
  std::vector<TraceRead> conditions;  // read in conditions and keys

  void clear() noexcept {
    pending.clear();
    reads.clear();
    writes.clear();
    conditions.clear();
  }
  void cut(std::uint32_t output) noexcept {
    while (!writes.empty() && writes.back().output >= output) writes.pop_back();
  }
};

}  // namespace lienthong::convert
