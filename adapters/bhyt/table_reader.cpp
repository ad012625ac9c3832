#include "adapters/bhyt/table_reader.h"

#include <algorithm>

namespace lienthong::bhyt {
namespace {

constexpr std::uint32_t kFirstRows = 8;
constexpr std::string_view kCdata = "<![CDATA[", kCdataEnd = "]]>";

bool begins(const char* p, const char* end, std::string_view text) noexcept {
  return static_cast<std::size_t>(end - p) >= text.size() && std::memcmp(p, text.data(), text.size()) == 0;
}

// What one CDATA section around the whole text holds; else the text itself.
std::string_view plain_cdata(std::string_view text) noexcept {
  const auto inner = trimmed(text);
  if (inner.size() < kCdata.size() + kCdataEnd.size() || inner.substr(0, kCdata.size()) != kCdata)
    return text;
  const auto end = inner.find(kCdataEnd);
  return end + kCdataEnd.size() == inner.size() ? inner.substr(kCdata.size(), end - kCdata.size()) : text;
}

bool is_letter(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || c == '_' || byte >= 0x80;
}

}  // namespace

std::uint32_t message_offset(const Origin& origin, std::size_t offset) noexcept {
  const std::size_t within = origin.is_base64 ? offset / 3 * 4 + offset % 3 : offset;
  return origin.offset + static_cast<std::uint32_t>(within);
}

TableReader::TableReader(sdk::Host host, const DocumentText& document, std::uint16_t document_number,
                         std::uint32_t most_rows) noexcept
    : host_(host),
      document_(document),
      at_(document.text.data()),
      end_(document.text.data() + document.text.size()),
      document_number_(document_number),
      most_rows_(most_rows) {}

std::uint32_t TableReader::offset_of(const char* at) const noexcept {
  return message_offset(document_.origin, static_cast<std::size_t>(at - document_.text.data()));
}

lt_status TableReader::broken(ProblemNumber problem, const char* at, std::string_view what) noexcept {
  char deepest[] = {static_cast<char>('0' + kDeepest / 10), static_cast<char>('0' + kDeepest % 10)};
  const bool is_depth = problem == ProblemNumber::NestingTooDeep;
  const bool is_element = problem == ProblemNumber::ValueUnclosed;
  const lt_text arguments[] = {is_depth ? lt_text{deepest, 2} : sdk::text(is_element ? what : name()),
                               sdk::text(what)};
  host_.report({.severity = LT_ERROR,
                .number = number(problem),
                .offset = offset_of(at),
                .where = name(),
                .arguments = arguments});
  return LT_MALFORMED;
}

// The next tag between values. Text there (blanks, or words that belong to nothing) is passed over.
TableReader::Step TableReader::next() noexcept {
  for (;;) {
    tag_at_ = at_ = find_byte(at_, end_, '<');
    if (at_ == end_) return Step::AtEnd;
    tag_ = read_tag(at_, end_);
    switch (tag_.mark) {
      case Mark::Start:
      case Mark::End:
        at_ = tag_.end;
        return tag_.mark == Mark::Start ? Step::Start : Step::End;
      case Mark::Doctype:
        broken(ProblemNumber::DoctypeRefused, at_, {});
        return Step::Wrong;
      case Mark::Comment:
      case Mark::Instruction:
        at_ = tag_.end;
        break;
      default:
        broken(ProblemNumber::MarkupBroken, at_, "<");
        return Step::Wrong;
    }
  }
}

std::uint32_t TableReader::find_root() noexcept {
  const char* const from = at_;
  std::uint32_t found = kNoTable;
  for (const char* p = find_byte(from, end_, '<'); p != end_; p = find_byte(p, end_, '<')) {
    const Tag tag = read_tag(p, end_);
    if (tag.mark == Mark::Start) {
      found = table_of_root(tag.name);
      break;
    }
    if (tag.mark != Mark::Instruction && tag.mark != Mark::Comment) break;
    p = tag.end;
  }
  return found;
}

lt_status TableReader::read(std::uint32_t table_number, Rows& rows) noexcept {
  table_ = table_number;
  rows.field_count = static_cast<std::uint32_t>(table(table_).fields.size());
  rows.is_there = true;
  return read_containers(rows);
}

// Root and list hold rows; a table of one row has its values in the root itself.
lt_status TableReader::read_containers(Rows& rows) noexcept {
  unsigned depth = 0;
  bool has_root = false;
  for (;;) {
    const Step step = next();
    if (step == Step::Wrong) return LT_MALFORMED;
    if (step == Step::AtEnd) break;
    if (step == Step::End) {
      if (depth == 0) return broken(ProblemNumber::MarkupBroken, tag_at_, tag_.name);
      --depth;
      continue;
    }
    const bool is_first = !has_root;
    has_root = true;
    const auto& form = table(table_);
    const bool is_nameless = form.root.empty() && is_first;  // XML12, whose root no decision names
    const bool is_row = is_nameless || same_name(tag_.name, form.is_flat() ? form.root : form.row);
    if (is_row) {
      const auto row_name = tag_.name;
      if (tag_.is_empty) continue;
      if (rows.count >= most_rows_) {
        const lt_text arguments[] = {sdk::text(name())};
        host_.report({.severity = LT_ERROR,
                      .number = number(ProblemNumber::TooManyRows),
                      .where = name(),
                      .arguments = arguments});
        return LT_LIMIT;
      }
      if (const auto status = read_row(row_name, rows); status != LT_OK) return status;
      continue;
    }
    if (!tag_.is_empty && ++depth > kDeepest) return broken(ProblemNumber::NestingTooDeep, tag_at_, {});
  }
  return depth == 0 && has_root ? LT_OK : broken(ProblemNumber::MarkupBroken, end_, "the end");
}

lt_status TableReader::read_row(std::string_view row_name, Rows& rows) noexcept {
  Value* row = rows.add(host_, table(table_).is_flat() ? 1 : kFirstRows);
  if (row == nullptr) return LT_LIMIT;
  std::uint32_t expected = 0;
  for (;;) {
    while (read_expected(row, expected)) {
    }
    const Step step = next();
    if (step == Step::Wrong) return LT_MALFORMED;
    if (step == Step::AtEnd) return broken(ProblemNumber::MarkupBroken, end_, "the end");
    if (step == Step::End) {
      if (same_name(tag_.name, row_name)) return LT_OK;
      return broken(ProblemNumber::MarkupBroken, tag_at_, tag_.name);
    }
    if (const auto status = read_value(row, rows, expected); status != LT_OK) return status;
  }
}

// The usual case, without a look-up: the element that the decision prints next, plainly written.
bool TableReader::read_expected(Value* row, std::uint32_t& expected) noexcept {
  const auto fields = table(table_).fields;
  while (at_ < end_ && is_blank(*at_)) ++at_;
  if (expected >= fields.size() || end_ - at_ < 2 || *at_ != '<') return false;
  const auto field_name = fields[expected].name;
  const char* p = at_ + 1;
  if (static_cast<std::size_t>(end_ - p) < field_name.size() * 2 + 4) return false;
  if (std::memcmp(p, field_name.data(), field_name.size()) != 0 || p[field_name.size()] != '>') return false;
  p += field_name.size() + 1;
  bool has_ampersand = false;
  const char* close = find_tag(p, end_, has_ampersand);
  if (static_cast<std::size_t>(end_ - close) < field_name.size() + 3 || close[1] != '/') return false;
  if (std::memcmp(close + 2, field_name.data(), field_name.size()) != 0) return false;
  if (close[2 + field_name.size()] != '>' || (row[expected].flags & kThere) != 0) return false;
  Value& value = row[expected];
  value.data = p;
  value.size = static_cast<std::uint32_t>(close - p);
  value.flags = has_ampersand ? kThere | kRaw : kThere;
  value.document = document_number_;
  at_ = close + field_name.size() + 3;
  ++expected;
  return true;
}

// tag_ is the start of an element within a row.
lt_status TableReader::read_value(Value* row, Rows& rows, std::uint32_t& expected) noexcept {
  const auto element = tag_.name;
  const auto field = find_field(table_, element);
  Value value;
  value.document = document_number_;
  value.flags = kThere;
  value.data = at_;
  if (tag_.is_empty) return keep(field, value, element, row, rows);
  const char* const start = at_;
  const char* const start_tag = tag_at_;
  if (field == kNoField) {
    if (const auto status = skip_element(); status != LT_OK) return status;
    value.size = static_cast<std::uint32_t>(tag_at_ - start);
    value.flags |= kRaw;
  } else {
    tag_at_ = start_tag;
    if (const auto status = read_text(element, value); status != LT_OK) return status;
    expected = field + 1;
  }
  return keep(field, value, element, row, rows);
}

// From behind a start tag to behind its end tag. Values hold no elements, so a '<' that does not end this one
// is text somebody did not escape ("CSST<M75_T37>"); but an end tag of another element tells that this one
// was never closed.
lt_status TableReader::read_text(std::string_view element, Value& value) noexcept {
  const char* const start = at_;
  const char* const opened = tag_at_;
  bool is_raw = false;
  bool ampersand = false;
  for (const char* p = start;;) {
    p = find_tag(p, end_, ampersand);
    is_raw |= ampersand;
    if (p == end_) return broken(ProblemNumber::ValueUnclosed, opened, element);
    if (begins(p, end_, kCdata)) {
      const char* close = find_text(p, end_, kCdataEnd);
      if (close == end_) return broken(ProblemNumber::ValueUnclosed, opened, element);
      is_raw = true;
      p = close + kCdataEnd.size();
      continue;
    }
    if (begins(p, end_, "<!DOCTYPE") || begins(p, end_, "<!ENTITY"))
      return broken(ProblemNumber::DoctypeRefused, p, {});
    if (end_ - p < 3 || p[1] != '/' || !is_letter(p[2])) {
      ++p;
      continue;
    }
    const Tag tag = read_tag(p, end_);
    if (tag.mark != Mark::End || !same_name(tag.name, element))
      return broken(ProblemNumber::ValueUnclosed, opened, element);
    const std::string_view text(start, static_cast<std::size_t>(p - start));
    const auto plain = plain_cdata(text);
    value.data = plain.data();
    value.size = static_cast<std::uint32_t>(plain.size());
    if (is_raw && plain.data() == start) value.flags |= kRaw;
    at_ = tag.end;
    return LT_OK;
  }
}

// An element that nobody knows, with whatever it holds: only the ends are counted. tag_at_ is left on its end
// tag.
lt_status TableReader::skip_element() noexcept {
  unsigned depth = 1;
  while (depth > 0) {
    const char* p = find_byte(at_, end_, '<');
    tag_at_ = p;
    if (p == end_) return broken(ProblemNumber::ValueUnclosed, end_, tag_.name);
    const Tag tag = read_tag(p, end_);
    if (tag.mark == Mark::Doctype) return broken(ProblemNumber::DoctypeRefused, p, {});
    at_ = tag.mark == Mark::Incomplete ? end_ : tag.end;
    if (tag.mark == Mark::Cdata) {
      const char* close = find_text(at_, end_, kCdataEnd);
      at_ = close == end_ ? end_ : close + kCdataEnd.size();
    }
    if (tag.mark == Mark::End) --depth;
    if (tag.mark == Mark::Start && !tag.is_empty && ++depth > kDeepest)
      return broken(ProblemNumber::NestingTooDeep, p, {});
  }
  return LT_OK;
}

lt_status TableReader::keep(std::uint32_t field, const Value& value, std::string_view element, Value* row,
                            Rows& rows) noexcept {
  const lt_text arguments[] = {sdk::text(field == kNoField ? name() : element), sdk::text(element)};
  if (field == kNoField) {
    constexpr std::uint32_t kMostExtras = 256;  // names and values beyond are left to the raw dossier
    if (rows.extra_count >= kMostExtras) return LT_OK;
    const bool is_known = std::any_of(rows.extras, rows.extras + rows.extra_count,
                                      [&](const Extra& extra) { return same_name(extra.name, element); });
    if (!is_known) {
      host_.report({.severity = LT_INFORMATION,
                    .number = number(ProblemNumber::ElementUnknown),
                    .offset = offset_of(value.data),
                    .where = name(),
                    .arguments = arguments});
    }
    return rows.add_extra(host_, {element, rows.count - 1, value}) ? LT_OK : LT_LIMIT;
  }
  if ((row[field].flags & kThere) != 0) {
    host_.report({.number = number(ProblemNumber::ElementTwice),
                  .offset = offset_of(value.data),
                  .where = name(),
                  .arguments = arguments});
    return LT_OK;
  }
  row[field] = value;
  return LT_OK;
}

}  // namespace lienthong::bhyt
