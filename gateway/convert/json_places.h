#pragma once
// Where each value of a resource stands in its text. Private to this room.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong::convert {

struct JsonPlace {
  std::string path;          // "name[0].family"
  std::string text;          // unescaped
  std::uint32_t offset = 0;  // of the value in the text
};

// Every primitive value of JSON that the machine wrote (compact, well-formed), in its order.
std::vector<JsonPlace> json_places(std::string_view json);

}  // namespace lienthong::convert
