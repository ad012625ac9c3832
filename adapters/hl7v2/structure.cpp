#include "adapters/hl7v2/structure.h"

#include "adapters/hl7v2/structure_tables.h"

namespace lienthong::hl7v2 {
namespace {

constexpr std::size_t kMostStructures = 16;
constexpr std::size_t kMostNames = 48;

SegmentList segments(std::string_view text) noexcept {
  SegmentList list;
  for (std::size_t at = 0; at + 3 <= text.size(); at += 4)
    list.ids[list.count++] = segment_id(text.substr(at, 3));
  return list;
}

// Members that a group further down holds too, as anchor or as member.
SegmentList shared_members(const Structure& structure, std::uint8_t group) noexcept {
  SegmentList shared;
  const SegmentList& members = structure.groups[group].members;
  for (std::uint8_t below = static_cast<std::uint8_t>(group + 1); below < structure.count; ++below) {
    std::uint8_t above = below;
    while (above > group) above = structure.groups[above].parent;
    if (above != group) continue;
    for (std::uint32_t i = 0; i < members.count; ++i) {
      const SegmentId id = members.ids[i];
      const GroupDefinition& other = structure.groups[below];
      const bool held = other.anchors.has(id) || other.members.has(id);
      if (held && !shared.has(id)) shared.ids[shared.count++] = id;
    }
  }
  return shared;
}

class Tables {
 public:
  Tables() noexcept {
    for (const RawGroup& raw : kRawGroups) add(raw);
    for (std::size_t s = 0; s < count_; ++s) {
      for (std::uint8_t g = 0; g < structures_[s].count; ++g) {
        structures_[s].groups[g].shared = shared_members(structures_[s], g);
      }
    }
  }

  const Structure* find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (structures_[i].name == name) return &structures_[i];
    }
    return nullptr;
  }
  bool is_ever_shared(SegmentId id) const noexcept {
    for (std::size_t s = 0; s < count_; ++s) {
      for (const GroupDefinition& group : structures_[s].groups) {
        if (group.shared.has(id)) return true;
      }
    }
    return false;
  }
  const Structure& general() const noexcept { return structures_[count_ - 1]; }
  std::span<const std::string_view> names() const noexcept { return {names_.data(), name_count_}; }

  GroupName name(std::string_view text) const noexcept {
    for (std::size_t i = 0; i < name_count_; ++i) {
      if (names_[i] == text) return static_cast<GroupName>(i);
    }
    return kNoGroupName;
  }

 private:
  void add(const RawGroup& raw) noexcept {
    if (raw.name.empty()) structures_[count_++].name = raw.structure;
    Structure& structure = structures_[count_ - 1];
    GroupDefinition& group = structure.groups[structure.count];
    if (!raw.name.empty()) group.name = intern(raw.name);
    if (!raw.parent.empty()) group.parent = find_in(structure, name(raw.parent));
    group.single = (raw.flags & kSingle) != 0;
    group.any_order = (raw.flags & kAnyOrder) != 0;
    group.after_results = (raw.flags & kAfterResults) != 0;
    group.anchors = segments(raw.anchors);
    group.members = segments(raw.members);
    group.restarts = segments(raw.restarts);
    ++structure.count;
  }
  static std::uint8_t find_in(const Structure& structure, GroupName name) noexcept {
    std::uint8_t at = 0;
    while (structure.groups[at].name != name) ++at;
    return at;
  }
  GroupName intern(std::string_view text) noexcept {
    const GroupName known = name(text);
    if (known != kNoGroupName) return known;
    names_[name_count_] = text;
    return static_cast<GroupName>(name_count_++);
  }

  std::array<Structure, kMostStructures> structures_{};
  std::array<std::string_view, kMostNames> names_{};
  std::size_t count_ = 0;
  std::size_t name_count_ = 0;
};

const Tables& tables() noexcept {
  static const Tables built;
  return built;
}

}  // namespace

const Structure& structure_for(std::string_view type, std::string_view event,
                               std::string_view declared) noexcept {
  // Declared structures are shared between events ("ADT_A01" for A04) but often wrong: the event of a merge
  // counts more.
  for (const RawTrigger& trigger : kRawTriggers) {
    if (trigger.type != type) continue;
    const bool matches =
        trigger.events.empty() || (event.size() == 3 && trigger.events.find(event) != std::string_view::npos);
    if (matches) return *tables().find(trigger.structure);
  }
  const Structure* named = declared.empty() ? nullptr : tables().find(declared);
  return named != nullptr ? *named : tables().general();
}

bool is_ever_shared(SegmentId id) noexcept {
  return tables().is_ever_shared(id);
}
std::span<const std::string_view> group_names() noexcept {
  return tables().names();
}
GroupName find_group_name(std::string_view name) noexcept {
  return tables().name(name);
}

}  // namespace lienthong::hl7v2
