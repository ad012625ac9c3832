#include "gateway/convert/machine.h"

#include <algorithm>
#include <utility>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {

void Machine::reset() {
  out_.clear();
  frames_.clear();
  items_.clear();
  marks_.clear();
  loops_.clear();
  id_places_.clear();
  removed_.clear();
  values_ = 0;
  made_ = instance_ = kNone;
}

void Machine::enter(const Nodes& nodes, std::uint32_t scope) noexcept {
  nodes_ = nodes;
  scope_ = scope;
  instance_ = kNone;
}

void Machine::enter_instance(std::uint32_t instance) noexcept {
  enter(instances_.all[instance].nodes, instances_.all[instance].scope);
  instance_ = instance;
}

bool Machine::holds(std::uint32_t program) {
  if (program == kNone) return true;
  run(program);
  return truth_;
}

bool Machine::make_key(std::uint32_t program) {
  key_.clear();
  key_value_ = {};
  key_was_null_ = false;
  is_done_ = false;
  if (program == kNone) return false;
  run(program);
  return is_done_;
}

std::string_view Machine::value_of(std::uint32_t program) {
  current_ = {};
  run(program);
  return current_.text;
}

bool Machine::write_members(std::uint32_t program) {
  removed_.clear();
  Frame frame;
  frame.mark = frame.start = static_cast<std::uint32_t>(out_.size());
  frame.values = values_;
  frame.items = static_cast<std::uint32_t>(items_.size());
  frames_.push_back(frame);
  run(program);
  frame = frames_.back();
  frames_.pop_back();
  if (frame.failed == 2) {
    raise(Severity::Error, kRequiredMissing, frame.failed_at,
          program_.texts[program_.mark_entries[program_.marks[frame.failed_at]].element], false);
  }
  return frame.failed == 0;
}

bool Machine::jumps(Op op) const noexcept {
  if (op == Op::JumpIf) return truth_;
  if (op == Op::JumpUnless) return !truth_;
  return op == Op::Jump || current_.valued();
}

// Nested runs (the key of a mention within a resource) leave the loops of the outer one as they were.
void Machine::run(std::uint32_t at) {
  const auto loops = loops_.size();
  const auto* const code = program_.code.data();
  for (;;) {
    const auto& i = code[at];
    switch (i.op) {
      case Op::End:
      case Op::KeyEnd:
        is_done_ = i.op == Op::KeyEnd;
        loops_.resize(loops);
        return;
      case Op::Literal:
        out_.append(std::string_view(program_.literals).substr(i.a, i.b));
        break;
      case Op::Open:
        open(i);
        break;
      case Op::Close:
        close(i, at);
        break;
      case Op::Get:
        current_ = get(i.level, i.a);
        break;
      case Op::Write:
        write(i, at);
        break;
      case Op::Lookup:
        lookup(i, at);
        break;
      case Op::Mark:
        marks_.push_back(static_cast<std::uint32_t>(out_.size()));
        break;
      case Op::RequireGrown:
        require_grown(i, at);
        break;
      case Op::DropMark:
        marks_.pop_back();
        break;
      case Op::TestNot:
        truth_ = !truth_;
        break;
      case Op::TestValued:
      case Op::TestThere:
      case Op::TestEquals:
        run_test(i);
        break;
      case Op::Jump:
      case Op::JumpIf:
      case Op::JumpUnless:
      case Op::JumpIfValued:
        at = jumps(i.op) ? i.a : at + 1;
        continue;
      default:
        at = run_other(i, at);
        continue;
    }
    ++at;
  }
}

// What is not worth a case of its own in the loop above; returns where to go on.
std::uint32_t Machine::run_other(const Instruction& i, std::uint32_t at) {
  switch (family_of(i.op)) {
    case OpFamily::Control:
      return run_control(i, at);
    case OpFamily::Key:
      return run_key(i, at);
    case OpFamily::Test:
      run_test(i);
      break;
    case OpFamily::Value:
      run_value(i);
      break;
  }
  return at + 1;
}

std::uint32_t Machine::run_control(const Instruction& i, std::uint32_t at) {
  switch (i.op) {
    case Op::JumpIfGrown:
      return out_.size() > marks_.back() ? i.a : at + 1;
    case Op::EachStart:
      return each_start(i, at);
    case Op::EachNext:
      return each_next(i, at);
    case Op::EachMadeStart:
      return each_made_start(i, at);
    default:
      return each_made_next(i, at);
  }
}

