#include "fhir-model/search/key_extractor.h"

#include <algorithm>
#include <optional>

#include "fhir-model/path/evaluator.h"
#include "fhir-model/search/key_writer.h"
#include "fhir-model/search/plan_walk.h"

namespace fhir::search {
namespace {

const Type* resource_type(const Definitions& definitions, const Node& resource) {
  const Type* type = definitions.find_type(resource.resource_type());
  return type != nullptr && type->kind == TypeKind::Resource ? type : nullptr;
}

// Collects the elements of one component.
class ComponentNodes final : public PlanVisitor {
 public:
  struct Found {
    const Action* action;
    const Node* node;
  };
  void element(const Action& action, const Node& node) override { found.push_back({&action, &node}); }
  void composite(const Composite&, const Node&) override {}

  std::vector<Found> found;
};

}  // namespace

class KeyExtractor::Impl final : public PlanVisitor {
 public:
  Impl(const SearchModel& model, KeyOptions options)
      : model_(model), options_(std::move(options)), writer_(options_) {}

  bool extract(const Node& resource, SearchKeys& keys) {
    const Type* type = resource_type(model_.definitions(), resource);
    keys.clear(type != nullptr ? type->id : kNoType);
    if (type == nullptr) return false;
    begin(resource, *type, keys);
    walk_plan(*plan_, 0, resource, *this);
    for (const PlanProgram& program : plan_->programs) {
      if (program.parameter != 0) run(program);
    }
    return true;
  }

  bool select(const Node& resource, std::vector<SelectedElement>& out) {
    const Type* type = resource_type(model_.definitions(), resource);
    if (type == nullptr) return false;
    begin(resource, *type, scratch_keys_);
    selected_ = &out;
    walk_plan(*plan_, 0, resource, *this);
    for (const PlanProgram& program : plan_->programs) {
      if (program.parameter == 0) continue;
      for (const path::Value& value : evaluate(program.program, root_value())) {
        if (value.kind == path::ValueKind::Node && value.node != nullptr) {
          out.push_back({program.parameter, value.node});
        }
      }
    }
    selected_ = nullptr;
    return true;
  }

  void element(const Action& action, const Node& node) override {
    if (selected_ != nullptr) return note_selected(action, node);
    if (action.subscribers.empty()) return;
    const KeyRange range = extracted(action.extraction, node, action.implied_system);
    if (range.count == 0) return;
    for (const Subscriber& subscriber : action.subscribers) {
      const bool wanted =
          subscriber.reference_type == kNoType || writer_.refers_to(node, subscriber.reference_type);
      if (wanted) keys_->entries_.push_back({subscriber.parameter, range});
    }
  }

  // The last component, mostly the value, is looked for first: usually it is the one that is missing.
  void composite(const Composite& composite, const Node& node) override {
    if (selected_ != nullptr) return;
    CompositeEntry entry;
    entry.parameter = composite.parameter;
    entry.component_count = static_cast<std::uint8_t>(composite.components.size());
    for (std::size_t i = composite.components.size(); i-- > 0;) {
      entry.components[i] = component(composite.components[i], node);
      if (entry.components[i].count == 0) return;
    }
    keys_->composites_.push_back(entry);
  }

 private:
  struct Made {
    const Node* node;
    Extraction extraction;
    KeyRange range;
  };

  void begin(const Node& resource, const Type& type, SearchKeys& keys) {
    plan_ = &model_.plan(type.id);
    resource_ = &resource;
    keys_ = &keys;
    made_.clear();
    writer_.start(keys, resource);
  }

  path::Value root_value() const { return path::Value::of_node(resource_, nullptr, plan_->type); }

  void note_selected(const Action& action, const Node& node) {
    for (const Subscriber& subscriber : action.subscribers) {
      const bool wanted =
          subscriber.reference_type == kNoType || writer_.refers_to(node, subscriber.reference_type);
      if (wanted) selected_->push_back({subscriber.parameter, &node});
    }
  }

