#include "gateway/repository/sqlite/encounter_fold.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "gateway/repository/sqlite/elements.h"
#include "gateway/repository/sqlite/fhir_time.h"

namespace lienthong::repository::sqlite {
namespace {

using std::chrono::microseconds;

struct Span {
  std::string value;       // status code, class object, or location object
  std::string start, end;  // dateTime texts
  bool by_transfer = false;
};

// "2026-01-02T10:00:00+07:00" → "+07:00": histories are written in the zone that the source states.
std::string_view zone_of(std::string_view time) {
  const auto at = time.find('T');
  if (at == std::string_view::npos) return {};
  const auto zone = time.find_first_of("+-Z", at);
  return zone == std::string_view::npos ? std::string_view() : time.substr(zone);
}

class Fold {
 public:
  explicit Fold(std::vector<RefusedEvent>* refused) : refused_(refused) {}

  void apply(const EncounterRecord& event) {
    if (const auto zone = zone_of(event.start.empty() ? event.end : event.start); !zone.empty()) zone_ = zone;
    const Transition cell = transition(event.event, state_);
    const std::string at = dateTime(event.said.time);
    EncounterState to = state_;
    if (!target(event, cell, to)) return;
    set_times(event, to, at);
    set_class(event, at);
    set_location(event, at);
    enter(to, event.said.time, at);
  }

  EncounterElements result() const {
    EncounterElements out;
    out.status = '"' + std::string(status_code(state_)) + '"';
    out.status_history = history(statuses_, "status");
    if (!classes_.empty()) out.encounter_class = classes_.back().value;
    out.class_history = history(classes_, "class");
    out.period = period_json(start_, end_);
    out.location = location_json();
    return out;
  }

 private:
  std::string dateTime(std::int64_t time) const {
    return format_date_time(Instant(microseconds(time)), zone_);
  }

  void refuse(const EncounterRecord& event, bool long_after) {
    if (refused_ != nullptr) refused_->push_back({event.event, event.said.time, state_, long_after});
  }

  bool target(const EncounterRecord& event, const Transition& cell, EncounterState& to) {
    switch (cell.move) {
      case Move::Keep:
        return true;
      case Move::Go:
        to = arrival(event, cell.to);
        return true;
      case Move::Back:
        to = before_end_;
        return true;
      case Move::Stated: {
        const auto stated = state_of_status(unquoted(event.status));
        if (stated != EncounterState::None) to = stated;
        return true;
      }
      case Move::Reopen:
        if (event.said.time - ended_at_ > kReopenWithin) return refuse(event, true), false;
        to = arrival(event, cell.to);
        return true;
      case Move::Refuse:
        break;
    }
    refuse(event, false);
    return false;
  }

  // An outpatient who is already being treated: the claim may say so.
  static EncounterState arrival(const EncounterRecord& event, EncounterState to) {
    const bool in_progress = unquoted(event.status) == "in-progress";
    return to == EncounterState::Arrived && in_progress ? EncounterState::InProgress : to;
  }

  void set_times(const EncounterRecord& event, EncounterState to, const std::string& at) {
    const bool begins = event.event == EncounterEvent::Admit || event.event == EncounterEvent::Register;
    if (!event.start.empty()) {
      start_ = event.start;
    } else if (begins && start_.empty()) {
      start_ = at;
    }
    if (to != EncounterState::Finished) {
      end_.clear();
    } else if (!event.end.empty()) {
      end_ = event.end;
    } else if (event.event == EncounterEvent::Discharge) {
      end_ = at;
    }
  }

  void set_class(const EncounterRecord& event, const std::string& at) {
    if (event.encounter_class.empty()) return;
    if (!classes_.empty() && classes_.back().value == event.encounter_class) return;
    const bool correction = event.event == EncounterEvent::Update || event.event == EncounterEvent::State;
    if (!classes_.empty() && correction) {
      classes_.back().value = event.encounter_class;
      return;
    }
    if (!classes_.empty()) classes_.back().end = at;
    classes_.push_back({event.encounter_class, classes_.empty() && !start_.empty() ? start_ : at, {}, false});
  }

  void set_location(const EncounterRecord& event, const std::string& at) {
    if (event.event == EncounterEvent::CancelTransfer) {
      if (places_.size() < 2 || !places_.back().by_transfer) return;
      places_.pop_back();
      places_.back().end.clear();
      return;
    }
    const auto items = split_array(event.location);
    if (items.empty()) return;
    const std::string place = place_of(items.front());
    if (places_.empty()) {
      places_.push_back({place, start_.empty() ? at : start_, {}, false});
      return;
    }
    if (places_.back().value == place) return;
    const bool moves = event.event != EncounterEvent::Update && event.event != EncounterEvent::Discharge &&
                       event.event != EncounterEvent::State;
    if (!moves) {
      places_.back().value = place;
      return;
    }
    places_.back().end = at;
    places_.push_back({place, at, {}, event.event == EncounterEvent::Transfer});
  }

