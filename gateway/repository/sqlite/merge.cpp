#include "gateway/repository/sqlite/merge.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

#include "gateway/repository/sqlite/array_merge.h"
#include "gateway/repository/sqlite/ending.h"
#include "gateway/repository/sqlite/label_merge.h"

namespace lienthong::repository::sqlite {
namespace {

// An element while it is merged.
struct Slot {
  std::string_view group;
  std::uint32_t order = 0;
  std::string text;  // as Element::text; empty: stated as nothing
  std::string value;
  Said said;
  std::vector<SourceList> lists;
  bool computed = false;  // follows from events: has no Said of its own
};

constexpr std::string_view kMeta = "meta";

bool is_encounter(const fhir::Type& type) {
  return type.name.view() == "Encounter";
}

class Merge {
 public:
  Merge(const fhir::Type& type, MergeState state) : type_(type), state_(std::move(state)) {}

  Result<void> load(std::string_view body) {
    if (body.empty()) return {};
    ElementSplitter splitter;
    const auto elements = splitter.split(type_, body);
    if (!elements) return forward(elements);
    for (const Element& element : **elements) {
      slots_.push_back({stable(element.group),
                        element.order,
                        std::string(element.text),
                        std::string(element.value),
                        state_.base,
                        {},
                        is_computed(element.group)});
    }
    for (auto& exception : state_.exceptions) load_exception(exception);
    restore_hidden();
    return {};
  }

  void apply(const Contribution& contribution, MergeNotes& notes) {
    take_out(contribution.said, contribution.superseded);
    const bool first = slots_.empty() && state_.events.empty();
    if (first) state_.base = contribution.said;
    const bool events = is_encounter(type_) && contribution.about;
    if (events) add_event(contribution);
    if (!superseded_by_whole(contribution.said)) {
      for (const Element& element : contribution.elements) {
        if (events && follows_from_events(element.group)) continue;
        say(element.group, element.order, element.text, element.value, said_of(contribution, element.group),
            notes);
      }
      for (const auto& group : contribution.removed) {
        if (events && follows_from_events(group)) continue;
        say(group, group_of(type_, group).order, {}, {}, said_of(contribution, group), notes);
      }
      if (contribution.whole) drop_unsaid(contribution);
    }
    if (is_encounter(type_) && !state_.events.empty()) compute_events(contribution, notes);
  }

  void absorb(const Merge& other, const Absorbed& how) {
    MergeNotes ignored;
    const auto say_later = [&](const Slot& slot, std::string_view text, std::string_view value, Said said) {
      if (said.time < how.from || said.time >= how.until) return;
      if (slot.group == "identifier" && how.id != Uuid{})
        said.source = identifier_source_of(said.source, how.id);
      say(slot.group, slot.order, text, value, said, ignored);
    };
    for (const Slot& slot : other.slots_) {
      if (slot.computed) continue;
      const bool names_it = slot.group == "subject" || slot.group == "identifier";
      if (how.fills_identity && (!names_it || find(slot.group) != nullptr)) continue;
      for (const SourceList& list : slot.lists) {
        const std::string text = list.value.empty() ? "" : '"' + std::string(slot.group) + "\":" + list.value;
        say_later(slot, text, list.value, list.said);
      }
      if (slot.lists.empty()) say_later(slot, slot.text, slot.value, slot.said);
    }
    for (const auto& event : other.state_.events) {
      if (how.fills_identity) break;
      if (event.said.time >= how.from && event.said.time < how.until) add_record(event);
    }
    compute_events_anew();
  }

  void end(Ending ending) { state_.ending = ending; }

  // Only what stands as said then: a later event's statement of the same element stays.
  void take_out(const Said& said, const SupersededPart& part) {
    const auto then = [&](const Said& s) {
      const bool own = s.source == said.source || (s.source == part.identifier_source && s.source != 0);
      return own && s.time == part.time;
    };
    if (part.groups.empty()) return;
    std::erase_if(state_.events, [&](const auto& e) { return then(e.said) && e.event == part.event; });
    if (state_.events.empty()) std::erase_if(slots_, [](const Slot& slot) { return slot.computed; });
    std::erase_if(state_.wholes, then);
    const bool alone = is_said_only(said, part.time);
    for (const auto& group : part.groups) {
      Slot* slot = find(group);
      if (slot == nullptr || slot->computed) continue;
      if (group == kMeta && !alone) {  // its labels may be of what others said
        set_meta(*slot, labels_alone(slot->value));
        continue;
      }
      if (!slot->lists.empty()) {
        std::erase_if(slot->lists, [&](const auto& list) { return then(list.said); });
        if (!slot->lists.empty()) set_lists(*slot);
      }
      if (slot->lists.empty() && then(slot->said)) slots_.erase(slots_.begin() + (slot - slots_.data()));
    }
  }

