// Values: functions, tables, namespaces, tests, keys.
#include <algorithm>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/like.h"
#include "gateway/convert/machine_reading.h"
#include "gateway/convert/namespace_uri.h"
#include "gateway/convert/text_block.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kLongestText = std::size_t{16} << 20;

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string_view words_of(Function function, std::string_view text) noexcept {
  const bool from_front = function == Function::FirstWord || function == Function::OtherWords;
  const auto space = from_front ? text.find(' ') : text.rfind(' ');
  const bool wants_word = function == Function::FirstWord || function == Function::LastWord;
  if (space == std::string_view::npos) return wants_word ? text : std::string_view();
  const bool wants_front = function == Function::FirstWord || function == Function::WordsBeforeLast;
  return trimmed(wants_front ? text.substr(0, space) : text.substr(space + 1));
}

// Whether there is a character that keys escape.
bool has_key_sign(std::string_view text) noexcept {
  const auto bar = _mm_set1_epi8('|'), backslash = _mm_set1_epi8('\\');
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kTextBlock))) {
    const auto bytes = load_block(text.data(), text.size());
    const auto signs = bits_of(_mm_or_si128(_mm_cmpeq_epi8(bytes, bar), _mm_cmpeq_epi8(bytes, backslash)));
    if ((signs & first_bits(std::min(text.size(), kTextBlock))) != 0) return true;
  }
  return false;
}

}  // namespace

// Moves a text made here into memory that lasts as long as the message.
void Machine::keep(std::string& memory) {
  current_.text = message_.arena().copy(memory);
}

void Machine::lines(const Instruction& i) {
  get(i);
  const auto first = instance_ == kNone ? kNone : instances_.all[instance_].continuation;
  if (first == kNone && message_.count(nodes_[i.level], i.a) <= 1) return;
  scratch_.clear();
  add_lines_of(nodes_[i.level], i, scratch_);
  for (auto at = first; at != kNone; at = instances_.continuation_next[at]) {
    add_lines_of(instances_.continuation_nodes[at][i.level], i, scratch_);
  }
  while (!scratch_.empty() && (scratch_.back() == '\n' || scratch_.back() == ' ')) scratch_.pop_back();
  keep(scratch_);
}

void Machine::add_lines_of(lt_node node, const Instruction& i, std::string& text) {
  const auto count = message_.count(node, i.a);
  for (std::size_t n = 0; n < count && text.size() < kLongestText; ++n) {
    const auto child = message_.child(node, i.a, n);
    const auto value = message_.read(child, 0);
    if (trace_ != nullptr && !value.text.empty())
      trace_->pending.push_back({value.offset, value.length, child, 0});
    if (!text.empty()) text += '\n';  // an empty line between two others is part of a report
    text += value.text;
  }
}

void Machine::transform(Function function) {
  if (!current_.valued()) return;
  std::string_view rest;
  switch (function) {
    case Function::NumberOf:
      leading_comparator(current_.text, rest);
      current_.text = rest;
      return;
    case Function::ComparatorOf:
      current_.text = leading_comparator(current_.text, rest);
      return;
    case Function::Trim:
      current_.text = trimmed(current_.text);
      return;
    default:
      current_.text = words_of(function, current_.text);
      return;
  }
}

void Machine::join_add(const Instruction& i) {
  if (!current_.valued()) return;
  if (has_joined_) joined_ += std::string_view(program_.literals).substr(i.a, i.b);
  joined_ += current_.text;
  has_joined_ = true;
  last_joined_ = current_;
}

void Machine::join_end() {
  current_ = {};
  if (!has_joined_) return;
  current_ = last_joined_;
  current_.harmless = false;
  keep(joined_);
}

const CodeRow* Machine::row_of(std::uint32_t table, std::string_view code) {
  if (table == last_table_ && last_row_ != nullptr && is_same(code, last_row_->code)) return last_row_;
  last_table_ = table;
  return last_row_ = program_.tables[table]->find(code);
}

