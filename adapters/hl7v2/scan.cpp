#include "adapters/hl7v2/scan.h"

#include <algorithm>

#include "adapters/hl7v2/bytes.h"
#include "adapters/hl7v2/problems.h"

namespace lienthong::hl7v2 {
namespace {

// The raw index: every field separator, \r and \n, and which entries of it are \r or \n.
struct Index {
  std::uint32_t* positions = nullptr;
  std::uint32_t count = 0;
  std::uint32_t capacity = 0;
  std::uint32_t* line_ends = nullptr;
  std::uint32_t line_count = 0;
  std::uint32_t line_capacity = 0;
};

constexpr std::uint32_t kBlock = 64;

std::uint32_t population(std::uint64_t x) noexcept {  // the baseline has no POPCNT, and a call costs more
  x -= (x >> 1) & 0x5555555555555555U;
  x = (x & 0x3333333333333333U) + ((x >> 2) & 0x3333333333333333U);
  x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FU;
  return static_cast<std::uint32_t>((x * 0x0101010101010101U) >> 56);
}

struct BlockMasks {
  std::uint64_t all = 0;
  std::uint64_t lines = 0;
};

class BlockReader {
 public:
  explicit BlockReader(char field) noexcept : field_(_mm_set1_epi8(field)) {}

  BlockMasks read(const char* p) const noexcept {
    BlockMasks masks;
    for (unsigned part = 0; part < 4; ++part) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * part));
      const __m128i line = _mm_or_si128(_mm_cmpeq_epi8(bytes, cr_), _mm_cmpeq_epi8(bytes, lf_));
      const __m128i all = _mm_or_si128(line, _mm_cmpeq_epi8(bytes, field_));
      masks.lines |= bits(line) << (16 * part);
      masks.all |= bits(all) << (16 * part);
    }
    return masks;
  }

 private:
  static std::uint64_t bits(__m128i x) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(x)));
  }
  __m128i field_;
  __m128i cr_ = _mm_set1_epi8('\r');
  __m128i lf_ = _mm_set1_epi8('\n');
};

// Writes eight at a time: most blocks have no more, and a fixed count predicts well.
void append(Index& index, std::uint64_t mask, std::uint32_t base) noexcept {
  std::uint32_t* out = index.positions + index.count;
  const std::uint32_t total = population(mask);
  for (std::uint32_t done = 0; done < total; done += 8) {
    for (std::uint32_t i = 0; i < 8; ++i) {
      out[done + i] = base + static_cast<std::uint32_t>(std::countr_zero(mask | (1ULL << 63)));
      mask &= mask - 1;
    }
  }
  index.count += total;
}

void append_lines(Index& index, std::uint64_t all, std::uint64_t lines) noexcept {
  for (; lines != 0; lines &= lines - 1) {
    const std::uint64_t below = (lines & (~lines + 1)) - 1;
    index.line_ends[index.line_count++] = index.count + population(all & below);
  }
}

bool grow(sdk::Host host, std::uint32_t*& values, std::uint32_t count, std::uint32_t& capacity) noexcept {
  const std::uint32_t wanted = capacity > UINT32_MAX / 2 ? UINT32_MAX : capacity * 2;
  auto* larger = host.allocate<std::uint32_t>(wanted);
  if (larger == nullptr) return false;
  std::copy_n(values, count, larger);
  values = larger;
  capacity = wanted;
  return true;
}

lt_status limit(sdk::Host host, ProblemNumber problem) noexcept {
  host.report({.severity = LT_FATAL, .number = number(problem)});
  return LT_LIMIT;
}

bool prepare(sdk::Host host, std::uint32_t size, Index& index) noexcept {
  index.capacity = size / 4 + 2 * kBlock;  // usual density is one delimiter in eight bytes
  index.line_capacity = size / 32 + 2 * kBlock;
  index.positions = host.allocate<std::uint32_t>(index.capacity);
  index.line_ends = host.allocate<std::uint32_t>(index.line_capacity);
  return index.positions != nullptr && index.line_ends != nullptr;
}

