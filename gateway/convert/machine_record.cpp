// Takes down how a resource is written, for a stencil.
#include <utility>

#include "gateway/convert/machine_reading.h"

namespace lienthong::convert {

using What = StencilGap::What;

// What explain() needs of a conversion is what a stencil needs, so it is made of a traced one.
bool Machine::record(std::uint32_t resource) {
  const auto problems = message_.sink().problems().size() + message_.sink().dropped();
  const auto generation = places_.generation();
  Trace trace;
  StencilRecorder recorder(static_cast<std::uint32_t>(out_.size()));
  trace_ = &trace;
  recorder_ = &recorder;
  plan_ = &program_.stencil_plans[resource];
  const bool is_complete = write_members(program_.resources[resource].write);
  trace_ = nullptr;
  recorder_ = nullptr;
  const bool is_plain = is_complete && !is_guarded_ && removed_.empty() && !out_.is_full() &&
                        message_.sink().problems().size() + message_.sink().dropped() == problems &&
                        places_.generation() == generation;
  std::optional<Stencil> stencil;
  if (is_plain) stencil = recorder.finish(out_.view(0, out_.size()), shape_.text.view());
  if (stencil)
    stencils_.add(std::move(*stencil));
  else
    stencils_.refuse();
  return is_complete;
}

// The node of the innermost loop at a level, or of the innermost one of all (level 0); kNone: none.
std::uint32_t Machine::loop_node(std::uint8_t level) const {
  std::uint32_t node = kNone, found = kNone;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const auto& start = program_.code[loops_[i].instruction];
    if (start.op != Op::EachStart) continue;
    node = shape_.node_of(node, loops_[i].instruction, loops_[i].i);
    if (node == kNone) {
      recorder_->give_up();
      return kNone;
    }
    if (level == 0 || start.extra == level) found = node;
  }
  return found;
}

// A Write wrote [from, to), or nothing where they are equal. The comma at its end, which a bracket may have
// replaced, is not part of the gap.
void Machine::record_write(std::uint32_t at, std::uint32_t from, std::uint32_t to) {
  const auto written = plan_->written(at, shape_.is_exact);
  if (written == Written::Decided) return;
  if (from != to) --to;
  StencilGap gap;
  gap.at = at;
  if (written != Written::Plain) {
    gap.what = from == to ? What::Silent : What::Computed;
    gap.begin = plan_->begins[at - plan_->first];
    gap.node = loop_node(0);
    return recorder_->add(gap, from, to);
  }
  if (from == to) return;
  const auto& read = *current_.read;
  gap.column = column_of(read);
  gap.place = shape_.place_of(loop_node(read.level), read.level, kind_of(read));
  if (gap.place == kNone) return recorder_->give_up();
  recorder_->add(gap, from, to);
}

void Machine::record_mention(std::uint32_t resource, std::uint32_t instance) {
  StencilGap gap;
  gap.what = What::Mention;
  gap.begin = resource;
  gap.node = loop_node(0);
  gap.is_made = instance != kNone;
  const auto here = static_cast<std::uint32_t>(out_.size());
  recorder_->add(gap, here, here);
  referring_ = {};
  referring_.what = What::MentionId;
}

void Machine::record_slot(std::uint32_t local, std::uint32_t up) {
  referring_ = {};
  referring_.what = What::SlotId;
  referring_.column = local;
  referring_.place = up;
}

void Machine::record_made() {
  const auto slot = program_.code[loops_.back().instruction].a;
  referring_ = {};
  referring_.what = What::MadeId;
  referring_.column = slot;
  for (auto i = next_made(instances_.scopes[scope_].first, slot); i != made_ && i != kNone;
       i = next_made(i + 1, slot))
    ++referring_.place;
}

// The id of what record_mention, record_slot or record_made told of is about to be written.
void Machine::record_id(std::uint32_t instance) {
  const auto here = static_cast<std::uint32_t>(out_.size());
  referring_.begin = instances_.all[instance].resource;
  recorder_->add(referring_, here, here + kUuidTextSize);
}

void Machine::record_item(const Frame& frame, std::uint32_t to) {
  StencilGap gap;
  gap.node = frames_.empty() ? 0 : frames_.back().start;
  gap.what = What::ItemStart;
  recorder_->add(gap, frame.mark, frame.mark);
  gap.what = What::ItemEnd;
  recorder_->add(gap, to, to);
}

}  // namespace lienthong::convert
