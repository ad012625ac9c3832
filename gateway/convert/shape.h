#pragma once
// The shape of one resource of one message (stencil_plan.h), and where its values stand. Private to this
// room.

#include <cstdint>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "gateway/convert/places.h"
#include "gateway/convert/program_data.h"
#include "gateway/convert/shape_text.h"

namespace lienthong::convert {

// Memory is kept from one to the next. One thread.
struct Shape {
  // A node that a loop stands at.
  struct Node {
    lt_node node = 0;
    std::uint32_t outer = kNone;  // of the loop around, in nodes; kNone: none
    std::uint32_t loop = 0;       // its EachStart
    std::uint32_t number = 0;     // the how manieth of the loop
  };
  struct Place {
    const PlaceValues* values = nullptr;
    std::uint32_t node = kNone;  // in nodes; kNone: a place of the resource
    std::uint8_t level = 0;
  };
  static constexpr std::size_t kMostNodes = 64;

  bool is_exact = false;  // the texts of all values decide
  // What decides, as bytes: equal for equal shapes of one resource program only.
  ShapeText text;
  std::vector<Node> nodes;
  std::vector<Place> places;

  void clear() noexcept {
    text.clear();
    nodes.clear();
    places.clear();
  }
  // Numbers of what stands there, or kNone.
  std::uint32_t node_of(std::uint32_t outer, std::uint32_t loop, std::uint32_t number) const noexcept;
  std::uint32_t place_of(std::uint32_t node, std::uint8_t level, std::uint32_t kind) const noexcept;
};

}  // namespace lienthong::convert
