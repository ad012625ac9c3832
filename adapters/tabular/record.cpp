#include "adapters/tabular/record.h"

#include <emmintrin.h>

#include <algorithm>
#include <cstring>

#include "adapters/tabular/problems.h"
#include "adapters/tabular/row_scan.h"

namespace lienthong::tabular {
namespace {

constexpr std::uint64_t kRowMask = 0xffffffff;
constexpr unsigned kColumnShift = 32;

// Upper bounds for the index: what ends a field, what ends a row.
struct Bounds {
  std::size_t fields = 1, rows = 1;
};

// Matches are counted in bytes, sixteen places at once, and summed before a byte overflows.
Bounds bounds_of(std::string_view message, char separator) noexcept {
  constexpr std::size_t kStep = 16, kMostSteps = 255;
  const __m128i zero = _mm_setzero_si128(), cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n'),
                sep = _mm_set1_epi8(separator);
  const auto sum = [&](__m128i counts) {
    const __m128i halves = _mm_sad_epu8(counts, zero);
    return static_cast<std::size_t>(_mm_cvtsi128_si64(halves)) +
           static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves)));
  };
  Bounds bounds;
  std::size_t at = 0;
  while (at + kStep <= message.size()) {
    __m128i lines = zero, separators = zero;
    for (std::size_t n = 0; n < kMostSteps && at + kStep <= message.size(); ++n, at += kStep) {
      const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(message.data() + at));
      lines = _mm_sub_epi8(lines, _mm_or_si128(_mm_cmpeq_epi8(block, cr), _mm_cmpeq_epi8(block, lf)));
      separators = _mm_sub_epi8(separators, _mm_cmpeq_epi8(block, sep));
    }
    bounds.rows += sum(lines);
    bounds.fields += sum(separators);
  }
  for (; at < message.size(); ++at) {
    bounds.rows += message[at] == '\n' || message[at] == '\r' ? 1U : 0U;
    bounds.fields += message[at] == separator ? 1U : 0U;
  }
  bounds.fields += bounds.rows;
  return bounds;
}

// Excel protects digits as ="00123".
std::string_view without_protection(std::string_view text) noexcept {
  if (text.size() < 3 || text.substr(0, 2) != "=\"" || text.back() != '"') return text;
  return text.substr(2, text.size() - 3);
}

}  // namespace

void Record::warn(sdk::Host host, std::uint32_t problem, const Row& row) const {
  const std::string where = place_text(row.number, kNoColumn, {});
  host.report({.number = problem, .offset = fields_[row.first].begin, .where = where});
}

// Columns that are not there, or that stand beyond the last one with something in them.
bool Record::check_row(sdk::Host host, const Row& row) const {
  const std::uint32_t width = layout_->width();
  const bool is_short = row.fields < width && !settings_->fill_short_rows;
  bool is_long = false;
  for (std::uint32_t i = width; i < row.fields; ++i) is_long = is_long || !is_empty(fields_[row.first + i]);
  if (!is_short && !is_long) return true;
  const std::string found = std::to_string(row.fields), expected = std::to_string(width);
  const std::string where = place_text(row.number, kNoColumn, {});
  const lt_text arguments[] = {sdk::text(found), sdk::text(expected)};
  host.report({.severity = LT_FATAL,
               .number = number(is_short ? ProblemNumber::RowTooShort : ProblemNumber::RowTooLong),
               .offset = fields_[row.first].begin,
               .where = where,
               .arguments = arguments});
  return false;
}

bool Record::is_empty(const Field& field) const noexcept {
  return std::all_of(data_ + field.begin, data_ + field.end, [](char c) { return c == ' '; });
}

