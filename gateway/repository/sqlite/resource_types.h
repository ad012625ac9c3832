#pragma once
// Numbers of the resource types as the tables store them. They never change: R4 is frozen.

#include <cstdint>
#include <string_view>

namespace lienthong::repository::sqlite {

using TypeNumber = std::uint16_t;  // 0 = no type of R4

// 0 when R4 has no such resource type. Any thread.
TypeNumber type_number(std::string_view name) noexcept;
// Empty for numbers that are none. Lives as long as the program.
std::string_view type_name(TypeNumber number) noexcept;
// Numbers are 1 … type_count().
TypeNumber type_count() noexcept;

}  // namespace lienthong::repository::sqlite
