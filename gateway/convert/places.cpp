#include "gateway/convert/places.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace lienthong::convert {
namespace {

std::size_t slot_of(lt_node node, std::uint32_t kind) noexcept {
  auto mixed = (node ^ (std::uint64_t{kind} << 20)) * 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(mixed >> 48);
}

}  // namespace

const PlaceValues* Places::find(lt_node node, std::uint32_t kind) {
  if (slots_.empty()) slots_.resize(kSlots);
  auto at = slot_of(node, kind) % kSlots;
  while (slots_[at].generation == generation_) {
    if (slots_[at].node == node && slots_[at].kind == kind) return &slots_[at];
    at = (at + 1) % kSlots;
  }
  if (used_slots_ >= kSlots / 2) return nullptr;
  PlaceValues place;
  place.node = node;
  place.kind = kind;
  place.generation = generation_;
  if (!take(kind, place)) return nullptr;
  fetch(place);
  ++used_slots_;
  slots_[at] = place;
  return &slots_[at];
}

void Places::forget() noexcept {
  if (++generation_ == 0) {
    std::fill(slots_.begin(), slots_.end(), PlaceValues{});
    generation_ = 1;
  }
  used_slots_ = block_ = block_words_ = 0;
  held_.clear();
}

// Memory for a place's bits and values; false when all that places may take is taken.
bool Places::take(std::uint32_t kind, PlaceValues& place) {
  static_assert(sizeof(lt_value) % sizeof(std::uint64_t) == 0);
  const auto columns = program_.places[kind].columns.size();
  const auto bits = (columns + 63) / 64;
  const auto words = bits + columns * (sizeof(lt_value) / sizeof(std::uint64_t));
  while (block_ < blocks_.size() && block_words_ + words > capacity_[block_]) {
    ++block_;
    block_words_ = 0;
  }
  if (block_ == blocks_.size()) {
    const auto taken = capacity_.empty() ? 0 : capacity_.back() * sizeof(std::uint64_t);
    if (taken >= kMostBytes && used_slots_ > 0) return false;
    const auto size =
        std::max({words, kFirstBytes / sizeof(std::uint64_t), taken * 2 / sizeof(std::uint64_t)});
    blocks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(size));
    capacity_.push_back(size);
  }
  place.there = blocks_[block_].get() + block_words_;
  place.values = reinterpret_cast<lt_value*>(place.there + bits);
  block_words_ += words;
  return true;
}

// An adapter without fetch() is asked for each value when it is wanted.
void Places::fetch(PlaceValues& place) noexcept {
  const auto& kind = program_.places[place.kind];
  const void* plan = message_.plan(place.kind);
  if (plan != nullptr && message_.adapter().fetch(message_.record(), &message_.host(), plan, place.node,
                                                  place.values, place.there) == LT_OK)
    return;
  std::fill_n(place.there, (kind.columns.size() + 63) / 64, ~std::uint64_t{0});
  for (std::size_t i = 0; i < kind.columns.size(); ++i) place.values[i].flags = LT_VALUE_ASK;
}

void Places::settle(const PlaceValues& place, lt_value& value, lt_path path) {
  if (!held_.empty()) return settle_held(place, value, path);
  if (!message_.is_settled(value)) message_.settle(place.node, path, value);
  value.flags |= kSettled;
}

// The adapter may tell a problem once only: what was held back takes the place of what it tells now.
void Places::settle_held(const PlaceValues& place, lt_value& value, lt_path path) {
  auto held = std::move(held_);
  held_.clear();
  const auto is_own = [&](const Held& one) { return one.value == &value; };
  const auto own = std::stable_partition(held.begin(), held.end(), std::not_fn(is_own));
  auto& sink = message_.sink();
  ProblemSink told_again;
  if (own != held.end()) message_.set_sink(told_again);
  settle(place, value, path);
  message_.set_sink(sink);
  for (auto one = own; one != held.end(); ++one) sink.add(std::move(one->problem));
  held.erase(own, held.end());
  held_ = std::move(held);
}

// An adapter that fetches asks to be asked for what it may complain of. Text that needs decoding is left
// alone: what is damaged is told once a message.
bool Places::ask_quietly(const PlaceValues& place, lt_value& value) {
  const bool may_complain = (value.flags & (LT_VALUE_ASK | LT_VALUE_QUIET)) == LT_VALUE_ASK;
  if (!message_.is_readable() || (may_complain && message_.plan(place.kind) != nullptr)) return false;
  const auto is_own = [&](const Held& one) { return one.value == &value; };
  if (std::any_of(held_.begin(), held_.end(), is_own)) return false;  // asked before, and held back
  const auto as_fetched = value;
  auto& sink = message_.sink();
  ProblemSink problems;
  message_.set_sink(problems);
  settle(place, value, program_.places[place.kind].columns[static_cast<std::size_t>(&value - place.values)]);
  message_.set_sink(sink);
  if (problems.problems().empty()) return true;
  value = as_fetched;
  for (const auto& problem : problems.problems()) held_.push_back({&value, problem});
  return false;
}

}  // namespace lienthong::convert
