#pragma once
// One row: where it ends, and where its fields stand (RFC 4180, read tolerantly). Sans I/O; never reads
// behind `size`.
//
// A quotation mark at the start of a field opens a quoted value; it closes before a separator, a line end or
// the input's end (blanks between are ignored). "" is one mark. A mark elsewhere is read as itself and
// reported. A quoted value may hold separators and line ends; when the row that results cannot be one (it
// never closes, is too long, has another number of fields, or holds a stray mark), the quotation mark is
// taken for a mistake: the row is Broken and ends with its first line, so that the rows behind it are saved.
// A TooLarge row has no known end: what follows up to the next line end belongs to it.

#include <emmintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lienthong::tabular {

enum class RowEnd : std::uint8_t { Complete, NeedMore, Broken, TooLarge };

struct ScannedRow {
  RowEnd end = RowEnd::Complete;
  std::size_t stop = 0;  // end of the row's content
  std::size_t next = 0;  // start of the row behind it
  std::uint32_t fields = 0;
  bool blank = true;         // no field has content
  bool stray_quote = false;  // a mark inside a quoted value that is not written twice
};

struct RowRules {
  char separator = ',';
  std::size_t most_bytes = 0;
  std::uint32_t width = 0;  // fields that a row has; 0 = not known
};

enum class FieldForm : std::uint8_t { Plain, Quoted, Escaped };  // Escaped: holds "" or a stray mark

// The first separator, \r or \n from `at` on.
class FieldEndFinder {
 public:
  explicit FieldEndFinder(char separator) noexcept : byte_(separator), separator_(_mm_set1_epi8(separator)) {}

  std::size_t find(std::string_view bytes, std::size_t at) const noexcept {
    const __m128i cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n');
    for (; at + 16 <= bytes.size(); at += 16) {
      const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
      const __m128i line = _mm_or_si128(_mm_cmpeq_epi8(block, cr), _mm_cmpeq_epi8(block, lf));
      const auto hits =
          static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(line, _mm_cmpeq_epi8(block, separator_))));
      if (hits != 0) return at + static_cast<std::size_t>(std::countr_zero(hits));
    }
    while (at < bytes.size() && bytes[at] != byte_ && bytes[at] != '\r' && bytes[at] != '\n') ++at;
    return at;
  }

 private:
  char byte_;
  __m128i separator_;
};

inline std::size_t find_line_end(std::string_view bytes, std::size_t at) noexcept {
  return FieldEndFinder('\n').find(bytes, at);
}

// Where a quoted value ends. `at` stands behind the opening mark.
struct QuotedEnd {
  enum class Kind : std::uint8_t { Closed, NeedMore, Open, TooLarge };
  Kind kind = Kind::Open;
  std::size_t stop = 0;   // the closing mark
  std::size_t after = 0;  // the separator, line end or end of input behind it
  bool escaped = false, stray = false, lines = false;
};

inline QuotedEnd scan_quoted(std::string_view bytes, std::size_t at, std::size_t limit, bool end_of_input,
                             char separator) noexcept {
  QuotedEnd found;
  for (; at < bytes.size(); ++at) {
    const char c = bytes[at];
    if (at >= limit) return found.kind = QuotedEnd::Kind::TooLarge, found;
    if (c == '\n' || c == '\r') {
      found.lines = true;
      if (found.stray) return found;
      continue;
    }
    if (c != '"') continue;
    std::size_t after = at + 1;
    if (after < bytes.size() && bytes[after] == '"') {
      found.escaped = true;
      ++at;
      continue;
    }
    while (after < bytes.size() && bytes[after] == ' ') ++after;
    if (after == bytes.size() && !end_of_input) break;
    const bool closes =
        after == bytes.size() || bytes[after] == separator || bytes[after] == '\r' || bytes[after] == '\n';
    if (closes) {
      found.kind = QuotedEnd::Kind::Closed;
      found.stop = at;
      found.after = after;
      return found;
    }
    found.stray = found.escaped = true;
  }
  if (!end_of_input) found.kind = QuotedEnd::Kind::NeedMore;
  return found;
}

// The line end at `at`, which is one or two bytes; NeedMore when that is not certain yet.
inline void end_row(std::string_view bytes, std::size_t at, bool end_of_input, ScannedRow& row) noexcept {
  row.stop = row.next = at;
  if (at == bytes.size()) return;
  const bool last = at + 1 == bytes.size();
  if (bytes[at] == '\r' && last && !end_of_input) {
    row.end = RowEnd::NeedMore;
    return;
  }
  row.next = at + (bytes[at] == '\r' && !last && bytes[at + 1] == '\n' ? 2 : 1);
}

// A row that cannot be read ends with its first line.
inline ScannedRow first_line(std::string_view bytes, std::size_t at, bool end_of_input,
                             std::size_t most_bytes) noexcept {
  ScannedRow row;
  row.blank = false;
  const std::size_t end = find_line_end(bytes, at);
  end_row(bytes, end, end_of_input, row);
  if (end == bytes.size() && !end_of_input) row.end = RowEnd::NeedMore;
  if (end - at > most_bytes) {
    row.end = RowEnd::TooLarge;
  } else if (row.end != RowEnd::NeedMore) {
    row.end = RowEnd::Broken;
  }
  return row;
}

// `sink(index, begin, end, form)` hears each field. After a row that is not Complete, what it heard is void.
template <class Sink>
ScannedRow scan_row(std::string_view bytes, std::size_t at, bool end_of_input, const RowRules& rules,
                    Sink&& sink) noexcept {
  const FieldEndFinder finder(rules.separator);
  const std::size_t start = at, limit = at + rules.most_bytes;
  ScannedRow row;
  bool lines = false;
  for (;;) {
    std::size_t first = at;
    while (first < bytes.size() && bytes[first] == ' ') ++first;
    std::size_t end = 0;
    if (first < bytes.size() && bytes[first] == '"') {
      const QuotedEnd quoted = scan_quoted(bytes, first + 1, limit, end_of_input, rules.separator);
      if (quoted.kind == QuotedEnd::Kind::NeedMore) return row.end = RowEnd::NeedMore, row;
      if (quoted.kind != QuotedEnd::Kind::Closed)
        return first_line(bytes, start, end_of_input, rules.most_bytes);
      lines = lines || quoted.lines;
      row.stray_quote = row.stray_quote || quoted.stray;
      row.blank = row.blank && quoted.stop == first + 1;
      sink(row.fields, first + 1, quoted.stop, quoted.escaped ? FieldForm::Escaped : FieldForm::Quoted);
      end = quoted.after;
    } else {
      end = finder.find(bytes, first);
      if (end == bytes.size() && !end_of_input) {
        row.end = end > limit ? RowEnd::TooLarge : RowEnd::NeedMore;
        return row;
      }
      row.blank = row.blank && end == first;
      sink(row.fields, at, end, FieldForm::Plain);
    }
    ++row.fields;
    if (lines && rules.width != 0 && row.fields > rules.width)
      return first_line(bytes, start, end_of_input, rules.most_bytes);
    if (end == bytes.size() || bytes[end] != rules.separator) {
      end_row(bytes, end, end_of_input, row);
      break;
    }
    at = end + 1;
  }
  if (row.end == RowEnd::NeedMore) return row;
  if (lines && (row.stray_quote || (rules.width != 0 && row.fields != rules.width)))
    return first_line(bytes, start, end_of_input, rules.most_bytes);
  if (row.stop > limit) row.end = RowEnd::TooLarge;
  return row;
}

}  // namespace lienthong::tabular