lt_status build_index(sdk::Host host, std::string_view message, std::uint32_t start, char field,
                      const Limits& limits, Index& index) noexcept {
  const auto size = static_cast<std::uint32_t>(message.size());
  if (!prepare(host, size - start, index)) return limit(host, ProblemNumber::MessageTooLarge);
  const BlockReader reader(field);
  for (std::uint32_t at = start; at < size; at += kBlock) {
    if (index.count > limits.fields) return limit(host, ProblemNumber::TooManyFields);
    const bool full = index.count + kBlock + 8 > index.capacity;
    if (full && !grow(host, index.positions, index.count, index.capacity)) return LT_LIMIT;
    const bool lines_full = index.line_count + kBlock > index.line_capacity;
    if (lines_full && !grow(host, index.line_ends, index.line_count, index.line_capacity)) return LT_LIMIT;
    BlockMasks masks = reader.read(message.data() + at);
    if (size - at < kBlock) {
      const std::uint64_t inside = (1ULL << (size - at)) - 1;
      masks.all &= inside;
      masks.lines &= inside;
    }
    append_lines(index, masks.all, masks.lines);
    append(index, masks.all, at);
  }
  index.line_ends[index.line_count++] = index.count;  // the end of the text ends the last segment
  index.positions[index.count++] = size;
  return LT_OK;
}

// Tells which line ends begin a new segment, remembering the last look so that a run of empty lines is read
// once.
class Lines {
 public:
  Lines(std::string_view message, char field) noexcept
      : begin_(message.data()), end_(message.data() + message.size()), field_(field) {}

  // Where the next segment's name would stand, after blanks.
  const char* next(std::uint32_t line_end) noexcept {
    const char* p = begin_ + line_end + 1;
    if (p > end_) return end_;
    if (p >= seen_from_ && p <= seen_) return seen_;
    seen_from_ = p;
    while (p < end_ && is_blank(*p)) ++p;
    seen_ = p;
    return p;
  }
  bool ends_segment(std::uint32_t line_end) noexcept {
    const char* p = next(line_end);
    return p == end_ || starts_segment(p, end_, field_);
  }

 private:
  static bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\x1c';
  }
  const char* begin_;
  const char* end_;
  char field_;
  const char* seen_from_ = nullptr;
  const char* seen_ = nullptr;
};

// Drops the line ends that are text: line breaks inside a field.
void join_lines(sdk::Host host, std::string_view message, char field, Index& index) noexcept {
  Lines lines(message, field);
  std::uint32_t kept = 0;
  std::uint32_t first_joined = sdk::kNoOffset;
  index.line_count = 0;
  for (std::uint32_t i = 0; i < index.count; ++i) {
    const std::uint32_t position = index.positions[i];
    const bool is_separator = position < message.size() && message[position] == field;
    if (!is_separator && !lines.ends_segment(position)) {
      first_joined = std::min(first_joined, position);
      continue;
    }
    if (!is_separator) index.line_ends[index.line_count++] = kept;
    index.positions[kept++] = position;
  }
  index.count = kept;
  host.report({.number = number(ProblemNumber::LineJoined), .offset = first_joined});
}

bool has_joined_lines(std::string_view message, char field, const Index& index) noexcept {
  Lines lines(message, field);
  for (std::uint32_t i = 0; i < index.line_count; ++i) {
    if (!lines.ends_segment(index.positions[index.line_ends[i]])) return true;
  }
  return false;
}

const char* line_start(std::string_view message, std::uint32_t start, const Index& index,
                       std::uint32_t line) noexcept {
  const char* p = message.data() + start;
  if (line != 0) p = message.data() + index.positions[index.line_ends[line - 1]] + 1;
  const char* end = message.data() + message.size();
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\v' || *p == '\x1c')) ++p;
  return p;
}

