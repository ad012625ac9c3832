#pragma once
// What a profile's options say. Lists come as one text with a line for each entry.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/host.h"
#include "adapters/tabular/column_names.h"
#include "adapters/tabular/value_format.h"

namespace lienthong::tabular {

struct ColumnFormat {
  lt_path column = 0;
  ValueFormat format;
};

struct Settings {
  char separator = '\0';  // \0 = told from the header
  bool has_header = true;
  bool fill_short_rows = false;
  std::uint32_t skip_lines = 0;
  std::uint32_t max_rows = 10'000;  // of a group
  std::uint32_t max_row_bytes = 1U << 20;
  std::string type = "row";
  std::string charset;  // "" = the source's
  std::vector<std::string> empty_texts;
  std::vector<lt_path> group_by, control_id, required;
  lt_path time = 0, sender = 0;
  std::vector<ColumnFormat> formats;
  ColumnNames* names = nullptr;
};

// LT_OPTION with a problem that names the option; LT_LIMIT.
lt_status read_settings(sdk::Host host, const lt_option* options, std::size_t count, Settings& out);

}  // namespace lienthong::tabular
