#pragma once
// Paths: "XML1/HO_TEN", "XML3" (its rows), "MA_DICH_VU" within a row, ".GT_THE_TU" within a list,
// "HOSO/NGAYLAP".
//
// A path is its own number: equal in every instance, nothing is kept.

#include <cstdint>
#include <string_view>

#include "adapters/sdk/host.h"

namespace lienthong::bhyt {

enum class PathKind : std::uint8_t {
  None = 0,    // the node itself
  Rows,        // of a table
  Field,       // of the row, else of the table's first row
  Parallel,    // the entry at the same position of another list of the row
  Fact,        // of the dossier as a whole
  RowNumber,   // 1, 2, … within its table
  CostNumber,  // 1, 2, … over the rows of XML2 and XML3
  Groups,      // rows of XML4 by service and time of the result
};

struct Path {
  PathKind kind = PathKind::None;
  std::uint32_t table = 0, field = 0;

  lt_path pack() const noexcept { return static_cast<std::uint32_t>(kind) << 24 | table << 16 | field; }
  static Path unpack(lt_path packed) noexcept {
    return {static_cast<PathKind>(packed >> 24), packed >> 16 & 255, packed & 0xffff};
  }
};

// What is known of a dossier as a whole, beside its rows.
enum class FactKind : std::uint32_t {
  Facility,        // HOSO/MACSKCB
  Date,            // HOSO/NGAYLAP
  Count,           // HOSO/SOLUONGHOSO
  Generation,      // HOSO/QUYET_DINH: 4210, 130, 4750, 3176
  UncertainBirth,  // HOSO/NGAY_SINH_CHUA_CHAC: there when semantics 17 doubts the birth date
  WholeTable0,     // HOSO/XML0 … HOSO/XML15: the table is there, and what it does not list may be taken as
                   // removed
  // HOSO/CO_XML0 … HOSO/CO_XML15: the dossier has the table, whatever it holds
  NamedTable0 = WholeTable0 + 16,
};
constexpr std::size_t kFactCount = static_cast<std::size_t>(FactKind::NamedTable0) + 16;

// A fact's text.
struct Fact {
  const char* data = nullptr;
  std::size_t size = 0;
};

// lt_adapter::resolve.
lt_status resolve_path(sdk::Host host, lt_path context, std::string_view text, lt_path& out,
                       lt_text& nearest) noexcept;

}  // namespace lienthong::bhyt