lt_status Record::index(sdk::Host host, const Settings& settings, const Layout& layout,
                        std::string_view message, std::size_t from, std::uint32_t first_row) {
  settings_ = &settings;
  layout_ = &layout;
  data_ = message.data();
  size_ = static_cast<std::uint32_t>(message.size());
  const Bounds bounds = bounds_of(message.substr(from), layout.separator());
  fields_ = host.allocate<Field>(bounds.fields + 1);
  rows_ = host.allocate<Row>(bounds.rows + 1);
  if (fields_ == nullptr || rows_ == nullptr) return LT_LIMIT;
  const RowRules rules{layout.separator(), settings.max_row_bytes, layout.width()};
  std::uint32_t used = 0;
  bool usable = true;
  for (std::uint32_t row_number = first_row; from < message.size(); ++row_number) {
    Row row{used, 0, row_number};
    const ScannedRow scanned =
        scan_row(message, from, true, rules,
                 [&](std::uint32_t field, std::size_t begin, std::size_t end, FieldForm form) {
                   Field& place = fields_[row.first + field];
                   place.begin = static_cast<std::uint32_t>(begin);
                   place.end = static_cast<std::uint32_t>(end) & 0x7fffffffU;
                   place.escaped = form == FieldForm::Escaped ? 1 : 0;
                 });
    if (scanned.end != RowEnd::Complete) {
      const std::string where = place_text(row.number, kNoColumn, {});
      const std::string most = std::to_string(settings.max_row_bytes);
      const lt_text arguments[] = {sdk::text(most)};
      const bool broken = scanned.end == RowEnd::Broken;
      host.report({.severity = LT_FATAL,
                   .number = number(broken ? ProblemNumber::QuoteNotClosed : ProblemNumber::RowTooLarge),
                   .offset = static_cast<std::uint32_t>(from),
                   .where = where,
                   .arguments = arguments});
      return LT_MALFORMED;
    }
    from = scanned.next;
    if (scanned.blank) continue;
    row.fields = scanned.fields;
    if (scanned.stray_quote) warn(host, number(ProblemNumber::QuoteInside), row);
    usable = check_row(host, row) && usable;
    used += scanned.fields;
    rows_[row_count_++] = row;
  }
  if (row_count_ == 0) {
    host.report({.severity = LT_INFORMATION, .number = number(ProblemNumber::NoRows)});
    return LT_MALFORMED;
  }
  return usable ? LT_OK : LT_MALFORMED;
}

Record::Place Record::find(lt_node node, lt_path path) const noexcept {
  const auto row = static_cast<std::uint32_t>(node & kRowMask);
  if (row > row_count_) return {};
  Place place;
  place.row = &rows_[row == 0 ? 0 : row - 1];
  const auto own = static_cast<std::uint32_t>(node >> kColumnShift);
  if (path == 0) {
    place.column = own == 0 ? kNoColumn : own - 1;
  } else if (path >= kFirstColumnPath) {
    place.column = layout_->column_of(path);
  }
  return place;
}

std::size_t Record::count(lt_node node, lt_path path) noexcept {
  if (path == kRowPath) return node == LT_ROOT ? row_count_ : 0;
  const Place place = find(node, path);
  if (place.row == nullptr || place.column >= place.row->fields) return 0;
  return is_empty(fields_[place.row->first + place.column]) ? 0 : 1;
}

lt_node Record::child(lt_node node, lt_path path, std::size_t i) noexcept {
  if (path == kRowPath) return i + 1;
  const Place place = find(node, path);
  if (place.row == nullptr || place.column == kNoColumn) return node;
  const auto row = static_cast<std::uint64_t>(place.row - rows_) + 1;
  return row | (std::uint64_t{place.column} + 1) << kColumnShift;
}

// Two marks become one; a stray mark stays.
std::string_view Record::unescape(sdk::Host host, const Field& field) const noexcept {
  const std::string_view text(data_ + field.begin, field.end - field.begin);
  if (field.escaped == 0) return text;
  char* out = host.allocate<char>(text.size() + 1);
  if (out == nullptr) return text;
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out[size++] = text[i];
    if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
  }
  return {out, size};
}

