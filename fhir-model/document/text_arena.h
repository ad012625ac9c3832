#pragma once
// Memory for texts that do not stand in the source as they are.

#include <cstddef>
#include <memory>
#include <vector>

namespace fhir {

// Hands out bytes that stay where they are until clear(), which keeps the memory for reuse. One thread.
class TextArena {
 public:
  // `size` bytes with 8 more readable (zero) behind them.
  char* allocate(std::size_t size);
  // Gives back the unused end of the newest allocation: only `used` bytes of it are kept, zero bytes behind
  // them.
  void trim(char* start, std::size_t used);
  void clear();
  // Frees memory beyond `bytes`; only directly after clear().
  void shrink(std::size_t bytes);
  std::size_t memory() const;

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;  // chunk in use
  std::size_t used_ = 0;     // of it
};

}  // namespace fhir
