#pragma once
// The rows of one table as an index of values: nothing is copied, every value is a view into its document.

#include <cstdint>
#include <string_view>

#include "adapters/bhyt/document_text.h"
#include "adapters/sdk/host.h"

namespace lienthong::bhyt {

enum ValueFlags : std::uint16_t {
  kThere = 1,  // the element stands in the row, with or without content
  kRaw = 2,    // holds '&' or CDATA: to be unescaped before use
};

struct Value {
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::uint16_t flags = 0;
  std::uint16_t document = 0;  // in Record: where its text comes from
  std::string_view view() const noexcept { return {data, size}; }
};

// An element that no decision knows; kept for coverage and explain.
struct Extra {
  std::string_view name;
  std::uint32_t row = 0;
  Value value;
};

// Lies in the host's memory. Row r, field f: values[r * field_count + f].
struct Rows {
  Value* values = nullptr;
  std::uint32_t field_count = 0;
  std::uint32_t count = 0, capacity = 0;
  Extra* extras = nullptr;
  std::uint32_t extra_count = 0, extra_capacity = 0;
  bool is_there = false;  // the dossier has the table, with or without rows

  const Value* row(std::uint32_t number) const noexcept { return values + std::size_t{number} * field_count; }
  // A new row without values; null at the host's limit.
  Value* add(sdk::Host host, std::uint32_t first_capacity) noexcept;
  bool add_extra(sdk::Host host, const Extra& extra) noexcept;
};

}  // namespace lienthong::bhyt
