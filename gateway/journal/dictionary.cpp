#include "gateway/journal/dictionary.h"

#include <zstd.h>

#include "gateway/journal/compression_level.h"

namespace lienthong::journal {

struct Dictionary::Digested {
  ZSTD_CDict* compression;
  ZSTD_DDict* decompression;
};

Dictionary::Dictionary(DictionaryId id, std::string_view bytes)
    : id_(id),
      digested_(
          std::make_unique<Digested>(Digested{ZSTD_createCDict(bytes.data(), bytes.size(), kCompressionLevel),
                                              ZSTD_createDDict(bytes.data(), bytes.size())})) {}

Dictionary::~Dictionary() {
  ZSTD_freeCDict(digested_->compression);
  ZSTD_freeDDict(digested_->decompression);
}

const void* Dictionary::for_compression() const noexcept {
  return digested_->compression;
}
const void* Dictionary::for_decompression() const noexcept {
  return digested_->decompression;
}

}  // namespace lienthong::journal
