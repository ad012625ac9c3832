#include "gateway/convert/machine.h"

#include <algorithm>
#include <utility>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {

namespace {
constexpr PlaceValues kNowhere{0, kNone, 0, nullptr, nullptr};
}

void Machine::reset() {
  places_.reset();
  stand_nowhere();
  restart();
}

void Machine::restart() {
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

void Machine::stand_nowhere() noexcept {
  standing_.fill(&kNowhere);
}

const PlaceValues& Machine::go_to(std::size_t level, std::uint32_t kind) {
  const auto* place = places_.find(nodes_[level], kind);
  if (place == nullptr) {  // a message of very many places
    places_.forget();
    stand_nowhere();
    place = places_.find(nodes_[level], kind);
  }
  standing_[level] = place;
  return *place;
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

void Machine::count_key(std::uint32_t number) {
  key_.append("|#");
  key_.append(std::to_string(number));
}

std::string_view Machine::value_of(std::uint32_t program) {
  current_ = {};
  run(program);
  return current_.text;
}

bool Machine::write_members(std::uint32_t program) {
  removed_.clear();
  is_guarded_ = false;
  element_ = kNone;
  Frame outer;
  outer.mark = outer.start = static_cast<std::uint32_t>(out_.size());
  outer.values = values_;
  outer.items = static_cast<std::uint32_t>(items_.size());
  frames_.push(outer);
  run(program);
  end_element();
  const auto frame = frames_.pop();
  if (frame.failed == 2) {
    raise(Severity::Error, kRequiredMissing, frame.failed_at,
          program_.texts[program_.mark_entries[program_.marks[frame.failed_at]].element], false);
  }
  return frame.failed == 0;
}

bool Machine::is_repeated_item(const Frame& frame) const noexcept {
  constexpr std::size_t kMostCompared = 64;
  const std::size_t first = frames_.empty() ? 0 : frames_.back().items;
  const auto text = out_.view(frame.mark, out_.size());
  const auto from = items_.size() - first > kMostCompared ? items_.size() - kMostCompared : first;
  for (auto at = from; at < items_.size(); ++at) {
    if (out_.view(items_[at].from, items_[at].to) == text) return true;
  }
  return false;
}

void Machine::rewind(std::uint32_t to) {
  out_.cut(to);
  while (!id_places_.empty() && id_places_.back().offset >= to) id_places_.pop_back();
  if (trace_ != nullptr) trace_->cut(to);
  if (recorder_ != nullptr) recorder_->rewind(to);
}

void Machine::require_grown(const Instruction& i, std::uint32_t at) {
  if (out_.size() > marks_.pop()) return;
  auto& frame = frames_.back();
  if (frame.failed == 1) return;
  frame.failed = i.a == 1 ? 1 : 2;
  if (frame.failed_at == kNone || i.a == 1) frame.failed_at = at;
}

std::uint32_t Machine::each_start(const Instruction& i, std::uint32_t at) {
  if (!place(i.level, kind_of(i)).may_have(column_of(i))) return i.b;
  const auto count = message_.count(nodes_[i.level], i.a);
  if (count == 0) return i.b;
  Loop loop;
  loop.count = static_cast<std::uint32_t>(count);
  loop.grown_from = static_cast<std::uint32_t>(out_.size());
  loop.instruction = at;
  loops_.push(loop);
  nodes_[i.extra] = message_.child(nodes_[i.level], i.a, 0);
  return at + 1;
}

std::uint32_t Machine::each_next(const Instruction& i, std::uint32_t at) {
  auto& loop = loops_.back();
  ++loop.i;
  const bool enough = i.extra == 1 && out_.size() > loop.grown_from;
  if (loop.i >= loop.count || enough) {
    loops_.pop();
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
  loops_.push(loop);
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
  loops_.pop();
  return at + 1;
}

void Machine::reference(std::uint32_t instance) {
  if (instance == kNone) return;
  out_.append(settings_.references == ReferenceStyle::UrnUuid
                  ? std::string_view("\"reference\":\"urn:uuid:")
                  : std::string_view(program_.resources[instances_.all[instance].resource].reference));
  if (recorder_ != nullptr) record_id(instance);
  write_id(instance);
  out_.append("\",");
  ++values_;
}

void Machine::reference_in(const Instruction& i) {
  const auto instance = instances_.named(scope_, i.c, i.level);
  if (instance == kNone) return;
  if (recorder_ != nullptr) record_slot(i.c, i.level);
  out_.append_padded(program_.literals.data() + i.a, i.extra);
  reference(instance);
  out_.cut(out_.size() - 1);  // the comma: nothing follows within
  out_.append_padded(program_.literals.data() + i.a + i.extra, i.b - i.extra);
}

void Machine::write_id(std::uint32_t instance) {
  id_places_.push_back({static_cast<std::uint32_t>(out_.size()), instance});
  out_.append(instances_.all[instance].id_text);
}

std::uint32_t Machine::make_mention(std::uint32_t resource) {
  const auto& program = program_.resources[resource];
  if (!holds(program.condition) || !make_key(program.key)) return kNone;
  if (const auto known = instances_.find(key()); known != kNone) return known;
  Instance mention;
  mention.resource = resource;
  mention.scope = scope_;
  mention.role = Role::Mention;
  mention.nodes = nodes_;
  mention.key_value_at = static_cast<std::uint32_t>(instances_.keys.size());
  mention.key_value_size = static_cast<std::uint32_t>(key_value_.size());
  instances_.keys += key_value_;
  return instances_.add(mention, key());
}

void Machine::raise(Severity severity, std::uint16_t number, std::uint32_t instruction, std::string argument,
                    bool with_value) {
  if (is_filling_) {  // the program will raise it
    has_raised_ = true;
    return;
  }
  Problem problem;
  problem.severity = severity;
  problem.number = number;
  problem.where_output = program_.texts[program_.mark_entries[program_.marks[instruction]].element];
  problem.arguments.push_back(std::move(argument));
  if (with_value) {
    problem.value = current_.text;
    if (current_.offset != kNoOffset) {
      problem.where_input = message_.place(nodes_[current_.read->level], current_.read->a);
      problem.offset = current_.offset;
    }
  }
  message_.sink().add(std::move(problem));
}

void Machine::trace_read(const Value& value, std::uint32_t length) {
  trace_->pending.push_back({value.offset, length, nodes_[value.read->level], value.read->a});
}

void Machine::trace_write(std::uint32_t output, std::uint32_t instruction) {
  TraceWrite write{output, instruction, static_cast<std::uint32_t>(trace_->reads.size()),
                   static_cast<std::uint32_t>(trace_->pending.size())};
  trace_->reads.insert(trace_->reads.end(), trace_->pending.begin(), trace_->pending.end());
  trace_->pending.clear();
  trace_->writes.push_back(write);
}

}  // namespace lienthong::convert