  bool is_said_only(const Said& said, std::int64_t time) const {
    const auto then = [&](const Said& s) { return s.source == said.source && s.time == time; };
    return std::all_of(slots_.begin(), slots_.end(),
                       [&](const Slot& slot) {
                         return slot.computed || (slot.lists.size() < 2 && then(slot.said));
                       }) &&
           std::all_of(state_.events.begin(), state_.events.end(),
                       [&](const auto& event) { return then(event.said); });
  }

  void compute_events_anew() {
    MergeNotes ignored;
    if (is_encounter(type_) && !state_.events.empty()) compute_events({}, ignored);
  }

  Merged finish() {
    hide_for_ending();
    std::sort(slots_.begin(), slots_.end(), [](const Slot& a, const Slot& b) {
      return std::tie(a.order, a.group) < std::tie(b.order, b.group);
    });
    encode_slots();
    std::string body = join_elements(slots_);
    return {std::move(body), std::move(state_)};
  }

 private:
  static Said said_of(const Contribution& contribution, std::string_view group) {
    Said said = contribution.said;
    if (contribution.identifier_source != 0 && group == "identifier")
      said.source = contribution.identifier_source;
    return said;
  }

  // Groups of known elements live for ever; others are kept here.
  std::string_view stable(std::string_view group) {
    const Group known = group_of(type_, group);
    if (known.order != 0xFFFF || group.ends_with("[x]")) return group;
    return names_.emplace_back(group);
  }

  bool is_computed(std::string_view group) const {
    return is_encounter(type_) && !state_.events.empty() && follows_from_events(group);
  }

  Slot* find(std::string_view group) {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.group == group; });
    return found == slots_.end() ? nullptr : &*found;
  }

  void load_exception(ElementState& exception) {
    Slot* slot = find(exception.group);
    if (slot == nullptr) {
      slots_.push_back(
          {names_.emplace_back(exception.group), order_of(exception.group), {}, {}, {}, {}, false});
      slot = &slots_.back();
    }
    slot->said = exception.said;
    slot->lists = std::move(exception.lists);
  }

  // "value[x]" is no member's name, so it is looked up among the elements.
  std::uint32_t order_of(std::string_view group) const {
    for (const auto& element : type_.elements) {
      if (element.name.view() == group) return element.index;
    }
    return 0xFFFF;
  }

  void restore_hidden() {
    for (const auto& hidden : state_.hidden) restore(hidden);
    state_.hidden.clear();
  }

  void restore(const HiddenElement& hidden) {
    Slot* slot = find(hidden.group);
    if (slot == nullptr) {
      if (hidden.text.empty()) return;
      slots_.push_back(
          {names_.emplace_back(hidden.group), order_of(hidden.group), {}, {}, state_.base, {}, false});
      slot = &slots_.back();
    }
    slot->text = hidden.text;
    slot->value = first_value(hidden.text);
    if (hidden.text.empty() && !has_exception(hidden.group))
      slots_.erase(slots_.begin() + (slot - slots_.data()));
  }

  bool has_exception(std::string_view group) const {
    return std::any_of(state_.exceptions.begin(), state_.exceptions.end(),
                       [&](const ElementState& e) { return e.group == group; });
  }

  static std::string first_value(std::string_view text) {
    std::vector<fhir::TopLevelMember> members;
    const std::string object = "{" + std::string(text) + "}";
    if (text.empty() || !fhir::split_top_level(object, members)) return {};
    return std::string(members.front().value);
  }

  bool superseded_by_whole(const Said& said) const {
    return std::any_of(state_.wholes.begin(), state_.wholes.end(),
                       [&](const Said& whole) { return whole.source == said.source && !beats(said, whole); });
  }

  bool is_of_one_source(std::uint32_t source) const {
    return std::all_of(slots_.begin(), slots_.end(), [source](const Slot& slot) {
      return slot.computed || (slot.said.source == source && slot.lists.size() < 2);
    });
  }

  void drop_unsaid(const Contribution& contribution) {
    std::erase_if(slots_, [&](const Slot& slot) {
      const bool stated = std::any_of(contribution.elements.begin(), contribution.elements.end(),
                                      [&](const Element& element) { return element.group == slot.group; });
      if (slot.group == kMeta && !is_of_one_source(contribution.said.source)) return false;
      return !slot.computed && !stated && slot.said.source == contribution.said.source &&
             slot.lists.empty() && beats(contribution.said, slot.said);
    });
    std::erase_if(state_.wholes, [&](const Said& whole) { return whole.source == contribution.said.source; });
    state_.wholes.push_back(contribution.said);
    std::sort(state_.wholes.begin(), state_.wholes.end(),
              [](const Said& a, const Said& b) { return a.source < b.source; });
  }

