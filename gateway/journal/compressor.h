#pragma once
// Compression of raw messages, on the caller's thread (never the writer's). 1 KB with a dictionary: about 1
// µs.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/journal/dictionary.h"
#include "gateway/journal/message_record.h"

namespace lienthong::journal {

// One thread each (keep one a thread: its scratch memory is reused).
class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  // `out` is overwritten with the compressed frame, which the result views. `dictionary` may be nullptr.
  // Fault (LT-1306).
  Result<CompressedRaw> compress(std::string_view raw, const Dictionary* dictionary, std::string& out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The inverse. Checks size and checksum. `dictionary` must be the one it was compressed with. Fault
// (LT-1303). Any thread.
Result<std::string> decompress(const CompressedRaw& raw, const Dictionary* dictionary);

}  // namespace lienthong::journal
