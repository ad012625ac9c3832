#include "gateway/convert/stencil_recorder.h"

#include <algorithm>
#include <map>

#include "gateway/convert/json_text.h"

namespace lienthong::convert {
namespace {

using What = StencilGap::What;

bool writes(What what) noexcept {
  return what == What::Plain || what == What::Computed || what == What::MentionId || what == What::SlotId ||
         what == What::MadeId;
}

// Of what stands at one offset, what comes first: an item ends before the next begins, and it begins before
// what is in it.
int rank(What what) noexcept {
  if (what == What::ItemEnd) return 0;
  if (what == What::ItemStart) return 2;
  return writes(what) ? 3 : 1;
}

// What failed without a word must do so again; that it was written and cut back is told by doing it again.
bool try_again(StencilGap& gap) noexcept {
  switch (gap.what) {
    case What::Plain:
      gap.what = What::TriedPlain;
      return true;
    case What::Computed:
      gap.what = What::TriedComputed;
      return true;
    case What::Silent:
    case What::TriedPlain:
    case What::TriedComputed:
    case What::Mention:
      return true;
    default:
      return false;
  }
}

}  // namespace

void StencilRecorder::add(StencilGap gap, std::uint32_t from, std::uint32_t to) {
  constexpr std::size_t kMostEvents = 512;
  if (events_.size() >= kMostEvents) return give_up();
  events_.push_back({gap, from - start_, to - start_});
}

void StencilRecorder::rewind(std::uint32_t to) {
  if (to < start_) return give_up();
  const auto cut = to - start_;
  const auto is_gone = [&](Event& event) {
    if (event.to <= cut && event.from < cut) return false;
    if (event.from == cut && event.to == cut && rank(event.gap.what) == 1) return false;
    event.from = event.to = cut;
    return !try_again(event.gap);
  };
  events_.erase(std::remove_if(events_.begin(), events_.end(), is_gone), events_.end());
}

void StencilRecorder::put_in_order() {
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
    if (a.from != b.from) return a.from < b.from;
    return rank(a.gap.what) < rank(b.gap.what);
  });
}

// An item that stands alone is compared with no other.
void StencilRecorder::drop_single_items() {
  std::map<std::uint32_t, std::size_t> items;  // by array
  for (const auto& event : events_) {
    if (event.gap.what == What::ItemEnd) ++items[event.gap.node];
  }
  const auto is_single = [&](const Event& event) {
    const auto what = event.gap.what;
    return (what == What::ItemStart || what == What::ItemEnd) && items[event.gap.node] < 2;
  };
  events_.erase(std::remove_if(events_.begin(), events_.end(), is_single), events_.end());
}

std::optional<Stencil> StencilRecorder::finish(std::string_view text, std::string_view shape) {
  if (is_lost_) return std::nullopt;
  drop_single_items();
  put_in_order();
  Stencil stencil;
  stencil.shape = shape;
  text.remove_prefix(start_);
  std::uint32_t copied = 0;
  for (auto& event : events_) {
    if (event.from < copied || event.to > text.size()) return std::nullopt;
    stencil.text += text.substr(copied, event.from - copied);
    event.gap.text_end = static_cast<std::uint32_t>(stencil.text.size());
    stencil.gaps.push_back(event.gap);
    copied = event.to;
  }
  stencil.text += text.substr(copied);
  stencil.text_size = static_cast<std::uint32_t>(stencil.text.size());
  stencil.text.append(JsonText::kBlock, '\0');
  stencil.gaps.shrink_to_fit();
  stencil.text.shrink_to_fit();
  return stencil;
}

}  // namespace lienthong::convert