void Record::apply_format(sdk::Host host, const ValueFormat& format, lt_value& out) const noexcept {
  char text[ValueFormat::kLongest];
  const std::string_view given = sdk::view(out.text);
  const std::size_t size = format.apply(given, text);
  const bool is_number = format.kind() == ValueFormat::Kind::Number;
  if (size == 0) {
    if (is_number && ValueFormat::looks_like_number(given)) out.flags |= LT_VALUE_NO_NUMBER;
    return;
  }
  if (is_number) out.flags |= LT_VALUE_PLAIN_NUMBER;
  if (std::string_view(text, size) == given) return;
  const lt_text kept = host.copy({text, size});
  if (kept.data != nullptr) out.text = kept;
}

void Record::fill(sdk::Host host, const Row& row, std::uint32_t column, lt_value& out) const noexcept {
  if (column >= row.fields) return;
  const Field& field = fields_[row.first + column];
  out.offset = field.begin;
  out.length = field.end - field.begin;
  const std::string_view text = without_protection(unescape(host, field));
  const bool stands_for_nothing = std::any_of(settings_->empty_texts.begin(), settings_->empty_texts.end(),
                                              [&](const std::string& empty) { return empty == text; });
  out.presence = text.empty() || stands_for_nothing ? LT_EMPTY : LT_VALUE;
  if (out.presence != LT_VALUE) return;
  out.text = sdk::text(text);
  if (const ValueFormat* format = layout_->format_of(column)) apply_format(host, *format, out);
}

lt_status Record::get(sdk::Host host, lt_node node, lt_path path, lt_value& out) noexcept {
  out = lt_value{{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, 0};
  const Place place = find(node, path);
  if (place.row == nullptr) return LT_OK;
  if (place.column != kNoColumn) fill(host, *place.row, place.column, out);
  return LT_OK;
}

lt_text Record::place(sdk::Host host, lt_node node, lt_path path) noexcept {
  const Place found = find(node, path);
  if (found.row == nullptr) return {nullptr, 0};
  std::string_view name;
  if (found.column != kNoColumn) name = layout_->known_name(*settings_, found.column);
  return host.copy(place_text(found.row->number, found.column, name));
}

lt_status Record::each_value(sdk::Host host, lt_each_value each, void* context) noexcept {
  for (std::uint32_t r = 0; r < row_count_; ++r) {
    for (std::uint32_t column = 0; column < rows_[r].fields; ++column) {
      lt_value value{{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, 0};
      fill(host, rows_[r], column, value);
      if (value.presence != LT_VALUE || is_empty(fields_[rows_[r].first + column])) continue;
      std::string_view path = layout_->known_name(*settings_, column);
      if (path.empty() && column < layout_->width()) path = layout_->heading(column);
      const std::string place = place_text(rows_[r].number, column, path);
      each(context, sdk::text(place), sdk::text(path), &value);
    }
  }
  return LT_OK;
}

lt_text Record::joined(sdk::Host host, const std::vector<lt_path>& paths) noexcept {
  std::string text;
  for (const lt_path path : paths) {
    lt_value value{};
    get(host, LT_ROOT, path, value);
    if (!text.empty()) text += '|';
    text += sdk::view(value.text);
  }
  return host.copy(text);
}

// Times in one form compare as text.
lt_text Record::latest(sdk::Host host, lt_path path) noexcept {
  lt_text latest{nullptr, 0};
  for (std::uint32_t r = 1; path != 0 && r <= row_count_; ++r) {
    lt_value value{};
    get(host, r, path, value);
    if (sdk::view(value.text) > sdk::view(latest)) latest = value.text;
  }
  return latest;
}

lt_status Record::envelope(sdk::Host host, lt_envelope& out) noexcept {
  out.type = sdk::text(settings_->type);
  out.charset = sdk::text(settings_->charset);
  if (!settings_->control_id.empty()) out.control_id = joined(host, settings_->control_id);
  out.time = out.event_time = latest(host, settings_->time);
  if (settings_->sender != 0) {
    lt_value value{};
    get(host, LT_ROOT, settings_->sender, value);
    out.sender = value.text;
  }
  return LT_OK;
}

}  // namespace lienthong::tabular
