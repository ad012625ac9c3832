#pragma once
// An opened message: its rows and their fields. Lives in the host's memory.
//
// Nodes: 0 is the record; row r (from 1) is r; a field of it is r | (column + 1) << 32.

#include <cstdint>
#include <string_view>

#include "adapters/sdk/host.h"
#include "adapters/tabular/layout.h"

namespace lienthong::tabular {

struct Field {
  std::uint32_t begin = 0;
  std::uint32_t end : 31 = 0;
  std::uint32_t escaped : 1 = 0;
};

struct Row {
  std::uint32_t first = 0;  // of its fields
  std::uint32_t fields = 0;
  std::uint32_t number = 0;  // in the file
};

class Record {
 public:
  // Makes the index. LT_MALFORMED, with problems, when a row of it cannot be read: then nothing of the
  // message is.
  lt_status index(sdk::Host host, const Settings& settings, const Layout& layout, std::string_view message,
                  std::size_t from, std::uint32_t first_row);

  lt_status envelope(sdk::Host host, lt_envelope& out) noexcept;
  std::size_t count(lt_node node, lt_path path) noexcept;
  lt_node child(lt_node node, lt_path path, std::size_t i) noexcept;
  lt_status get(sdk::Host host, lt_node node, lt_path path, lt_value& out) noexcept;
  lt_text place(sdk::Host host, lt_node node, lt_path path) noexcept;
  lt_status each_value(sdk::Host host, lt_each_value each, void* context) noexcept;

 private:
  struct Place {
    const Row* row = nullptr;
    std::uint32_t column = kNoColumn;
  };
  bool check_row(sdk::Host host, const Row& row) const;
  bool is_empty(const Field& field) const noexcept;
  void warn(sdk::Host host, std::uint32_t problem, const Row& row) const;
  Place find(lt_node node, lt_path path) const noexcept;
  std::string_view unescape(sdk::Host host, const Field& field) const noexcept;
  void fill(sdk::Host host, const Row& row, std::uint32_t column, lt_value& out) const noexcept;
  void apply_format(sdk::Host host, const ValueFormat& format, lt_value& out) const noexcept;
  lt_text joined(sdk::Host host, const std::vector<lt_path>& paths) noexcept;
  lt_text latest(sdk::Host host, lt_path path) noexcept;

  const Settings* settings_ = nullptr;
  const Layout* layout_ = nullptr;
  const char* data_ = nullptr;
  std::uint32_t size_ = 0;
  Field* fields_ = nullptr;
  Row* rows_ = nullptr;
  std::uint32_t row_count_ = 0;
};

}  // namespace lienthong::tabular
