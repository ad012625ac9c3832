#include "gateway/repository/sqlite/body_codec.h"

#include <zstd.h>

#include <memory>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/generated/dictionary_text.h"
#include "gateway/repository/sqlite/generated/more_dictionary_text.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr int kLevel = 3;
constexpr std::size_t kShort = 48;  // the frame's header would eat what is saved
// What a stored form begins with: bytes as they are, or the number of the dictionary behind which a frame
// stands. No zstd frame begins with either (its magic begins with 0x28), and one without was made with the
// first dictionary.
constexpr char kPlain = 'P', kSecond = '2';

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Dictionaries of plain text: the same bytes for every version of zstd.
std::string_view second_text() {
  static const std::string text = std::string(kMoreDictionaryText).append(kDictionaryText);
  return text;
}

const ZSTD_CDict* compression_dictionary() {
  static const ZSTD_CDict* dictionary = ZSTD_createCDict(second_text().data(), second_text().size(), kLevel);
  return dictionary;
}

const ZSTD_DDict* decompression_dictionary(bool second) {
  static const ZSTD_DDict* first_one = ZSTD_createDDict(kDictionaryText.data(), kDictionaryText.size());
  static const ZSTD_DDict* second_one = ZSTD_createDDict(second_text().data(), second_text().size());
  return second ? second_one : first_one;
}

std::string plain(std::string_view bytes) {
  return std::string(1, kPlain).append(bytes);
}

Failure damaged() {
  return fail(Category::Fault, kDamagedBody, "A stored resource's bytes cannot be unpacked.");
}

}  // namespace

std::string pack(std::string_view bytes) {
  if (bytes.size() < kShort) return plain(bytes);
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  std::string out(ZSTD_compressBound(bytes.size()) + 1, kSecond);
  const std::size_t size = ZSTD_compress_usingCDict(context.get(), out.data() + 1, out.size() - 1,
                                                    bytes.data(), bytes.size(), compression_dictionary());
  if (ZSTD_isError(size) || size > bytes.size()) return plain(bytes);
  out.resize(size + 1);
  return out;
}

Result<std::string> unpack(std::string_view stored) {
  if (stored.empty()) return std::string();
  if (stored[0] == kPlain) return std::string(stored.substr(1));
  const bool second = stored[0] == kSecond;
  if (second) stored.remove_prefix(1);
  const auto size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostUnpacked)
    return damaged();
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  std::string out(size, '\0');
  const std::size_t got = ZSTD_decompress_usingDDict(context.get(), out.data(), out.size(), stored.data(),
                                                     stored.size(), decompression_dictionary(second));
  if (ZSTD_isError(got) || got != size) return damaged();
  return out;
}

}  // namespace lienthong::repository::sqlite