  void say(std::string_view group, std::uint32_t order, std::string_view text, std::string_view value,
           const Said& said, MergeNotes& notes) {
    Slot* slot = find(group);
    if (slot == nullptr) {
      slots_.push_back({stable(group),
                        order == 0xFFFF ? order_of(group) : order,
                        std::string(text),
                        std::string(value),
                        said,
                        {},
                        false});
      return;
    }
    slot->computed = false;
    const bool list = merges_by_key(group) && (value.starts_with('[') || value.empty()) &&
                      (slot->value.starts_with('[') || slot->value.empty());
    if (list && (!slot->lists.empty() || slot->said.source != said.source))
      return say_list(*slot, value, said);
    const bool holds = beats(said, slot->said);
    if (group == kMeta) {
      set_meta(*slot, holds ? with_labels_of(value, slot->value) : with_labels_of(slot->value, value));
      if (holds) slot->said = said;
    } else if (holds) {
      slot->text = text;
      slot->value = value;
      slot->said = said;
    } else if (group == "status" && said.rank < slot->said.rank && said.time > slot->said.time) {
      notes.result_kept = true;
    }
  }

  static void set_meta(Slot& slot, std::string value) {
    slot.value = std::move(value);
    slot.text = slot.value.empty() ? std::string() : "\"meta\":" + slot.value;
  }

  void say_list(Slot& slot, std::string_view value, const Said& said) {
    if (slot.lists.empty()) slot.lists.push_back({slot.said, slot.value});
    const auto own = std::find_if(slot.lists.begin(), slot.lists.end(),
                                  [&](const SourceList& l) { return l.said.source == said.source; });
    if (own == slot.lists.end()) {
      slot.lists.push_back({said, std::string(value)});
    } else if (beats(said, own->said)) {
      *own = {said, std::string(value)};
    } else {
      return;
    }
    std::sort(slot.lists.begin(), slot.lists.end(),
              [](const SourceList& a, const SourceList& b) { return a.said.source < b.said.source; });
    set_lists(slot);
  }

  // The element as its sources' lists make it together.
  static void set_lists(Slot& slot) {
    slot.said = slot.lists.front().said;
    for (const auto& other : slot.lists) {
      if (beats(other.said, slot.said)) slot.said = other.said;
    }
    slot.value = merge_lists(slot.group, slot.lists);
    slot.text = slot.value.empty() ? std::string() : '"' + std::string(slot.group) + "\":" + slot.value;
  }

  void add_event(const Contribution& contribution) {
    EncounterRecord record;
    record.event = contribution.event;
    record.said = contribution.said;
    for (const Element& element : contribution.elements) {
      if (element.group == "status") record.status = element.value;
      if (element.group == "class") record.encounter_class = element.value;
      if (element.group == "location") record.location = element.value;
      if (element.group != "period") continue;
      record.start = unquoted(member_value(element.value, "start"));
      record.end = unquoted(member_value(element.value, "end"));
    }
    add_record(std::move(record));
  }

  void add_record(EncounterRecord record) {
    const auto key = [](const EncounterRecord& e) { return std::tie(e.said.time, e.event, e.said.source); };
    const auto same = std::lower_bound(state_.events.begin(), state_.events.end(), record,
                                       [&](const auto& a, const auto& b) { return key(a) < key(b); });
    if (same != state_.events.end() && key(*same) == key(record)) {
      *same = std::move(record);
    } else {
      state_.events.insert(same, std::move(record));
    }
  }

  void compute_events(const Contribution& contribution, MergeNotes& notes) {
    std::vector<RefusedEvent> refused;
    const EncounterElements made = fold_encounter(state_.events, &refused);
    set_computed("status", made.status);
    set_computed("statusHistory", made.status_history);
    set_computed("class", made.encounter_class);
    set_computed("classHistory", made.class_history);
    set_computed("period", made.period);
    set_computed("location", made.location);
    for (const auto& event : refused) {
      const bool own =
          contribution.about && event.event == contribution.event && event.time == contribution.said.time;
      if (own) notes.refused.push_back(event);
    }
  }

  void set_computed(std::string_view group, const std::string& value) {
    Slot* slot = find(group);
    if (slot == nullptr) {
      slots_.push_back({group, order_of(group), {}, {}, {}, {}, true});
      slot = &slots_.back();
    }
    slot->computed = true;
    slot->lists.clear();
    slot->value = value;
    slot->text = value.empty() ? std::string() : '"' + std::string(group) + "\":" + value;
  }