void Machine::lookup(const Instruction& i, std::uint32_t at) {
  if (!current_.valued()) return;
  const auto* row = row_of(i.a, current_.text);
  current_.harmless = row != nullptr && !row->is_guarded;
  if (row == nullptr) {
    if ((i.extra & kReportUnmapped) != 0) {
      const bool is_unit = (i.extra & kIsUnit) != 0;
      raise(is_unit ? Severity::Information : Severity::Warning, is_unit ? kUnmappedUnit : kUnmappedCode, at,
            program_.tables[i.a]->name());
    }
    current_.text = (i.extra & kHasElse) != 0 ? std::string_view(program_.texts[i.b]) : std::string_view();
    return;
  }
  switch (i.extra & kColumnMask) {
    case kColumnSystem:
      current_.text = row->target_system;
      break;
    case kColumnDisplay:
      current_.text = row->target_display;
      break;
    default:
      current_.text = row->target_code;
      break;
  }
}

void Machine::make_namespace(const Instruction& i) {
  const NamespaceParts parts{registers_[0], registers_[1], registers_[2], registers_[3]};
  current_ = {};
  current_.constant = true;  // a namespace alone says nothing
  const auto found =
      namespaces_.find(parts, settings_.facility, i.a == kNone ? nullptr : program_.tables[i.a].get());
  current_.text = found.uri;
  current_.harmless = found.is_harmless;
  namespace_json_ = found.json;
}

bool Machine::test_value(const Instruction& i, std::string_view text, char decimal_sign) const {
  switch (i.op) {
    case Op::TestNumber: {
      std::string_view rest;
      leading_comparator(text, rest);
      return read_number(rest, decimal_sign).has_value();
    }
    case Op::TestTime:
      return read_time(text).has_value();
    case Op::TestClock: {
      const auto time = read_time(text);
      return time && time->precision >= TimeParts::Precision::Minute;
    }
    case Op::TestLike:
      return is_like(text, program_.texts[i.b]);
    case Op::TestEquals:
      return is_same(text, program_.texts[i.b]);
    case Op::TestIn:
      return is_in(text, program_.lists[i.b]);
    default:
      return !text.empty();
  }
}

std::uint32_t Machine::run_key(const Instruction& i, std::uint32_t at) {
  switch (i.op) {
    case Op::KeyStart:
      key_.clear();
      if (i.extra == 0) key_.append(settings_.facility);
      key_.append('|');
      key_.append_padded(program_.literals.data() + i.a, i.b);
      return at + 1;
    case Op::KeyPeriod:
      return add_key_period(i.a) ? at + 1 : i.b;
    default:
      break;
  }
  const auto of = instances_.named(scope_, i.a, i.b);
  if (of == kNone) return i.c;
  key_.append('|');
  key_.append(instances_.all[of].id_text);
  return at + 1;
}

// Parts are told apart by "|"; one within a value is escaped, so that two keys are equal only when all parts
// are.
bool Machine::add_key_part(bool required) {
  if (trace_ != nullptr) {
    trace_->conditions.insert(trace_->conditions.end(), trace_->pending.begin(), trace_->pending.end());
    trace_->pending.clear();
  }
  if (current_.null) key_was_null_ = key_was_null_ || required;
  if (!current_.valued() && required) return false;
  if (required) key_value_ = current_.text;
  key_.append('|');
  if (!has_key_sign(current_.text)) {
    key_.append_short(current_.text);
    return true;
  }
  for (const char c : current_.text) {
    if (c == '|' || c == '\\') key_.append('\\');
    key_.append(c);
  }
  return true;
}

bool Machine::add_key_period(std::size_t digits) {
  const auto time = read_time(current_.text);
  if (!time) return false;
  const auto date = write_date(*time);
  key_.append('|');
  key_.append(date.view().substr(0, digits == 4 ? 4 : 10));
  return true;
}

}  // namespace lienthong::convert
