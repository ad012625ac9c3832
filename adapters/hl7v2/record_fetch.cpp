// fetch(): all values that a mapping reads of a node in one walk over its bytes.  Finds what get() would
// find; whatever needs more than cutting is left to get().

#include "adapters/hl7v2/bytes.h"
#include "adapters/hl7v2/reading_plan.h"
#include "adapters/hl7v2/record.h"

namespace lienthong::hl7v2 {
namespace {

bool is_null(const char* begin, const char* end) noexcept {
  return end - begin == 2 && begin[0] == '"' && begin[1] == '"';
}

// Where a short field has what it is cut at.
class FieldSigns {
 public:
  static constexpr std::size_t kMostBytes = 64;
  struct Found {
    std::uint64_t components = 0;  // bits of the offsets of component separators
    std::uint64_t others = 0;      // … of what tells repetitions apart or escapes
  };

  explicit FieldSigns(const Delimiters& delimiters) noexcept
      : component_(_mm_set1_epi8(delimiters.component)),
        repetition_(_mm_set1_epi8(delimiters.repetition)),
        escape_(_mm_set1_epi8(delimiters.escape == '\0' ? delimiters.repetition : delimiters.escape)) {}

  // Of 1 … kMostBytes bytes.  Loads up to 15 bytes behind them: every input is padded.
  Found find(const char* begin, std::size_t size) const noexcept {
    Found found;
    for (std::size_t at = 0; at < size; at += 16) {
      const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin + at));
      const __m128i other = _mm_or_si128(_mm_cmpeq_epi8(block, repetition_), _mm_cmpeq_epi8(block, escape_));
      found.components |= bits(_mm_cmpeq_epi8(block, component_)) << at;
      found.others |= bits(other) << at;
    }
    const std::uint64_t inside = ~std::uint64_t{0} >> (kMostBytes - size);
    return {found.components & inside, found.others & inside};
  }

 private:
  static std::uint64_t bits(__m128i mask) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(mask));
  }

  __m128i component_, repetition_, escape_;
};

// Walks one repetition of a field and fills in the wanted parts.
class Cutter {
 public:
  Cutter(const Scan& scan, lt_value* values, std::uint64_t* there) noexcept
      : data_(scan.data),
        delimiters_(scan.delimiters),
        values_(values),
        there_(there),
        signs_(scan.delimiters),
        may_escape_(scan.may_escape) {}

  // The first repetition of a field; most fields are short, have no other, and nothing escaped.
  void cut_first(const char* begin, const char* end, std::span<const PlannedValue> wanted) noexcept {
    const auto size = static_cast<std::size_t>(end - begin);
    if (size > FieldSigns::kMostBytes) return cut_long(begin, end, wanted);
    const auto found = signs_.find(begin, size);
    if (found.others != 0) return cut_long(begin, end, wanted);
    escaped_ = false;
    cut_plain(begin, end, found.components, wanted);
  }

  // `may_escape`: something between begin and end may be an escape.
  void cut(const char* begin, const char* end, std::span<const PlannedValue> values,
           bool may_escape) noexcept {
    escaped_ = may_escape && may_escape_ && find_byte(begin, end, delimiters_.escape) != end;
    const PlannedValue* wanted = values.data();
    const PlannedValue* const behind = wanted + values.size();
    const bool null = is_null(begin, end);  // explicitly nothing, and so is every part of it
    const char* component = begin;
    const char* component_end = nullptr;
    std::uint32_t at = 1;
    for (; wanted != behind; ++wanted) {
      if (null || wanted->component == 0) {
        set(wanted->number, begin, end);
        continue;
      }
      for (; at < wanted->component; ++at) {
        if (component_end == nullptr) component_end = find_byte(component, end, delimiters_.component);
        if (component_end == end) return;
        component = component_end + 1;
        component_end = nullptr;
      }
      if (component_end == nullptr) component_end = find_byte(component, end, delimiters_.component);
      if (component != component_end) cut_component(*wanted, component, component_end);
    }
  }

  void ask(std::uint32_t number) noexcept {
    values_[number].flags = may_escape_ ? LT_VALUE_ASK : LT_VALUE_ASK | LT_VALUE_QUIET;
    mark(number);
  }

 private:
  void cut_long(const char* begin, const char* end, std::span<const PlannedValue> wanted) noexcept {
    const char escape = delimiters_.escape == '\0' ? delimiters_.repetition : delimiters_.escape;
    const char* stop = find_either(begin, end, delimiters_.repetition, escape);
    if (stop != end) end = find_byte(stop, end, delimiters_.repetition);
    cut(begin, end, wanted, stop != end);
  }

