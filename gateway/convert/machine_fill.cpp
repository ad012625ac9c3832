// Writes resources by stencils.
#include "gateway/convert/machine_reading.h"
#include "gateway/convert/machine_steps.h"

namespace lienthong::convert {

using What = StencilGap::What;

bool Machine::write_resource(std::uint32_t resource) {
  const auto program = program_.resources[resource].write;
  const auto& plan = program_.stencil_plans[resource];
  const bool may_fill = plan.is_possible && trace_ == nullptr && stencils_.is_worthwhile(resource) &&
                        instances_.all[instance_].continuation == kNone;
  if (!may_fill || !read_shape(resource)) return write_members(program);
  if (const auto* const stencil = stencils_.find(resource, shape_.text.view()); stencil != nullptr)
    return fill(*stencil) || write_members(program);
  return stencils_.is_wanted() ? record(resource) : write_members(program);
}

// Writes the resource again. False when it is not as it was then, and nothing was written.
bool Machine::fill(const Stencil& stencil) {
  removed_.clear();
  is_guarded_ = false;
  const auto start = static_cast<std::uint32_t>(out_.size());
  const auto ids = id_places_.size();
  const auto generation = places_.generation();
  filled_items_.clear();
  open_items_.clear();
  last_made_ = {};
  is_filling_ = true;
  has_raised_ = false;
  std::uint32_t copied = 0;
  bool is_same = true;
  for (const auto& gap : stencil.gaps) {
    out_.append_padded(stencil.text.data() + copied, gap.text_end - copied);
    copied = gap.text_end;
    is_same = fill_gap(gap) && !has_raised_ && places_.generation() == generation;
    if (!is_same) break;
  }
  is_filling_ = false;
  if (is_same) {
    out_.append_padded(stencil.text.data() + copied, stencil.text_size - copied);
    return true;
  }
  out_.cut(start);
  id_places_.resize(ids);
  return false;
}

bool Machine::fill_gap(const StencilGap& gap) {
  const auto before = out_.size();
  switch (gap.what) {
    case What::Plain:
      write_plain(gap);
      return out_.size() > before;
    case What::Computed:
    case What::Silent:
      compute(gap);
      return (out_.size() > before) == (gap.what == What::Computed);
    case What::TriedPlain:
    case What::TriedComputed: {
      if (gap.what == What::TriedPlain)
        write_plain(gap);
      else
        compute(gap);
      const bool is_written = out_.size() > before;
      out_.cut(before);
      return is_written;
    }
    case What::Mention:
      stand_at(gap.node);
      mentioned_ = make_mention(gap.begin);
      return (mentioned_ != kNone) == gap.is_made;
    case What::ItemStart:
    case What::ItemEnd:
      return fill_item(gap);
    default:
      return fill_id(gap);
  }
}

void Machine::write_plain(const StencilGap& gap) {
  const auto& value = shape_.places[gap.place].values->values[gap.column];
  current_ = {};
  current_.text = {value.text.data, value.text.size};
  current_.flags = value.flags;
  fill_value(gap.at);
}

// Writes the current value, without the comma.
void Machine::fill_value(std::uint32_t at) {
  const auto before = out_.size();
  write(program_.code[at], at);
  if (out_.size() != before) out_.cut(out_.size() - 1);
}

// Stands where the loops around a gap stand.
void Machine::stand_at(std::uint32_t node) {
  for (; node != kNone; node = shape_.nodes[node].outer) {
    const auto& standing = shape_.nodes[node];
    nodes_[program_.code[standing.loop].extra] = standing.node;
  }
}

// ValueFlow made sure that nothing but values is worked on from `begin` to the Write.
void Machine::compute(const StencilGap& gap) {
  stand_at(gap.node);
  current_ = {};
  const auto* const write_at = program_.code.data() + gap.at;
  const auto* i = program_.code.data() + gap.begin;
  for (; i < write_at; ++i) {
    switch (i->op) {
      case Op::JumpIf:
      case Op::JumpUnless:
        if (truth_ == (i->op == Op::JumpIf)) i = before(i->a);
        break;
      case Op::TestValued:
      case Op::TestThere:
        truth_ = !tested(*i).empty();
        break;
      default:
        i = kMachineSteps[static_cast<std::size_t>(i->op)](*this, i);
    }
  }
  if (i == write_at) fill_value(gap.at);
}

bool Machine::fill_id(const StencilGap& gap) {
  auto instance = mentioned_;
  if (gap.what == What::SlotId) {
    instance = instances_.named(scope_, gap.column, gap.place);
  } else if (gap.what == What::MadeId) {
    auto& last = last_made_;
    if (last.instance == kNone || last.slot != gap.column || last.number > gap.place)
      last = {gap.column, 0, next_made(instances_.scopes[scope_].first, gap.column)};
    for (; last.number < gap.place && last.instance != kNone; ++last.number)
      last.instance = next_made(last.instance + 1, gap.column);
    instance = last.instance;
  }
  if (instance == kNone) return false;
  if (settings_.references != ReferenceStyle::UrnUuid && instances_.all[instance].resource != gap.begin)
    return false;
  write_id(instance);
  ++values_;
  return true;
}

// Equal items are written once: then it is not as it was.
bool Machine::fill_item(const StencilGap& gap) {
  const auto here = static_cast<std::uint32_t>(out_.size());
  if (gap.what == What::ItemStart) {
    open_items_.push_back(here);
    return true;
  }
  const FilledItem item{gap.node, open_items_.back(), here};
  open_items_.pop_back();
  const auto text = out_.view(item.from, item.to);
  for (const auto& other : filled_items_) {
    if (other.array == item.array && out_.view(other.from, other.to) == text) return false;
  }
  filled_items_.push_back(item);
  return true;
}

}  // namespace lienthong::convert