void Machine::run_value(const Instruction& i) {
  switch (i.op) {
    case Op::GetLiteral:
      current_ = {};
      current_.text = std::string_view(program_.literals).substr(i.a, i.b);
      current_.constant = true;
      break;
    case Op::Clear:
      current_ = {};
      break;
    case Op::ToRegister:
      registers_[i.a] = current_;
      break;
    case Op::Lines:
      lines(i);
      break;
    case Op::Transform:
      transform(static_cast<Function>(i.a));
      break;
    case Op::JoinStart:
      joined_.clear();
      has_joined_ = false;
      break;
    case Op::JoinAdd:
      join_add(i);
      break;
    case Op::JoinEnd:
      if (!has_joined_)
        current_ = {};
      else
        keep(joined_);
      break;
    case Op::Namespace:
      make_namespace(i);
      break;
    case Op::Reference:
      reference(i.a == kNone ? made_ : instances_.named(scope_, i.a, i.b));
      break;
    case Op::Mention:
      reference(make_mention(i.a));
      break;
    case Op::NullStart:
      saw_null_ = false;
      null_mark_ = static_cast<std::uint32_t>(out_.size());
      break;
    case Op::NullEnd:
      null_end(i);
      break;
    default:
      break;
  }
}

Machine::Value Machine::get(std::uint8_t level, lt_path path) {
  Value value;
  value.node = nodes_[level];
  value.path = path;
  const auto source = message_.read(value.node, path);
  value.text = source.text;
  value.null = source.is_null;
  value.decimal_sign = source.decimal_sign;
  value.offset = source.offset;
  if (source.is_null) saw_null_ = true;
  if (trace_ != nullptr && value.valued()) trace_read(value, source.length);
  return value;
}

void Machine::open(const Instruction& i) {
  Frame frame;
  frame.mark = static_cast<std::uint32_t>(out_.size());
  out_.append(std::string_view(program_.literals).substr(i.a, i.b));
  frame.start = static_cast<std::uint32_t>(out_.size());
  frame.values = values_;
  frame.items = static_cast<std::uint32_t>(items_.size());
  frames_.push_back(frame);
}

void Machine::close(const Instruction& i, std::uint32_t at) {
  const auto frame = frames_.back();
  frames_.pop_back();
  items_.resize(frame.items);
  const bool has_values = values_ != frame.values;
  const bool is_empty = out_.size() == frame.start || ((i.extra & kNeedsValue) != 0 && !has_values);
  if (is_empty || frame.failed != 0) {
    if (frame.failed == 2 && has_values) {
      raise(Severity::Error, kRequiredMissing, frame.failed_at,
            program_.texts[program_.mark_entries[program_.marks[frame.failed_at]].element], false);
    }
    values_ = frame.values;
    rewind(frame.mark);
    return;
  }
  out_.set_last(static_cast<char>(i.a));
  if ((i.extra & kIsItem) != 0) {
    if (is_repeated_item(frame)) {
      rewind(frame.mark);
      return;
    }
    items_.push_back({frame.mark, static_cast<std::uint32_t>(out_.size())});
  }
  out_.append(',');
  static_cast<void>(at);
}

// Items of the array around, which were written before, lie behind its frame's first item.
bool Machine::is_repeated_item(const Frame& frame) const noexcept {
  constexpr std::size_t kMostCompared = 64;
  const auto text = out_.view(frame.mark, out_.size());
  const std::size_t first = frames_.empty() ? 0 : frames_.back().items;
  const auto from = items_.size() - first > kMostCompared ? items_.size() - kMostCompared : first;
  return std::any_of(items_.begin() + static_cast<std::ptrdiff_t>(from), items_.end(),
                     [&](const Item& item) { return out_.view(item.from, item.to) == text; });
}

void Machine::rewind(std::uint32_t to) {
  out_.cut(to);
  while (!id_places_.empty() && id_places_.back().offset >= to) id_places_.pop_back();
  if (trace_ != nullptr) trace_->cut(to);
}

void Machine::require_grown(const Instruction& i, std::uint32_t at) {
  const auto mark = marks_.back();
  marks_.pop_back();
  if (out_.size() > mark) return;
  auto& frame = frames_.back();
  if (frame.failed == 1) return;
  frame.failed = i.a == 1 ? 1 : 2;
  if (frame.failed_at == kNone || i.a == 1) frame.failed_at = at;
}