  // The item without the status and period that are computed here.
  static std::string place_of(std::string_view item) {
    std::vector<fhir::TopLevelMember> members;
    if (!fhir::split_top_level(item, members)) return {};
    std::string place;
    for (const auto& member : members) {
      if (member.name == "status" || member.name == "period") continue;
      if (!place.empty()) place += ',';
      place.append("\"").append(member.name).append("\":").append(member.value);
    }
    return place;
  }

  void enter(EncounterState to, std::int64_t time, const std::string& at) {
    if (to == EncounterState::Finished) {
      ended_at_ = time;
      if (state_ != EncounterState::Finished)
        before_end_ = state_ == EncounterState::None ? EncounterState::InProgress : state_;
    }
    if (!places_.empty()) {
      if (to == EncounterState::Finished || to == EncounterState::Cancelled) {
        places_.back().end = end_.empty() ? at : end_;
      } else {
        places_.back().end.clear();
      }
    }
    if (to == state_) return;
    if (!statuses_.empty()) statuses_.back().end = at;
    statuses_.push_back({'"' + std::string(status_code(to)) + '"',
                         statuses_.empty() && !start_.empty() ? start_ : at,
                         {},
                         false});
    state_ = to;
  }

  static std::string period_json(std::string_view start, std::string_view end) {
    if (start.empty() && end.empty()) return {};
    std::string json = "{";
    if (!start.empty()) json.append("\"start\":\"").append(start).append("\"");
    if (!end.empty()) json.append(start.empty() ? "" : ",").append("\"end\":\"").append(end).append("\"");
    return json += '}';
  }

  // What was before the present one.
  static std::string history(const std::vector<Span>& spans, std::string_view name) {
    std::string json;
    for (std::size_t i = 0; i + 1 < spans.size(); ++i) {
      json += json.empty() ? "[{\"" : ",{\"";
      json.append(name).append("\":").append(spans[i].value).append(",\"period\":");
      json.append(period_json(spans[i].start, spans[i].end)).append("}");
    }
    return json.empty() ? json : json += ']';
  }

  std::string location_json() const {
    std::string json;
    for (const Span& place : places_) {
      json += json.empty() ? "[{" : ",{";
      json.append(place.value).append(place.value.empty() ? "" : ",");
      json.append(place.end.empty() ? "\"status\":\"active\"" : "\"status\":\"completed\"");
      json.append(",\"period\":").append(period_json(place.start, place.end)).append("}");
    }
    return json.empty() ? json : json += ']';
  }

  std::vector<RefusedEvent>* refused_;
  EncounterState state_ = EncounterState::None;
  EncounterState before_end_ = EncounterState::InProgress;
  std::int64_t ended_at_ = 0;
  std::string start_, end_, zone_ = "Z";
  std::vector<Span> statuses_, classes_, places_;
};

}  // namespace

namespace {

std::vector<const EncounterRecord*> in_order(std::span<const EncounterRecord> events) {
  std::vector<const EncounterRecord*> ordered;
  ordered.reserve(events.size());
  for (const auto& event : events) ordered.push_back(&event);
  std::sort(ordered.begin(), ordered.end(), [](const EncounterRecord* a, const EncounterRecord* b) {
    if (a->said.time != b->said.time) return a->said.time < b->said.time;
    if (a->event != b->event) return a->event < b->event;
    return a->said.source < b->said.source;
  });
  return ordered;
}

}  // namespace

EncounterElements fold_encounter(std::span<const EncounterRecord> events,
                                 std::vector<RefusedEvent>* refused) {
  Fold fold(refused);
  for (const auto* event : in_order(events)) fold.apply(*event);
  return fold.result();
}

std::vector<std::int64_t> later_visits(std::span<const EncounterRecord> events) {
  std::vector<std::int64_t> starts;
  const auto [first, last] = std::minmax_element(
      events.begin(), events.end(), [](const auto& a, const auto& b) { return a.said.time < b.said.time; });
  if (first == events.end() || last->said.time - first->said.time <= kReopenWithin) return starts;
  const auto ordered = in_order(events);
  std::vector<RefusedEvent> refused;
  std::optional<Fold> fold(std::in_place, &refused);
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    fold->apply(*ordered[i]);
    const bool another = !refused.empty() && refused.back().long_after_end;
    refused.clear();
    if (!another) continue;
    starts.push_back(ordered[i]->said.time);
    while (i > 0 && ordered[i - 1]->said.time == starts.back()) --i;  // what came at once belongs to it
    fold.emplace(&refused);
    --i;
  }
  return starts;
}

bool follows_from_events(std::string_view group) noexcept {
  static constexpr std::array<std::string_view, 6> kGroups = {"status",       "statusHistory", "class",
                                                              "classHistory", "period",        "location"};
  return std::find(kGroups.begin(), kGroups.end(), group) != kGroups.end();
}

}  // namespace lienthong::repository::sqlite
