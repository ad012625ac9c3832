#pragma once
// The tables of a dossier: XML1 … XML15, and the check-in table as XML0.
//
// All data is constant; the name index is made once, on first use, and then only read. Any thread.

#include <span>
#include <string_view>

#include "adapters/bhyt/field.h"

namespace lienthong::bhyt {

constexpr std::uint32_t kTableCount = 16;
constexpr std::uint32_t kNoTable = 0xff;
constexpr std::uint32_t kNoField = 0xffff;

struct Table {
  std::string_view name;  // "XML3"; the value of LOAIHOSO
  std::string_view root;  // of its document since QĐ 130
  std::string_view list;  // holds the rows; empty: the root is the only row
  std::string_view row;   // empty: the root is the only row
  std::span<const Field> fields;
  bool is_flat() const noexcept { return row.empty(); }
};

const Table& table(std::uint32_t number) noexcept;  // number < kTableCount

// kNoTable when nothing is called so. Case does not matter.
std::uint32_t find_table(std::string_view name) noexcept;
// "XML3", "xml03", "3", "CHECKIN"
std::uint32_t table_of_kind(std::string_view loaihoso) noexcept;
// The table that a document with this root element holds.
std::uint32_t table_of_root(std::string_view element) noexcept;

// kNoField when the table has no such element in any generation. Case does not matter. Constant time.
std::uint32_t find_field(std::uint32_t table, std::string_view name) noexcept;

bool same_name(std::string_view a, std::string_view b) noexcept;  // ASCII case folded

}  // namespace lienthong::bhyt
