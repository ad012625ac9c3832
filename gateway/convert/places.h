#pragma once
// The places of one message that a mapping reads from, each with the values it reads there. Private to this
// room.
//
// A place's values come from the adapter in one call when it is first stood in (lt_adapter::fetch), so that a
// value is then a look into an array, and a group of values that are all absent is one test.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/convert/message_context.h"
#include "gateway/convert/program_data.h"

namespace lienthong::convert {

// One node with its values. Values are there where the bit is set.
struct PlaceValues {
  lt_node node = 0;
  std::uint32_t kind = 0;        // ProgramData::places
  std::uint32_t generation = 0;  // of Places; another one: forgotten
  std::uint64_t* there = nullptr;
  lt_value* values = nullptr;

  bool may_have(std::uint32_t column) const noexcept {
    return (there[column / 64] >> (column % 64) & 1) != 0;
  }
};

// One thread. Memory is bounded and kept between messages: when it is full all places are forgotten and
// fetched anew.
class Places {
 public:
  Places(const ProgramData& program, MessageContext& message) : program_(program), message_(message) {}

  // A new message.
  void reset() noexcept { forget(); }

  // The place; null when this one has room for no more: call forget(), let go of all places, and ask again.
  const PlaceValues* find(lt_node node, std::uint32_t kind);
  void forget() noexcept;
  // Another one: all places were forgotten.
  std::uint32_t generation() const noexcept { return generation_; }
  // Makes a value what value() gives, but raises no problem: they are held back until the value is read.
  // False when there is one, when the value is explicitly nothing, or when it cannot be told without reading
  // it.
  bool settle_quietly(const PlaceValues& place, lt_value& value) {
    if (!is_settled(value)) {
      if (message_.is_settled(value))
        value.flags |= kSettled;
      else if (!ask_quietly(place, value))
        return false;
    }
    return value.presence != LT_NULL;
  }

  // Whether a value was read before.
  static bool is_settled(const lt_value& value) noexcept { return (value.flags & kSettled) != 0; }
  // The value as trimmed UTF-8 text; decoded at the first reading, which is when problems are raised.
  const lt_value& value(const PlaceValues& place, std::uint32_t column, lt_path path) {
    auto& value = place.values[column];
    if (!is_settled(value)) settle(place, value, path);
    return value;
  }

 private:
  static constexpr std::uint32_t kSettled = 1U << 31;  // a flag of our own in lt_value::flags
  static constexpr std::size_t kSlots = 1024;          // at most half of them are used
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;
  static constexpr std::size_t kFirstBytes = std::size_t{128} << 10;

  lt_path path_of(const PlaceValues& place, const lt_value& value) const noexcept {
    return program_.places[place.kind].columns[static_cast<std::size_t>(&value - place.values)];
  }
  struct Held {
    const lt_value* value;
    Problem problem;
  };

  void settle(const PlaceValues& place, lt_value& value, lt_path path);
  void settle_held(const PlaceValues& place, lt_value& value, lt_path path);
  bool ask_quietly(const PlaceValues& place, lt_value& value);
  bool take(std::uint32_t kind, PlaceValues& place);
  void fetch(PlaceValues& place) noexcept;

  const ProgramData& program_;
  MessageContext& message_;
  std::vector<PlaceValues> slots_;  // open addressing
  std::size_t used_slots_ = 0;
  std::uint32_t generation_ = 1;
  std::vector<std::unique_ptr<std::uint64_t[]>> blocks_;
  std::size_t block_ = 0;              // the one that is filled
  std::size_t block_words_ = 0;        // of its words, those taken
  std::vector<std::size_t> capacity_;  // of each block, in words
  std::vector<Held> held_;             // problems of values that nobody read yet
};

}  // namespace lienthong::convert
