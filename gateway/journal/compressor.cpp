#include "gateway/journal/compressor.h"

#include <zstd.h>

#include "gateway/journal/compression_level.h"
#include "gateway/journal/error_numbers.h"

namespace lienthong::journal {
namespace {

constexpr std::uint64_t kLargestRaw = std::uint64_t{1} << 30;

Failure damaged() {
  return fail(Category::Fault, kRawDamaged, "Kept bytes of a message are damaged: they do not decompress.");
}

struct FreeDecompression {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

ZSTD_DCtx* decompression_context() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompression> context(ZSTD_createDCtx());
  return context.get();
}

}  // namespace

struct Compressor::Context {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
};

Compressor::Compressor() : context_(std::make_unique<Context>()) {
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_compressionLevel, kCompressionLevel);
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_checksumFlag, 1);  // SQLite has none of its own
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_dictIDFlag, 0);    // the row names the dictionary
}

Compressor::~Compressor() {
  ZSTD_freeCCtx(context_->zstd);
}

Result<CompressedRaw> Compressor::compress(std::string_view raw, const Dictionary* dictionary,
                                           std::string& out) {
  const auto* digested =
      dictionary == nullptr ? nullptr : static_cast<const ZSTD_CDict*>(dictionary->for_compression());
  ZSTD_CCtx_refCDict(context_->zstd, digested);
  out.resize(ZSTD_compressBound(raw.size()));
  const std::size_t size = ZSTD_compress2(context_->zstd, out.data(), out.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) {
    return fail(Category::Fault, kCompression,
                std::string("Compressing a message failed: ") + ZSTD_getErrorName(size));
  }
  out.resize(size);
  return CompressedRaw{out, dictionary == nullptr ? DictionaryId{0} : dictionary->id(), raw.size()};
}

Result<std::string> decompress(const CompressedRaw& raw, const Dictionary* dictionary) {
  const unsigned long long size = ZSTD_getFrameContentSize(raw.bytes.data(), raw.bytes.size());
  if (size != raw.raw_size || size > kLargestRaw) return damaged();
  std::string out(raw.raw_size, '\0');
  ZSTD_DCtx* context = decompression_context();
  const auto* digested =
      dictionary == nullptr ? nullptr : static_cast<const ZSTD_DDict*>(dictionary->for_decompression());
  const std::size_t done = ZSTD_decompress_usingDDict(context, out.data(), out.size(), raw.bytes.data(),
                                                      raw.bytes.size(), digested);
  if (ZSTD_isError(done) != 0 || done != out.size()) return damaged();
  return out;
}

}  // namespace lienthong::journal
