#pragma once
// What of a message decides how a resource is written, found once when the mapping is loaded. Private to this
// room.
//
// Resources of one kind are most often written alike: the same elements from values in the same places, the
// same codes of the same tables; only names, numbers and times differ. What decides (which values are there,
// the texts that tables and comparisons look at, which resources are referred to) is the shape of the
// resource. One written before for the same shape is a stencil (stencil.h): its text, with gaps for what
// differs.

#include <cstdint>
#include <vector>

namespace lienthong::convert {

struct ProgramData;
struct ResourceProgram;

// 64 columns of a place (places.h).
struct ShapeColumns {
  std::uint32_t word = 0;
  std::uint64_t read = 0;   // of those that the resource's program reads
  std::uint64_t texts = 0;  // of those whose text decides
};

// The values read at one place.
struct ShapePlace {
  std::uint8_t level = 0;
  std::uint16_t kind = 0;  // ProgramData::places
  std::vector<ShapeColumns> columns;
  // Instructions: whether it is a number, a time, of some form, equal to another text, repeated.
  std::vector<std::uint32_t> tests;
};

// The places are stood in one after another; those of a loop for each of its nodes.
struct ShapeStep {
  bool is_loop = false;
  std::uint32_t at = 0;   // a place: in StencilPlan::places; a loop: its EachStart
  std::uint32_t end = 0;  // a loop: the step behind those within
};

// A named resource of the message, as instructions say it.
struct ShapeSlot {
  std::uint32_t local = 0, up = 0;
  bool operator==(const ShapeSlot&) const = default;
};

// What a Write writes.
enum class Written : std::uint8_t {
  Decided,   // the same for the same shape
  Plain,     // a value as it was read
  Computed,  // made by the instructions from StencilPlan::begins on: they read values and do nothing else
  Listed,    // the same, of all repetitions of a value
};

struct StencilPlan {
  bool is_possible = false;
  std::vector<ShapeStep> steps;
  std::vector<ShapePlace> places;
  std::vector<ShapeSlot> slots;           // whether they were made
  std::vector<std::uint32_t> made_slots;  // how many of them were made (EachMadeStart)
  std::uint32_t first = 0;                // the resource's program; the following by instruction from here on
  std::vector<Written> writes;
  std::vector<std::uint32_t> begins;

  // `is_exact`: the texts of all values decide.
  Written written(std::uint32_t at, bool is_exact) const noexcept {
    if (at - first >= writes.size()) return Written::Decided;
    const auto written = writes[at - first];
    return is_exact && written != Written::Listed ? Written::Decided : written;
  }
};

// `program` is complete and optimized. Not possible: a program that does what no shape tells.
StencilPlan plan_stencil(const ProgramData& program, const ResourceProgram& resource);

}  // namespace lienthong::convert
