// Values: functions, tables, namespaces, tests, keys.
#include <algorithm>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/like.h"
#include "gateway/convert/machine.h"
#include "gateway/convert/namespace_uri.h"
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

}  // namespace

// Moves a text made here into memory that lasts as long as the message.
void Machine::keep(std::string& memory) {
  current_.text = message_.arena().copy(memory);
}

void Machine::lines(const Instruction& i) {
  read_current(i);
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

void Machine::lookup(const Instruction& i, std::uint32_t at) {
  if (!current_.valued()) return;
  const auto& table = *program_.tables[i.a];
  const auto* row = table.find(current_.text);
  current_.harmless = row != nullptr && !row->is_guarded;
  if (row == nullptr) {
    if ((i.extra & kReportUnmapped) != 0) {
      const bool is_unit = (i.extra & kIsUnit) != 0;
      raise(is_unit ? Severity::Information : Severity::Warning, is_unit ? kUnmappedUnit : kUnmappedCode, at,
            table.name());
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
  current_.text =
      namespaces_.find(parts, settings_.facility, i.a == kNone ? nullptr : program_.tables[i.a].get());
}

void Machine::run_test(const Instruction& i) {
  if (i.op == Op::TestMade) {
    truth_ = i.a != kNone && instances_.named(scope_, i.a, i.b) != kNone;
    return;
  }
  const auto& from = place(i.level, kind_of(i));
  if (i.op == Op::TestRepeats) {
    truth_ = from.may_have(column_of(i)) && message_.count(nodes_[i.level], i.a) > 1;
    return;
  }
  if (!from.may_have(column_of(i))) {
    truth_ = test_value(i, {}, settings_.decimal_sign);
    return;
  }
  const auto& value = places_.value(from, column_of(i), i.a);
  if (value.presence == LT_NULL) saw_null_ = true;
  const std::string_view text(value.text.data, value.text.size);
  if (trace_ != nullptr && !text.empty() && i.op != Op::TestThere)
    trace_->conditions.push_back({value.offset, value.length, nodes_[i.level], i.a});
  truth_ = test_value(i, text, sign_of(MessageContext::decimal_sign_of(value)));
}

bool Machine::test_value(const Instruction& i, std::string_view text, char decimal_sign) const {
  switch (i.op) {
    case Op::TestEquals:
      return text == program_.texts[i.b];
    case Op::TestIn: {
      const auto& list = program_.lists[i.b];
      return std::find(list.begin(), list.end(), text) != list.end();
    }
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
    case Op::TestInTable: {
      const auto* row = program_.tables[i.b]->find(text);
      return row != nullptr && !row->target_code.empty();
    }
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
    case Op::KeyAdd:
      return add_key_part(i.extra == 1) ? at + 1 : i.a;
    case Op::KeyPeriod:
      return add_key_period(i.a) ? at + 1 : i.b;
    default:
      break;
  }
  const auto of = instances_.named(scope_, i.a, i.b);
  if (of == kNone) return i.c;
  key_.append('|');
  const auto& id = instances_.all[of].id_text;
  key_.append({id.data(), id.size()});
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
  if (std::none_of(current_.text.begin(), current_.text.end(),
                   [](char c) { return c == '|' || c == '\\'; })) {
    key_.append(current_.text);
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
