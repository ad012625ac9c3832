#include "gateway/app/morning.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/app/morning_message.h"
#include "gateway/app/morning_person.h"
#include "gateway/base/seeded_random.h"

namespace lienthong::app {
namespace {

using Time = std::chrono::sys_seconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t kGroup = 64;  // patients whose messages are interleaved
constexpr auto kOpens = std::chrono::hours(7);
constexpr std::uint64_t kMorningMinutes = 5 * 60;

}  // namespace

// One patient's day, written event by event.
class MorningDay {
 public:
  MorningDay(const MorningOptions& options, std::uint64_t number)
      : options_(options),
        number_(number),
        random_(options.seed, number ^ 0x646179u),
        person_(invent_person(options.seed, number)) {
    clock_ = options.day + kOpens + minutes(random_.below(kMorningMinutes)) + seconds(random_.below(60));
    visit_ = invent_visit(random_, fmt::format("{}{:03}{:07}", "L", options.seed % 1000, number), clock_);
  }

  template <class Emit>
  void play(Emit emit) {
    const auto kind = random_.below(10);
    if (kind == 0) adt("A28", emit);
    visit_.patient_class = kind < 6 ? 'O' : kind < 9 ? 'I' : 'E';
    visit_.admitted = clock_;
    adt(visit_.patient_class == 'I' ? "A01" : "A04", emit);
    if (kind == 9 && random_.one_in(3)) return adt("A11", emit);
    if (options_.corrections && random_.one_in(4)) change_address(kind == 0 ? "A31" : "A08", emit);
    results(emit);
    if (visit_.patient_class == 'I' && random_.one_in(2)) transfer(emit);
    if (visit_.patient_class != 'I' || random_.one_in(3)) discharge(emit);
  }

 private:
  template <class Emit>
  void adt(std::string_view trigger, Emit& emit) {
    emit(clock_, fmt::format("ADT^{}", trigger), write_adt(head("HIS"), trigger, person_, visit_));
    pass(2, 20);
  }

  template <class Emit>
  void change_address(std::string_view trigger, Emit& emit) {
    move_house(person_, options_.seed, number_);
    adt(trigger, emit);
  }

  template <class Emit>
  void results(Emit& emit) {
    const auto orders = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < orders; ++i) {
      MorningOrder order;
      order.panel = i;
      order.placer = fmt::format("D{:03}{:07}{}", options_.seed % 1000, number_, i);
      order.filler = fmt::format("X{:03}{:07}{}", options_.seed % 1000, number_, i);
      order.values_seed = random_.next();
      order.collected = clock_;
      pass(10, 40);
      oru(order, emit);
      if (!options_.corrections || !random_.one_in(8)) continue;
      order.corrected = true;
      oru(order, emit);
    }
  }

  template <class Emit>
  void oru(const MorningOrder& order, Emit& emit) {
    emit(clock_, "ORU^R01", write_oru(head("LIS"), person_, visit_, order));
    pass(1, 10);
  }

  template <class Emit>
  void transfer(Emit& emit) {
    visit_.prior_location = visit_.location;
    while (visit_.location == visit_.prior_location) visit_.location = invent_location(random_);
    adt("A02", emit);
    visit_.prior_location.clear();
  }

  template <class Emit>
  void discharge(Emit& emit) {
    visit_.discharged = clock_;
    adt("A03", emit);
    if (!options_.corrections || !random_.one_in(10)) return;
    visit_.discharged = Time{};
    adt("A13", emit);
    visit_.discharged = clock_;
    adt("A03", emit);
  }

  MorningLetterhead head(std::string_view application) {
    return {application, options_.facility,
            fmt::format("{:03}{:07}{:02}", options_.seed % 1000, number_, ++sequence_), clock_};
  }

  void pass(std::uint64_t least, std::uint64_t most) {
    clock_ += minutes(least + random_.below(most - least)) + seconds(random_.below(60));
  }

  const MorningOptions& options_;
  std::uint64_t number_;
  SeededRandom random_;
  InventedPerson person_;
  MorningVisit visit_;
  Time clock_;
  unsigned sequence_ = 0;
};

Morning::Morning(MorningOptions options)
    : options_(std::move(options)), next_patient_(options_.first_patient) {}

void Morning::add_patient(std::uint64_t number) {
  SeededRandom random(options_.seed, number ^ 0x74776963u);
  MorningDay(options_, number).play([&](Time at, std::string type, std::string text) {
    MorningMessage message{std::move(text), std::move(type), number, false};
    if (options_.duplicates && random.one_in(20)) {
      auto again = message;
      again.repeated = true;
      events_.push_back({at + minutes(1 + random.below(90)), std::move(again)});
    }
    events_.push_back({at, std::move(message)});
  });
}

void Morning::fill() {
  events_.clear();
  next_event_ = 0;
  const auto end = options_.first_patient + options_.patients;
  const auto group_end = std::min(end, next_patient_ + kGroup);
  while (next_patient_ < group_end) add_patient(next_patient_++);
  std::stable_sort(events_.begin(), events_.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
}

bool Morning::next(MorningMessage& message) {
  if (next_event_ == events_.size()) fill();
  if (events_.empty()) return false;
  message = std::move(events_[next_event_++].message);
  return true;
}

}  // namespace lienthong::app
