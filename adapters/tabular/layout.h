#pragma once
// How the rows of one file are laid out: its separator, its headings, and where the columns that are read
// stand.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tabular/settings.h"

namespace lienthong::tabular {

constexpr std::uint32_t kNoColumn = UINT32_MAX;

class Layout {
 public:
  static constexpr std::uint32_t kMostColumns = 4096;
  static constexpr std::size_t kLongestHeader = std::size_t{256} << 10;

  // From the row of headings. False, with a problem told, when it cannot be one or lacks a required column.
  // `row` is its number in the file.
  bool read_header(sdk::Host host, const Settings& settings, std::string_view header, char separator,
                   std::uint32_t row);
  // From the declared columns; `first_row` tells the separator where none is set.
  bool take_declared(sdk::Host host, const Settings& settings, std::string_view first_row);
  // Looks the names up that became known since.
  void refresh(const Settings& settings);

  char separator() const noexcept { return separator_; }
  std::uint32_t width() const noexcept { return static_cast<std::uint32_t>(headings_.size()); }
  // The row of headings as it stood, without its line end; empty where there is none.
  const std::string& header() const noexcept { return header_; }
  std::string_view heading(std::uint32_t column) const noexcept { return headings_[column]; }
  // Where the path's column stands; kNoColumn when this file has none.
  std::uint32_t column_of(lt_path path) const noexcept {
    const std::uint32_t name = path - kFirstColumnPath;
    return name < columns_.size() ? columns_[name] : kNoColumn;
  }
  // How the column writes its values; nullptr = as they are.
  const ValueFormat* format_of(std::uint32_t column) const noexcept {
    return column < formats_.size() ? formats_[column] : nullptr;
  }
  // The name the profile or a mapping has for the column; empty when none reads it.
  std::string_view known_name(const Settings& settings, std::uint32_t column) const noexcept;
  const std::vector<std::uint32_t>& group_columns() const noexcept { return group_columns_; }

 private:
  bool read_headings(sdk::Host host, const Settings& settings, std::string_view header);
  bool check(sdk::Host host, const Settings& settings, std::uint32_t row) const;
  bool is_doubled(const ColumnNames& names, const ColumnName& name) const;
  void report_unknown(sdk::Host host, const Settings& settings, std::uint32_t row) const;
  std::uint32_t find(const ColumnName& name) const;

  char separator_ = ',';
  std::string header_;
  std::vector<std::string> headings_, folds_;
  std::vector<std::uint32_t> columns_;  // by name
  std::vector<const ValueFormat*> formats_;
  std::vector<std::uint32_t> group_columns_;  // ascending
};

// The separator of a row of headings: the declared one, else the one that gives most known headings, then
// most fields.
char tell_separator(const Settings& settings, std::string_view row);

// "row 12", "row 12, column 3", "row 12, column 3 (Name)".
std::string place_text(std::uint32_t row, std::uint32_t column, std::string_view name);

}  // namespace lienthong::tabular
