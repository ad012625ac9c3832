#pragma once
// Takes down how a resource is written, and makes a stencil of it. Private to this room.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/convert/stencil.h"

namespace lienthong::convert {

// For one resource. Offsets are those of the output, ascending but for rewind().
class StencilRecorder {
 public:
  // `start`: where the resource's members begin.
  explicit StencilRecorder(std::uint32_t start) : start_(start) {}

  // The gap's text was written at [from, to); text_end is set by finish().
  void add(StencilGap gap, std::uint32_t from, std::uint32_t to);
  // What was written from `to` on was cut back.
  void rewind(std::uint32_t to);
  // What was seen cannot be said by a stencil.
  void give_up() noexcept { is_lost_ = true; }

  // `text`: the output up to the end of the resource's members. Nothing when it cannot be a stencil.
  std::optional<Stencil> finish(std::string_view text, std::string_view shape);

 private:
  struct Event {
    StencilGap gap;
    std::uint32_t from = 0, to = 0;
  };
  void drop_single_items();
  void put_in_order();

  std::uint32_t start_;
  std::vector<Event> events_;
  bool is_lost_ = false;
};

}  // namespace lienthong::convert