  // One repetition whose component separators are known, as offsets' bits; nothing in it is an escape.
  void cut_plain(const char* begin, const char* end, std::uint64_t separators,
                 std::span<const PlannedValue> values) noexcept {
    const bool null = is_null(begin, end);
    const auto stop_at = [&] { return separators == 0 ? end : begin + std::countr_zero(separators); };
    const char* component = begin;
    const char* component_end = stop_at();
    std::uint32_t at = 1;
    for (const PlannedValue& wanted : values) {
      if (null || wanted.component == 0) {
        set(wanted.number, begin, end);
        continue;
      }
      for (; at < wanted.component; ++at) {
        if (separators == 0) return;
        separators &= separators - 1;
        component = component_end + 1;
        component_end = stop_at();
      }
      if (component != component_end) cut_component(wanted, component, component_end);
    }
  }

  void cut_component(const PlannedValue& wanted, const char* begin, const char* end) noexcept {
    if (wanted.subcomponent == 0 || is_null(begin, end)) return set(wanted.number, begin, end);
    const char* stop = find_byte(begin, end, delimiters_.subcomponent);
    for (std::uint32_t n = wanted.subcomponent; n > 1; --n) {
      if (stop == end) return;
      begin = stop + 1;
      stop = find_byte(begin, end, delimiters_.subcomponent);
    }
    if (begin != stop) set(wanted.number, begin, stop);
  }

  void set(std::uint32_t number, const char* begin, const char* end) noexcept {
    mark(number);
    lt_value& value = values_[number];
    value.text = {begin, static_cast<std::size_t>(end - begin)};
    value.offset = static_cast<std::uint32_t>(begin - data_);
    value.length = static_cast<std::uint32_t>(end - begin);
    value.presence = begin == end ? LT_EMPTY : is_null(begin, end) ? LT_NULL : LT_VALUE;
    value.flags = escaped_ && find_byte(begin, end, delimiters_.escape) != end ? LT_VALUE_ASK : 0;
  }
  void mark(std::uint32_t number) noexcept { there_[number / 64] |= std::uint64_t{1} << (number % 64); }

  const char* data_;
  const Delimiters& delimiters_;
  lt_value* values_;
  std::uint64_t* there_;
  FieldSigns signs_;
  bool escaped_ = false;
  bool may_escape_;  // of the message
};

void cut_segment(const Scan& scan, const Segment& segment, const ReadingPlan& plan,
                 const PlannedSegment& wanted, Cutter& cutter) noexcept {
  const std::uint32_t* index = scan.index + segment.first;
  const std::uint32_t shift = segment.id == kMsh ? 1 : 0;
  for (std::uint32_t i = wanted.first; i < wanted.end; ++i) {
    const PlannedField& field = plan.fields[i];
    const std::uint32_t number = field.field - shift;
    if (number > segment.fields) return;
    const std::uint32_t from = index[number - 1] + 1;
    if (from == index[number]) continue;
    cutter.cut_first(scan.data + from, scan.data + index[number],
                     plan.values.subspan(field.first, field.end - field.first));
  }
}

}  // namespace

lt_status Record::fetch(sdk::Host, const void* prepared, lt_node packed, lt_value* values,
                        std::uint64_t* there) noexcept {
  const ReadingPlan& plan = *static_cast<const ReadingPlan*>(prepared);
  for (std::uint32_t word = 0; word < (plan.count + 63) / 64; ++word) there[word] = 0;
  Cutter cutter(scans_[0], values, there);
  for (const std::uint32_t number : plan.asked) cutter.ask(number);
  const Node node = Node::unpack(packed);
  if (node.scan != 0 || node.kind > NodeKind::Repetition) {  // headers of a batch; parts of parts
    for (std::uint32_t number = 0; number < plan.count; ++number) cutter.ask(number);
    return LT_OK;
  }
  if (node.kind == NodeKind::Repetition) {
    const Slice own = own_repetition(node);
    cutter.cut(scans_[0].data + own.begin, scans_[0].data + own.end, plan.parts, true);
    return LT_OK;
  }
  if (node.kind != NodeKind::Segment) {
    const Range range = range_of(node);
    for (const PlannedPresence& presence : plan.presences) {
      if (first_segment(range, presence.segment, presence.shared) != nullptr) cutter.ask(presence.number);
    }
    for (const PlannedSegment& wanted : plan.segments) {
      const Segment* segment = first_segment(range, wanted.segment, wanted.shared);
      if (segment != nullptr) cut_segment(scans_[0], *segment, plan, wanted, cutter);
    }
    return LT_OK;
  }
  const Segment& segment = scans_[0].segments[node.item];
  for (const PlannedSegment& wanted : plan.segments) {
    if (wanted.segment == segment.id) cut_segment(scans_[0], segment, plan, wanted, cutter);
  }
  return LT_OK;
}

}  // namespace lienthong::hl7v2
