#pragma once
// Cutting a file into messages: a row, or the consecutive rows that have the same values in the columns of
// group_by. The result does not depend on how the bytes arrive.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/tabular/layout.h"
#include "adapters/tabular/row_scan.h"

namespace lienthong::tabular {

class Stream {
 public:
  // lt_adapter::frame.
  lt_status frame(const Settings& settings, sdk::Host host, std::string_view bytes, bool end_of_input,
                  std::size_t& consumed, std::string_view& message);

  // Of the file whose messages come out; nothing before the first message. Refreshed for new names.
  const Layout* layout(const Settings& settings) {
    layout_.refresh(settings);
    return &layout_;
  }
  // The row of headings as it stood; empty where there is none.
  const std::string& header() const noexcept { return layout_.header(); }
  // The number in the file of the first row of the message that frame() gave last.
  std::uint32_t message_row() const noexcept { return message_row_; }

 private:
  enum class Stage : std::uint8_t { Start, Header, Rows, Skipping, Unusable };
  enum class Step : std::uint8_t { GoOn, NeedMore, Message, Malformed, End };

  Step step(const Settings& settings, sdk::Host host, std::string_view bytes, bool end_of_input);
  Step start(const Settings& settings, sdk::Host host, std::string_view bytes, bool end_of_input);
  Step header(const Settings& settings, sdk::Host host, std::string_view bytes, bool end_of_input);
  Step rows(const Settings& settings, sdk::Host host, std::string_view bytes, bool end_of_input);
  Step skip_rest_of_row(std::string_view bytes, bool end_of_input);
  Step refuse_file(sdk::Host host, std::uint32_t problem);
  ScannedRow scan(const Settings& settings, std::string_view bytes, bool end_of_input);
  bool belongs(const Settings& settings, sdk::Host host, const ScannedRow& row) const;
  Step end(sdk::Host host, std::string_view bytes);

  Stage stage_ = Stage::Start;
  Layout layout_;
  std::uint32_t row_ = 0;  // rows done with, headings and blank ones too
  std::uint32_t message_row_ = 1;
  std::uint32_t skipped_lines_ = 0;
  bool had_rows_ = false;

  std::size_t at_ = 0;  // in `bytes`: the first row not yet done with
  bool in_message_ = false;
  std::size_t begin_ = 0, end_ = 0;  // of the message
  std::uint32_t message_rows_ = 0;
  std::string key_, row_key_;              // values of the group's columns: the message's, the scanned row's
  std::optional<ScannedRow> scanned_row_;  // the row at at_, when it was looked at already
};

}  // namespace lienthong::tabular