lt_status build_segments(sdk::Host host, const Limits& limits, const Index& index, Scan& out) noexcept {
  const std::string_view message(out.data, out.size);
  out.segments = host.allocate<Segment>(index.line_count);
  if (out.segments == nullptr) return limit(host, ProblemNumber::MessageTooLarge);
  const char* end = message.data() + message.size();
  std::uint32_t first = 0;
  for (std::uint32_t line = 0; line < index.line_count; ++line) {
    const char* p = line_start(message, out.start, index, line);
    const std::uint32_t line_end = index.line_ends[line];
    const std::uint32_t fields = line_end - first;
    if (!starts_segment(p, end, out.delimiters.field)) {
      first = line_end + 1;
      continue;
    }
    const SegmentId id = segment_id({p, 3});
    const auto begin = static_cast<std::uint32_t>(p - out.data);
    if (out.segment_count != 0 && is_envelope_segment(id)) {
      if (is_header(id))
        host.report({.severity = LT_ERROR, .number = number(ProblemNumber::SecondHeader), .offset = begin});
      return LT_OK;
    }
    if (out.segment_count == limits.segments) return limit(host, ProblemNumber::TooManySegments);
    out.segments[out.segment_count++] = {id, begin, first, fields, 0};
    first = line_end + 1;
  }
  return LT_OK;
}

lt_status report_delimiters(sdk::Host host, std::string_view message, std::uint32_t start,
                            Delimiters& delimiters) noexcept {
  const DelimiterState state = read_delimiters(message.substr(start), delimiters);
  if (state == DelimiterState::Good) return LT_OK;
  if (state == DelimiterState::Unusable) {
    host.report({.severity = LT_FATAL, .number = number(ProblemNumber::NoMessageHeader), .offset = start});
    return LT_MALFORMED;
  }
  const bool repeated = state == DelimiterState::Repeated;
  host.report(
      {.severity = repeated ? LT_ERROR : LT_WARNING,
       .number = number(repeated ? ProblemNumber::DelimitersRepeated : ProblemNumber::DelimitersIncomplete),
       .offset = start + 4,
       .where = "MSH[1]-2",
       .value = message.substr(start + 4, 4)});
  return LT_OK;
}

}  // namespace

bool starts_segment(const char* p, const char* end, char field) noexcept {
  if (end - p < 3 || !is_upper(p[0]) || !is_name_character(p[1]) || !is_name_character(p[2])) return false;
  return end - p == 3 || p[3] == field || p[3] == '\r' || p[3] == '\n';
}

namespace {

bool has_escapes(std::string_view message, const Scan& scan) noexcept {
  const char escape = scan.delimiters.escape;
  const auto own = scan.field(scan.segments[0], 2);  // declares it
  if (escape == '\0' || own.absent()) return escape != '\0';
  const char* const end = message.data() + message.size();
  return find_byte(message.data() + own.end, end, escape) != end;
}

}  // namespace

lt_status scan_message(sdk::Host host, std::string_view message, std::uint32_t start, const Limits& limits,
                       Scan& out) noexcept {
  if (message.size() >= UINT32_MAX / 8) return limit(host, ProblemNumber::MessageTooLarge);
  lt_status status = report_delimiters(host, message, start, out.delimiters);
  if (status != LT_OK) return status;
  out.data = message.data();
  out.size = static_cast<std::uint32_t>(message.size());
  out.start = start;
  Index index;
  status = build_index(host, message, start, out.delimiters.field, limits, index);
  if (status != LT_OK) return status;
  if (has_joined_lines(message, out.delimiters.field, index)) {
    join_lines(host, message, out.delimiters.field, index);
  }
  out.index = index.positions;
  status = build_segments(host, limits, index, out);
  if (status == LT_OK) out.may_escape = has_escapes(message, out);
  return status;
}

}  // namespace lienthong::hl7v2
