#pragma once
// One table's document → its rows.
//
// Tolerant where exporters are careless and the meaning is certain: an unescaped '<' or '&' in a value,
// elements in any order, names in any case, prefixes, attributes, unknown elements. Strict where it is not: a
// value that is not closed, rows that are not closed and anything that ends elsewhere than it should make the
// document unreadable (LT_MALFORMED). Linear in the document; no recursion; elements nest at most kDeepest.

#include <cstdint>

#include "adapters/bhyt/markup.h"
#include "adapters/bhyt/problems.h"
#include "adapters/bhyt/rows.h"
#include "adapters/bhyt/table.h"

namespace lienthong::bhyt {

class TableReader {
 public:
  TableReader(sdk::Host host, const DocumentText& document, std::uint16_t document_number,
              std::uint32_t most_rows) noexcept;

  // The table that the document's root says it holds; kNoTable when it says none or has no root.
  std::uint32_t find_root() noexcept;
  // After find_root(). Appends to `rows`.
  lt_status read(std::uint32_t table_number, Rows& rows) noexcept;

 private:
  enum class Step : std::uint8_t { Start, End, Wrong, AtEnd };

  Step next() noexcept;
  lt_status read_containers(Rows& rows) noexcept;
  lt_status read_row(std::string_view row_name, Rows& rows) noexcept;
  lt_status read_value(Value* row, Rows& rows, std::uint32_t& expected) noexcept;
  bool read_expected(Value* row, std::uint32_t& expected) noexcept;
  lt_status read_text(std::string_view name, Value& value) noexcept;
  lt_status skip_element() noexcept;
  lt_status keep(std::uint32_t field, const Value& value, std::string_view name, Value* row,
                 Rows& rows) noexcept;
  lt_status broken(ProblemNumber problem, const char* at, std::string_view what) noexcept;
  std::uint32_t offset_of(const char* at) const noexcept;
  std::string_view name() const noexcept { return table(table_).name; }

  sdk::Host host_;
  const DocumentText& document_;
  const char* at_;
  const char* end_;
  Tag tag_;  // what next() found
  const char* tag_at_ = nullptr;
  std::uint32_t table_ = 1;
  std::uint16_t document_number_;
  std::uint32_t most_rows_;
};

// Where a byte of a document stands in the message.
std::uint32_t message_offset(const Origin& origin, std::size_t offset) noexcept;

}  // namespace lienthong::bhyt
