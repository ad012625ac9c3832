#pragma once
// CSV, TSV and their kin as an adapter: the instance, with its options (README.md).

#include <memory>
#include <span>
#include <string_view>

#include "adapters/tabular/framing.h"
#include "adapters/tabular/record.h"

namespace lienthong::tabular {

class Format {
 public:
  static constexpr std::string_view kName = "tabular";
  static constexpr std::string_view kVersion = "0.1.0";
  static constexpr std::string_view kDescription = "Tables as text: CSV, TSV, with headings or by position";
  using Stream = tabular::Stream;
  using Record = tabular::Record;

  lt_status create(sdk::Host host, std::span<const lt_option> options) {
    return read_settings(host, options.data(), options.size(), settings_);
  }
  lt_status frame(Stream& stream, sdk::Host host, std::string_view bytes, bool end_of_input,
                  std::size_t& consumed, std::string_view& message) const {
    return stream.frame(settings_, host, bytes, end_of_input, consumed, message);
  }
  // Without a stream the message begins with the file's row of headings, where there is one.
  lt_status open(Stream* stream, sdk::Host host, std::string_view message, Record*& out);
  lt_status resolve(sdk::Host host, lt_path context, std::string_view path, lt_path& out,
                    lt_text& nearest) const;
  lt_status preamble(const Stream& stream, sdk::Host host, lt_text& out) const;

 private:
  lt_status open_alone(sdk::Host host, std::string_view message, Record& record);

  Settings settings_;
  std::unique_ptr<Layout> alone_;  // of the message opened last, when it came without a stream
};

}  // namespace lienthong::tabular
