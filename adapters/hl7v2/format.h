#pragma once
// HL7 v2 as an adapter: the instance, with its options.

#include <span>
#include <string_view>

#include "adapters/hl7v2/framing.h"
#include "adapters/hl7v2/record.h"
#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

class Format {
 public:
  static constexpr std::string_view kName = "hl7v2";
  static constexpr std::string_view kVersion = "0.1.0";
  static constexpr std::string_view kDescription = "HL7 v2.1 to v2.9, encoding rules with delimiters (ER7)";
  using Stream = hl7v2::Stream;
  using Record = hl7v2::Record;

  // Options: default_version (what an empty MSH-12 means), max_segments, max_fields.
  lt_status set(sdk::Host host, std::string_view name, std::string_view value) noexcept;
  lt_status frame(Stream& stream, sdk::Host host, std::string_view bytes, bool end_of_input,
                  std::size_t& consumed, std::string_view& message) const noexcept {
    return stream.frame(host, bytes, end_of_input, consumed, message);
  }
  lt_status open(const Stream* stream, sdk::Host host, std::string_view message, Record*& out) const noexcept;
  lt_status resolve(sdk::Host host, lt_path context, std::string_view path, lt_path& out,
                    lt_text& nearest) const noexcept {
    return resolve_path(host, context, path, out, nearest);
  }
  lt_status plan(sdk::Host host, lt_path context, std::span<const lt_path> paths, void*& out) const noexcept;
  lt_status acknowledge(sdk::Host host, const lt_answer_request& request, lt_text& answer) const noexcept;

 private:
  std::uint32_t open_headers(const Stream& stream, sdk::Host host, Record& record) const noexcept;

  static constexpr std::size_t kLongestVersion = 15;
  Limits limits_;
  char version_[kLongestVersion + 1] = "2.5.1";
  std::size_t version_size_ = 5;
};

}  // namespace lienthong::hl7v2
