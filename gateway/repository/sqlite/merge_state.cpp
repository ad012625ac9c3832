#include "gateway/repository/sqlite/merge_state.h"

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/byte_codec.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::int64_t kSecond = 1'000'000;

// Event times are mostly whole seconds: five bytes instead of eight.
void write_time(ByteWriter& out, std::int64_t time) {
  out.signed_number(time % kSecond == 0 ? time / kSecond * 2 : time * 2 + 1);
}

std::int64_t read_time(ByteReader& in) {
  const std::int64_t value = in.signed_number();
  if (value % 2 != 0) return (value - 1) / 2;
  return value / 2 > INT64_MAX / kSecond ? 0 : value / 2 * kSecond;
}

// Each Said once; the rest of the blob names them by index.
class SaidTable {
 public:
  std::size_t index(const Said& said) {
    const auto found = std::find(all_.begin(), all_.end(), said);
    if (found != all_.end()) return static_cast<std::size_t>(found - all_.begin());
    all_.push_back(said);
    return all_.size() - 1;
  }
  void collect(const MergeState& state) {
    index(state.base);
    for (const auto& exception : state.exceptions) {
      index(exception.said);
      for (const auto& list : exception.lists) index(list.said);
    }
    for (const auto& whole : state.wholes) index(whole);
    for (const auto& event : state.events) index(event.said);
  }
  void write(ByteWriter& out) const {
    out.number(all_.size());
    for (const auto& said : all_) {
      out.number(said.source);
      out.signed_number(said.precedence);
      write_time(out, said.time);
      out.number(said.rank * 4u + said.correction);
    }
  }
  void read(ByteReader& in) {
    all_.resize(std::max<std::size_t>(in.count(), 1));
    for (auto& said : all_) {
      said.source = static_cast<std::uint32_t>(in.number());
      said.precedence = static_cast<std::int32_t>(in.signed_number());
      said.time = read_time(in);
      const std::uint64_t rank = in.number();
      said.rank = static_cast<std::uint8_t>(rank / 4);
      said.correction = static_cast<std::uint8_t>(rank % 4);
    }
  }
  const Said& at(std::uint64_t index) const { return all_[index < all_.size() ? index : 0]; }

 private:
  std::vector<Said> all_;
};

void write_exceptions(ByteWriter& out, SaidTable& saids, const MergeState& state) {
  out.number(state.exceptions.size());
  for (const auto& exception : state.exceptions) {
    out.text(exception.group);
    out.number(saids.index(exception.said) * 2 + (exception.removed ? 1 : 0));
    out.number(exception.lists.size());
    for (const auto& list : exception.lists) {
      out.number(saids.index(list.said));
      out.text(list.value);
    }
  }
}

void read_exceptions(ByteReader& in, const SaidTable& saids, MergeState& state) {
  state.exceptions.resize(in.count());
  for (auto& exception : state.exceptions) {
    exception.group = in.text();
    const std::uint64_t said = in.number();
    exception.said = saids.at(said / 2);
    exception.removed = said % 2 != 0;
    exception.lists.resize(in.count());
    for (auto& list : exception.lists) {
      list.said = saids.at(in.number());
      list.value = in.text();
    }
  }
}

void write_events(ByteWriter& out, SaidTable& saids, const MergeState& state) {
  out.number(state.events.size());
  for (const auto& event : state.events) {
    out.number(static_cast<std::uint64_t>(event.event));
    out.number(saids.index(event.said));
    for (const auto* text :
         {&event.status, &event.encounter_class, &event.location, &event.start, &event.end}) {
      out.text(*text);
    }
  }
}

void read_events(ByteReader& in, const SaidTable& saids, MergeState& state) {
  state.events.resize(in.count());
  for (auto& event : state.events) {
    event.event = static_cast<EncounterEvent>(in.number());
    event.said = saids.at(in.number());
    for (auto* text : {&event.status, &event.encounter_class, &event.location, &event.start, &event.end}) {
      *text = in.text();
    }
  }
}

}  // namespace

std::string encode_state(const MergeState& state) {
  SaidTable saids;
  saids.collect(state);
  ByteWriter out;
  out.number(kFormat);
  saids.write(out);
  const bool simple = state.exceptions.empty() && state.wholes.empty() && state.events.empty() &&
                      state.ending == Ending::None;
  if (simple) return out.take();
  write_exceptions(out, saids, state);
  out.number(state.wholes.size());
  for (const auto& whole : state.wholes) out.number(saids.index(whole));
  write_events(out, saids, state);
  out.number(static_cast<std::uint64_t>(state.ending));
  out.number(state.hidden.size());
  for (const auto& hidden : state.hidden) {
    out.text(hidden.group);
    out.text(hidden.text);
  }
  return out.take();
}

Result<MergeState> decode_state(std::string_view bytes) {
  ByteReader in(bytes);
  MergeState state;
  const bool known = in.number() == kFormat;
  SaidTable saids;
  saids.read(in);
  state.base = saids.at(0);
  if (known && in.ok() && in.at_end()) return state;
  read_exceptions(in, saids, state);
  state.wholes.resize(in.count());
  for (auto& whole : state.wholes) whole = saids.at(in.number());
  read_events(in, saids, state);
  state.ending = static_cast<Ending>(in.number());
  state.hidden.resize(in.count());
  for (auto& hidden : state.hidden) {
    hidden.group = in.text();
    hidden.text = in.text();
  }
  if (!known || !in.ok())
    return fail(Category::Fault, kDamagedBody, "A resource's merge state cannot be read.");
  return state;
}

}  // namespace lienthong::repository::sqlite
