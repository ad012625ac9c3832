#pragma once
// The resources one message makes, by key, and the groups they stand in. Found before anything is written, so
// that every reference knows its target's id.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "gateway/base/uuid.h"
#include "gateway/convert/claim.h"
#include "gateway/convert/program_data.h"

namespace lienthong::convert {

using Nodes = std::array<lt_node, kMaxLevels>;

struct Instance {
  std::uint32_t resource = 0;  // ProgramData::resources
  std::uint32_t make = kNone;  // ProgramData::makes; kNone for a mention made where it is referred to
  std::uint32_t slot = kNone;
  std::uint32_t scope = 0;
  std::uint32_t key_at = 0, key_size = 0;  // in Instances' keys
  std::uint32_t key_value_at = 0;  // the last required part of the key, as sent: what an identifier holds
  std::uint32_t key_value_size = 0;
  std::uint32_t patient = kNone;       // the Patient instance it belongs to; itself for a Patient
  std::uint32_t continuation = kNone;  // the next place whose lines belong to it
  std::uint32_t last_continuation = kNone;
  std::uint32_t equals = 0;  // how many came with the same key and were counted up
  Role role = Role::Subject;
  Uuid id;
  std::array<char, kUuidTextSize> id_text{};  // of id: it is written many times
  Nodes nodes{};
};

// A group's instance, or the message: the named resources made directly in it.
struct Scope {
  std::uint32_t parent = kNone;
  std::uint32_t slots_at = 0, slot_count = 0;  // in slot_instances
  std::uint32_t first = 0, end = 0;            // instances made in it and in the groups within
};

// Kept between messages so that a steady load allocates nothing. One thread.
class Instances {
 public:
  void clear() noexcept;

  std::uint32_t open_scope(std::uint32_t parent, std::uint32_t slot_count);
  void close_scope(std::uint32_t scope) { scopes[scope].end = static_cast<std::uint32_t>(all.size()); }
  // The first instance of a name in the scope `up` levels out; kNone when it was not made.
  std::uint32_t named(std::uint32_t scope, std::uint32_t local, std::uint32_t up) const noexcept;

  // The instance of that key, or kNone.
  std::uint32_t find(std::string_view key) const noexcept;
  // Adds one; its key must be new. Mints the id.
  std::uint32_t add(Instance instance, std::string_view key);
  std::string_view key_of(const Instance& instance) const noexcept {
    return std::string_view(keys).substr(instance.key_at, instance.key_size);
  }

  std::vector<Instance> all;
  std::vector<Scope> scopes;
  std::vector<std::uint32_t> slot_instances;
  std::vector<Nodes> continuation_nodes;
  std::vector<std::uint32_t> continuation_next;
  std::string keys;

 private:
  // A source names the same people and places again and again: their ids are not minted anew each time.
  struct KnownId {
    std::uint64_t hash = 0;
    std::string key;
    Uuid id;
    std::array<char, kUuidTextSize> text{};
  };
  static constexpr std::size_t kKnownIds = 1024;
  static constexpr std::size_t kLongestKnown = 200;

  const KnownId& id_of(std::string_view key, std::uint64_t hash);
  void grow_index();
  static std::uint64_t hash_of(std::string_view key) noexcept;

  std::vector<std::uint32_t> index_;  // instance + 1; open addressing
  std::vector<std::uint64_t> hashes_;
  std::vector<KnownId> known_ids_;
};

}  // namespace lienthong::convert
