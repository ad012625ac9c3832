#pragma once
// A resource as it was written once, to be written again for the same shape (stencil_plan.h): its text, and
// what to put in the gaps. Private to this room.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/program_data.h"

namespace lienthong::convert {

struct StencilGap {
  enum class What : std::uint8_t {
    Plain,       // a value as read: place, column
    Computed,    // instructions from `begin` on, at the node `node`
    Silent,      // the same, and nothing must come of it
    TriedPlain,  // written, then cut back: it was part of what failed without a word
    TriedComputed,
    Mention,    // resource `begin` from the node `node`: made or not, as `is_made` says
    MentionId,  // the id of the resource mentioned last
    SlotId,     // that of the named resource `column`, `place` scopes up
    MadeId,     // that of the `place`th of those made of slot `column`
    ItemStart,  // of an array: items must differ
    ItemEnd,    // of the array `node`
  };
  What what = What::Plain;
  bool is_made = false;
  std::uint32_t text_end = 0;  // the stencil's text goes on before it to here
  std::uint32_t at = 0;        // the Write
  std::uint32_t begin = 0;
  std::uint32_t place = 0;  // in Shape::places
  std::uint32_t column = 0;
  std::uint32_t node = kNone;  // in Shape::nodes
};

// Immutable once made.
struct Stencil {
  std::string shape;  // Shape::text
  std::string text;   // what is between the gaps, padded for JsonText::append_padded
  std::uint32_t text_size = 0;
  std::vector<StencilGap> gaps;  // in the order of writing
};

// The stencils that one thread keeps. Memory is bounded; what was used least recently may go first.
class StencilStore {
 public:
  // The stencil for a resource program's shape, or null.
  const Stencil* find(std::uint32_t resource, std::string_view shape);
  // Whether the shape that find() did not know should be kept: it comes for the second time.
  bool is_wanted();
  // No stencil can be made for the shape that find() did not know.
  void refuse();
  // Keeps a stencil for the shape that find() did not know.
  void add(Stencil stencil);
  // False for a while after a program whose resources were all of different shapes.
  bool is_worthwhile(std::uint32_t resource);
  // Whether a program's resources are alike in all their values most often, as places and practitioners are:
  // then a stencil has no gaps for them. Of resources for which is_worthwhile() was asked.
  bool is_exact(std::uint32_t resource) const noexcept { return uses_[resource].is_exact; }

 private:
  struct Use {
    std::uint32_t tried = 0, found = 0, paused = 0;
    bool is_exact = true;
  };
  struct Slot {
    std::uint64_t hash = 0;
    std::unique_ptr<const Stencil> stencil;
  };
  static constexpr std::size_t kSlots = 4096;
  static constexpr std::size_t kProbes = 4;
  static constexpr std::size_t kMostBytes = std::size_t{3} << 20;

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> seen_;  // hashes of shapes that came once
  std::vector<Use> uses_;            // by resource
  std::uint64_t hash_ = 0;           // of the shape looked for last
  std::size_t bytes_ = 0;
};

}  // namespace lienthong::convert