  // The keys of an element; composites reuse those made a moment ago.
  KeyRange extracted(Extraction extraction, const Node& node, std::string_view implied_system) {
    constexpr std::size_t kRecent = 16;
    if (!plan_->has_composites) return writer_.write(extraction, node, implied_system);
    const std::size_t oldest = made_.size() > kRecent ? made_.size() - kRecent : 0;
    for (std::size_t i = made_.size(); i-- > oldest;) {
      if (made_[i].node == &node && made_[i].extraction == extraction) return made_[i].range;
    }
    const KeyRange range = writer_.write(extraction, node, implied_system);
    made_.push_back({&node, extraction, range});
    return range;
  }

  KeyRange component(const Component& component, const Node& node) {
    const Node& start = component.from_root ? *resource_ : node;
    if (component.program != Component::kNoProgram) return component_program(component, start);
    nodes_.found.clear();
    walk_plan(*plan_, component.place, start, nodes_);
    if (nodes_.found.empty()) return {};
    const auto& first = nodes_.found.front();
    if (nodes_.found.size() == 1) {
      return extracted(first.action->extraction, *first.node, first.action->implied_system);
    }
    KeyRange all{static_cast<std::uint32_t>(keys_->values_.size()), 0};
    for (const auto& one : nodes_.found) {
      all.count += writer_.write(one.action->extraction, *one.node, one.action->implied_system).count;
    }
    return all;
  }

  KeyRange component_program(const Component& component, const Node& node) {
    KeyRange all{static_cast<std::uint32_t>(keys_->values_.size()), 0};
    const auto& program = plan_->programs[component.program].program;
    for (const path::Value& value :
         evaluate(program, path::Value::of_node(&node, nullptr, component.start_type))) {
      all.count += write(component.type, value).count;
    }
    return all;
  }

  std::span<const path::Value> evaluate(const path::Program& program, const path::Value& context) {
    if (!evaluator_) evaluator_.emplace();
    path::EvaluationInput input;
    input.context = context;
    input.resource = root_value();
    input.resolve_to_type = true;
    const auto values = evaluator_->evaluate(program, input);
    return values ? *values : std::span<const path::Value>();
  }

  void run(const PlanProgram& program) {
    for (const path::Value& value : evaluate(program.program, root_value())) {
      const KeyRange range = write(program.type, value);
      if (range.count != 0) keys_->entries_.push_back({program.parameter, range});
    }
  }

  KeyRange write(SearchType type, const path::Value& value) {
    switch (value.kind) {
      case path::ValueKind::Node:
        if (value.node == nullptr || value.type == kNoType) return {};
        return writer_.write(extraction_for(type, value.type), *value.node, {});
      case path::ValueKind::Boolean:
        return type == SearchType::Token ? writer_.write_computed_boolean(value.boolean) : KeyRange();
      case path::ValueKind::String:
        return writer_.write_computed_text(type, value.string());
      case path::ValueKind::Integer:
        return writer_.write_computed_text(type, std::to_string(value.integer));
      case path::ValueKind::Decimal:
        return writer_.write_computed_text(type, value.decimal->to_string());
      case path::ValueKind::Date:
      case path::ValueKind::DateTime:
        return writer_.write_computed_text(type, value.temporal->to_string());
      default:
        return {};
    }
  }

  const SearchModel& model_;
  const KeyOptions options_;
  KeyWriter writer_;
  const TypePlan* plan_ = nullptr;
  const Node* resource_ = nullptr;
  SearchKeys* keys_ = nullptr;
  SearchKeys scratch_keys_;
  std::vector<SelectedElement>* selected_ = nullptr;
  std::vector<Made> made_;
  ComponentNodes nodes_;
  std::optional<path::Evaluator> evaluator_;
};

KeyExtractor::KeyExtractor(const SearchModel& model, KeyOptions options)
    : impl_(std::make_unique<Impl>(model, std::move(options))) {}
KeyExtractor::~KeyExtractor() = default;

bool KeyExtractor::extract(const Node& resource, SearchKeys& keys) {
  return impl_->extract(resource, keys);
}

bool KeyExtractor::select(const Node& resource, std::vector<SelectedElement>& out) {
  return impl_->select(resource, out);
}

}  // namespace fhir::search
