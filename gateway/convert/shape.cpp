#include "gateway/convert/shape.h"

namespace lienthong::convert {

std::uint32_t Shape::node_of(std::uint32_t outer, std::uint32_t loop, std::uint32_t number) const noexcept {
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].outer == outer && nodes[i].loop == loop && nodes[i].number == number) return i;
  }
  return kNone;
}

std::uint32_t Shape::place_of(std::uint32_t node, std::uint8_t level, std::uint32_t kind) const noexcept {
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    if (places[i].node == node && places[i].level == level && places[i].values->kind == kind) return i;
  }
  return kNone;
}

}  // namespace lienthong::convert
