#pragma once
// A zstd dictionary, digested once for compressing and once for decompressing.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/journal/message_record.h"

namespace lienthong::journal {

// Immutable; any thread; shared.
class Dictionary {
 public:
  Dictionary(DictionaryId id, std::string_view bytes);
  ~Dictionary();
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  DictionaryId id() const noexcept { return id_; }

  // For .cpp files of gateway/journal: ZSTD_CDict*, ZSTD_DDict*.
  const void* for_compression() const noexcept;
  const void* for_decompression() const noexcept;

 private:
  struct Digested;
  DictionaryId id_;
  std::unique_ptr<Digested> digested_;
};

}  // namespace lienthong::journal
