#include "fhir-model/document/text_arena.h"

#include <algorithm>
#include <cstring>

namespace fhir {
namespace {

constexpr std::size_t kChunk = 16384;
constexpr std::size_t kBehind = 8;

}  // namespace

char* TextArena::allocate(std::size_t size) {
  while (current_ < chunks_.size() && chunks_[current_].size - used_ < size + kBehind) {
    ++current_;
    used_ = 0;
  }
  if (current_ == chunks_.size()) {
    const std::size_t bytes = std::max(kChunk, size + kBehind);
    chunks_.push_back({std::make_unique<char[]>(bytes), bytes});
  }
  char* start = chunks_[current_].bytes.get() + used_;
  used_ += size + kBehind;
  std::memset(start + size, 0, kBehind);
  return start;
}

void TextArena::trim(char* start, std::size_t used) {
  std::memset(start + used, 0, kBehind);
  used_ = static_cast<std::size_t>(start - chunks_[current_].bytes.get()) + used + kBehind;
}

void TextArena::clear() {
  current_ = 0;
  used_ = 0;
}

void TextArena::shrink(std::size_t bytes) {
  while (!chunks_.empty() && memory() > bytes) chunks_.pop_back();
  clear();
}

std::size_t TextArena::memory() const {
  std::size_t sum = 0;
  for (const Chunk& chunk : chunks_) sum += chunk.size;
  return sum;
}

}  // namespace fhir