  void hide_for_ending() {
    for (const auto& change : ending_changes(type_.name.view(), state_.ending)) {
      Slot* slot = find(change.group);
      state_.hidden.push_back({std::string(change.group), slot != nullptr ? slot->text : std::string()});
      if (slot == nullptr) {
        slots_.push_back({change.group, order_of(change.group), {}, {}, state_.base, {}, false});
        slot = &slots_.back();
      }
      slot->text = change.text;
    }
  }

  // The Said that most elements share becomes the base; the rest are exceptions, in order of their groups.
  void encode_slots() {
    state_.exceptions.clear();
    std::vector<std::pair<Said, std::size_t>> counts;
    for (const Slot& slot : slots_) {
      if (slot.computed || (slot.text.empty() && !is_hidden(slot.group))) continue;
      const auto found =
          std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == slot.said; });
      if (found == counts.end()) {
        counts.emplace_back(slot.said, 1);
      } else {
        ++found->second;
      }
    }
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second < b.second : a.first.time < b.first.time;
    });
    if (most != counts.end()) state_.base = most->first;
    for (Slot& slot : slots_) {
      const bool removed = slot.text.empty() && !is_hidden(slot.group);
      if (slot.computed || (!removed && slot.said == state_.base && slot.lists.empty())) continue;
      state_.exceptions.push_back({std::string(slot.group), slot.said, removed, std::move(slot.lists)});
    }
  }

  bool is_hidden(std::string_view group) const {
    return std::any_of(state_.hidden.begin(), state_.hidden.end(),
                       [&](const auto& h) { return h.group == group; });
  }

  const fhir::Type& type_;
  MergeState state_;
  std::vector<Slot> slots_;
  std::deque<std::string> names_;
};

}  // namespace

Result<Merged> merge(const fhir::Type& type, std::string_view body, MergeState state,
                     const Contribution& contribution, MergeNotes& notes) {
  Merge merge(type, std::move(state));
  if (const auto loaded = merge.load(body); !loaded) return forward(loaded);
  merge.apply(contribution, notes);
  return merge.finish();
}

Result<Merged> retract(const fhir::Type& type, std::string_view body, MergeState state, const Said& said,
                       const SupersededPart& part, bool& alone) {
  Merge merge(type, std::move(state));
  if (const auto loaded = merge.load(body); !loaded) return forward(loaded);
  alone = merge.is_said_only(said, part.time);
  if (alone) {
    merge.end(Ending::EnteredInError);
  } else {
    merge.take_out(said, part);
    merge.compute_events_anew();
  }
  return merge.finish();
}

Result<Merged> absorb(const fhir::Type& type, std::string_view body, MergeState state, Absorbed other) {
  Merge from(type, std::move(other.state)), merge(type, std::move(state));
  if (const auto loaded = from.load(other.body); !loaded) return forward(loaded);
  if (const auto loaded = merge.load(body); !loaded) return forward(loaded);
  merge.absorb(from, other);
  return merge.finish();
}

std::uint32_t identifier_source_of(std::uint32_t source, const Uuid& minted) noexcept {
  constexpr std::uint32_t kOfANumber = 0x8000'0000;  // above all rows of sources
  if ((source & kOfANumber) != 0) return source;     // already one's
  std::uint32_t hash = 2'166'136'261u;
  for (const auto byte : minted.bytes) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 16'777'619u;
  return (hash ^ source * 2'654'435'761u) | kOfANumber;
}

Result<Merged> set_ending(const fhir::Type& type, std::string_view body, MergeState state, Ending ending) {
  Merge merge(type, std::move(state));
  if (const auto loaded = merge.load(body); !loaded) return forward(loaded);
  merge.end(ending);
  return merge.finish();
}

void rank_result(std::string_view resource_type, std::span<const Element> elements, bool may_downgrade,
                 Said& said) {
  if (resource_type != "Observation" && resource_type != "DiagnosticReport") return;
  std::string_view status;
  for (const Element& element : elements) {
    if (element.group == "status") status = unquoted(element.value);
  }
  const bool preliminary = status.empty() || status == "registered" || status == "partial" ||
                           status == "preliminary" || status == "unknown";
  said.rank = preliminary && !may_downgrade ? 1 : 2;
  if (status == "corrected" || status == "amended" || status == "appended") said.correction = 1;
  if (status == "entered-in-error" || status == "cancelled") said.correction = 2;
}

}  // namespace lienthong::repository::sqlite
