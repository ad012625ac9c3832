#pragma once
// What the adapter knows of one element of a table.

#include <cstdint>
#include <string_view>

namespace lienthong::bhyt {

enum class FieldKind : std::uint8_t {
  Plain,      // several values are joined by ';'
  Codes,      // diagnosis codes: joined by ';', by some exporters by ','
  BirthDate,  // parts that are not known are written 0 (QĐ 4750, NGAY_SINH)
};

enum Generations : std::uint8_t { kOld = 1 /* QĐ 4210 */, kNew = 2 /* QĐ 130, 4750, 3176 */ };

struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::Plain;
  std::uint8_t generations = 0;  // of Generations
};

}  // namespace lienthong::bhyt
