#pragma once
// The insurance XML as an adapter: the instance, with its options.

#include <span>
#include <string_view>

#include "adapters/bhyt/framing.h"
#include "adapters/bhyt/path.h"
#include "adapters/bhyt/record.h"
#include "adapters/sdk/host.h"

namespace lienthong::bhyt {

class Format {
 public:
  static constexpr std::string_view kName = "bhyt";
  static constexpr std::string_view kVersion = "0.1.0";
  static constexpr std::string_view kDescription =
      "Vietnam's health insurance XML: decisions QĐ 4210, 130, 4750 and 3176";
  using Stream = bhyt::Stream;
  using Record = bhyt::Record;

  // Options: generation (auto, 4210, 130, 4750, 3176), max_dossier (bytes), max_rows (of one table).
  lt_status set(sdk::Host host, std::string_view name, std::string_view value) noexcept;
  lt_status frame(Stream& stream, sdk::Host host, std::string_view bytes, bool end_of_input,
                  std::size_t& consumed, std::string_view& message) const noexcept {
    return stream.frame(host, limits_.dossier, bytes, end_of_input, consumed, message);
  }
  lt_status open(const Stream* stream, sdk::Host host, std::string_view message, Record*& out) const noexcept;
  lt_status resolve(sdk::Host host, lt_path context, std::string_view path, lt_path& out,
                    lt_text& nearest) const noexcept {
    return resolve_path(host, context, path, out, nearest);
  }
  // Semantics 15: whether what a file does not list may be taken as removed is known at its end.
  lt_status foresee(Stream& stream, const Stream& whole, bool is_clean) const noexcept {
    stream.foresee(whole, is_clean);
    return LT_OK;
  }
  // The header of the file, so that a dossier kept alone still says whose and of which day it is, and that
  // its file was whole.
  lt_status preamble(const Stream& stream, sdk::Host host, lt_text& bytes) const noexcept;

 private:
  Limits limits_;
  Generation generation_ = Generation::Unknown;
};

}  // namespace lienthong::bhyt
