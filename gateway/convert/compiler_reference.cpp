// References to other resources of the message, mentions, and codes looked up as a whole Coding.
#include <algorithm>

#include "gateway/convert/compiler.h"

namespace lienthong::convert {
namespace {

// In Op::Reference: the resource that the surrounding each-made stands at.
constexpr std::uint32_t kCurrentMade = kNone;

}  // namespace

std::optional<Compiler::SlotPlace> Compiler::find_slot(const Env& env, const std::string& name) const {
  SlotPlace place;
  const auto known = std::find(data_.slots.begin(), data_.slots.end(), name);
  if (known == data_.slots.end()) return std::nullopt;
  place.slot = static_cast<std::uint32_t>(known - data_.slots.begin());
  for (const auto* scope = env.scope; scope != nullptr; scope = scope->parent, ++place.up) {
    const auto found = std::find(scope->slots.begin(), scope->slots.end(), place.slot);
    if (found == scope->slots.end()) continue;
    place.local = static_cast<std::uint32_t>(found - scope->slots.begin());
    place.type = scope->types[place.local];
    return place;
  }
  return std::nullopt;
}

bool Compiler::is_known_slot(const MappingNode& node) {
  if (known_slots_.count(node.text) != 0) return true;
  error(node, "no message file makes a resource named \"" + node.text + "\"" +
                  suggestion(nearest_name({known_slots_.begin(), known_slots_.end()}, node.text)));
  return false;
}

void Compiler::compile_reference(const MappingNode& rule, const Target& target, const Env& env) {
  if (const auto* made = rule.find("references")) return compile_references(made->value, target, env);
  const auto* named = rule.find("reference");
  const auto* mention = rule.find("mention");
  Env outer = env;
  if (const auto* from = rule.find("from")) {
    const auto source = resolve(from->value, from->value.text, env);
    if (!source) return;
    outer.prefix = source->text;
    outer.prefix_level = source->level;
  } else if (env.is_repetition) {
    outer.prefix.clear();
    outer.prefix_level = static_cast<std::uint8_t>(env.levels.size() - 1);
  }
  if (const auto* file = type_file_of(rule)) {
    const auto* reads = file->find("reads");
    if (reads != nullptr) outer.type_name = reads->value.text;
  }
  Label absent;
  skip_if_absent(rule, outer, absent);
  compile_object(target, [&] {
    if (named != nullptr) compile_named_reference(named->value, target, env);
    if (mention != nullptr) compile_mention(mention->value, rule, target, outer);
    std::set<std::string> said;
    compile_own_members(rule, target, outer, said);
  });
  emitter_.place(absent);
}

void Compiler::compile_named_reference(const MappingNode& node, const Target& target, const Env& env) {
  const auto name = emitter_.literal_offset("\"reference\":\"");
  if (!env.current_made.empty() && node.text == env.current_made) {
    emitter_.emit(Op::Reference, kCurrentMade, 0, name);
    return;
  }
  const auto place = find_slot(env, node.text);
  if (!place) {
    is_known_slot(node);  // made by other messages: here there is nothing to refer to
    return;
  }
  check_reference_target(node, target, place->type);
  emitter_.emit(Op::Reference, place->local, place->up, name);
}

void Compiler::compile_mention(const MappingNode& node, const MappingNode&, const Target& target,
                               const Env& env) {
  std::string type;
  const auto index = mention_program(node, node.text, env, type);
  if (index == kNone) return;
  check_reference_target(node, target, type);
  emitter_.emit(Op::Mention, index);
}

// All resources of that name made here and in the groups within: one reference each.
void Compiler::compile_references(const MappingNode& node, const Target& target, const Env& env) {
  MappingNode rule{MappingNode::Kind::Map, node.place, {}, {}, {}};
  rule.members.push_back({"each-made", node.place, node});
  rule.members.push_back({"reference", node.place, node});
  compile_each_made(rule, target, env);
}

void Compiler::compile_each_made(const MappingNode& rule, const Target& target, const Env& env) {
  const auto& node = rule.find("each-made")->value;
  if (!is_known_slot(node)) return;
  if (!target.name.empty())
    return error(node, target.path + " holds one value; each-made is for elements that repeat");
  const auto slot = slot_of(node.text);
  Env inner = env;
  inner.current_made = node.text;
  MappingNode body = rule;
  std::erase_if(body.members, [](const auto& m) { return m.key == "each-made"; });
  Label none;
  auto& start = emitter_.emit(Op::EachMadeStart, slot);
  emitter_.jump_in(start, none, 'b');
  const auto loop = emitter_.here();
  compile_rule(body, target, inner);
  emitter_.emit(Op::EachMadeNext, 0, loop);
  emitter_.place(none);
}

void Compiler::check_reference_target(const MappingNode& node, const Target& target,
                                      const std::string& type) {
  if (type.empty() || target.choice == nullptr || target.choice->targets.empty()) return;
  std::string allowed;
  for (const auto id : target.choice->targets) {
    const auto name = r4_.type(id).name.view();
    if (name == type || name == "Resource") return;
    allowed += (allowed.empty() ? "" : ", ") + std::string(name);
  }
  error(node, target.path + " refers to " + allowed + ", not to " + type);
}

// { concept: SOURCE, table: NAME }: the table's row as a Coding, alone or within a CodeableConcept.
void Compiler::compile_concept(const MappingNode& rule, const Target& target, const Env& env) {
  const auto* table = rule.find("table");
  if (table == nullptr)
    return error(rule, "\"concept\" needs \"table\": the code table to look the code up in");
  if (is_unset_parameter(table->value, env)) return;
  const auto* rows = table_of(table->value, env);
  if (rows == nullptr) return;
  if (target.type->name.view() == "Coding") return emit_concept_coding(rule, env, *rows, target);
  if (target.type->name.view() != "CodeableConcept") {
    return error(rule, target.path + " is a " + std::string(target.type->name.view()) +
                           "; \"concept\" makes a Coding or CodeableConcept");
  }
  const auto* coding = &r4_.find_type("CodeableConcept")->elements[0];
  for (const auto& element : target.type->elements) {
    if (element.name.view() == "coding") coding = &element;
  }
  compile_object(target, [&] {
    const auto open = emitter_.literal_offset("\"coding\":[");
    emitter_.emit(Op::Open, open, 10).extra = kIsArray;
    Target item{coding, &coding->types[0], type_of(*coding, coding->types[0]), "", target.path + ".coding"};
    emit_concept_coding(rule, env, *rows, item);
    emitter_.emit(Op::Close, ']').extra = kIsArray;
    std::set<std::string> said;
    compile_own_members(rule, target, env, said);
  });
}

void Compiler::emit_concept_coding(const MappingNode& rule, const Env& env, const CodeTable& table,
                                   const Target& target) {
  check_table(table, target);
  struct Part {
    const char* name;
    std::uint16_t column;
    WriteAs as;
  };
  const Part parts[] = {{"\"system\":", kColumnSystem, WriteAs::Uri},
                        {"\"code\":", kColumnCode | kReportUnmapped, WriteAs::Code},
                        {"\"display\":", kColumnDisplay, WriteAs::String}};
  compile_object(target, [&] {
    for (const auto& part : parts) {
      compile_source(rule.find("concept")->value, env);
      emitter_.emit(Op::Lookup, table_index(table)).extra = part.column;
      const std::string_view name(part.name);
      emitter_.emit(Op::Write, emitter_.literal_offset(name), static_cast<std::uint32_t>(name.size())).extra =
          static_cast<std::uint16_t>(part.as);
    }
  });
}

}  // namespace lienthong::convert