std::uint32_t Machine::each_start(const Instruction& i, std::uint32_t at) {
  const auto count = message_.count(nodes_[i.level], i.a);
  if (count == 0) return i.b;
  Loop loop;
  loop.count = static_cast<std::uint32_t>(count);
  loop.grown_from = static_cast<std::uint32_t>(out_.size());
  loop.instruction = at;
  loops_.push_back(loop);
  nodes_[i.extra] = message_.child(nodes_[i.level], i.a, 0);
  return at + 1;
}

std::uint32_t Machine::each_next(const Instruction& i, std::uint32_t at) {
  auto& loop = loops_.back();
  ++loop.i;
  const bool enough = i.extra == 1 && out_.size() > loop.grown_from;
  if (loop.i >= loop.count || enough) {
    loops_.pop_back();
    return at + 1;
  }
  const auto& start = program_.code[loop.instruction];
  nodes_[start.extra] = message_.child(nodes_[start.level], start.a, loop.i);
  return i.b;
}

std::uint32_t Machine::next_made(std::uint32_t from, std::uint32_t slot) const noexcept {
  const auto end = instances_.scopes[scope_].end;
  for (; from < end; ++from) {
    if (instances_.all[from].slot == slot) return from;
  }
  return kNone;
}

std::uint32_t Machine::each_made_start(const Instruction& i, std::uint32_t at) {
  const auto first = next_made(instances_.scopes[scope_].first, i.a);
  if (first == kNone) return i.b;
  Loop loop;
  loop.instruction = at;
  loop.outer_made = made_;
  loops_.push_back(loop);
  made_ = first;
  return at + 1;
}

std::uint32_t Machine::each_made_next(const Instruction& i, std::uint32_t at) {
  const auto& loop = loops_.back();
  const auto next = next_made(made_ + 1, program_.code[loop.instruction].a);
  if (next != kNone) {
    made_ = next;
    return i.b;
  }
  made_ = loop.outer_made;
  loops_.pop_back();
  return at + 1;
}

void Machine::reference(std::uint32_t instance) {
  if (instance == kNone) return;
  out_.append("\"reference\":\"");
  if (settings_.references == ReferenceStyle::UrnUuid) {
    out_.append("urn:uuid:");
  } else {
    out_.append(program_.resources[instances_.all[instance].resource].type);
    out_.append('/');
  }
  write_id(instance);
  out_.append("\",");
  ++values_;
}

void Machine::write_id(std::uint32_t instance) {
  id_places_.push_back({static_cast<std::uint32_t>(out_.size()), instance});
  const auto& text = instances_.all[instance].id_text;
  out_.append(std::string_view(text.data(), text.size()));
}

std::uint32_t Machine::make_mention(std::uint32_t resource) {
  const auto& program = program_.resources[resource];
  if (!holds(program.condition) || !make_key(program.key)) return kNone;
  if (const auto known = instances_.find(key_); known != kNone) return known;
  Instance mention;
  mention.resource = resource;
  mention.scope = scope_;
  mention.role = Role::Mention;
  mention.nodes = nodes_;
  mention.key_value_at = static_cast<std::uint32_t>(instances_.keys.size());
  mention.key_value_size = static_cast<std::uint32_t>(key_value_.size());
  instances_.keys += key_value_;
  return instances_.add(mention, key_);
}

void Machine::null_end(const Instruction& i) {
  if (settings_.null_deletes && saw_null_ && out_.size() == null_mark_) removed_.push_back(i.a);
}

void Machine::raise(Severity severity, std::uint16_t number, std::uint32_t instruction, std::string argument,
                    bool with_value) {
  Problem problem;
  problem.severity = severity;
  problem.number = number;
  problem.where_output = program_.texts[program_.mark_entries[program_.marks[instruction]].element];
  problem.arguments.push_back(std::move(argument));
  if (with_value) {
    problem.value = current_.text;
    if (current_.offset != kNoOffset) {
      problem.where_input = message_.place(current_.node, current_.path);
      problem.offset = current_.offset;
    }
  }
  message_.sink().add(std::move(problem));
}

void Machine::trace_read(const Value& value, std::uint32_t length) {
  trace_->pending.push_back({value.offset, length, value.node, value.path});
}

void Machine::trace_write(std::uint32_t output, std::uint32_t instruction) {
  TraceWrite write{output, instruction, static_cast<std::uint32_t>(trace_->reads.size()),
                   static_cast<std::uint32_t>(trace_->pending.size())};
  trace_->reads.insert(trace_->reads.end(), trace_->pending.begin(), trace_->pending.end());
  trace_->pending.clear();
  trace_->writes.push_back(write);
}

}  // namespace lienthong::convert
