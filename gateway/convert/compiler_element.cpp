// Elements and their complex values: the nesting of FHIR, cardinality, choice, "as", "each", "first-of".
#include <algorithm>

#include "gateway/convert/compiler.h"

namespace lienthong::convert {
namespace {

// Words of a complex element's rule that are no element names.
const std::set<std::string> kRuleWords = {"each",     "from",      "as",        "if",         "unless",
                                          "first-of", "needs",     "reference", "references", "mention",
                                          "concept",  "each-made", "table",     "else"};

// Ops that can bring something of the input into the output.
bool brings_value(Op op) {
  return op == Op::Get || op == Op::Lines || op == Op::Reference || op == Op::Mention ||
         op == Op::EachMadeStart;
}

std::string quoted_name(std::string_view name) {
  return "\"" + std::string(name) + "\":";
}

}  // namespace

const fhir::Type* Compiler::type_of(const fhir::Element&, const fhir::TypeChoice& choice) const {
  return &r4_.type(choice.type);
}

void Compiler::compile_members(const MappingNode& map, const fhir::Type& type, const Env& env,
                               const std::string& path, std::set<std::string>& said) {
  for (const auto& member : map.members) compile_member(member, type, env, path, said);
}

void Compiler::compile_member(const MappingMember& member, const fhir::Type& type, const Env& env,
                              const std::string& path, std::set<std::string>& said) {
  std::string name = member.key;
  if (name.size() > 3 && name.ends_with("[x]")) name.resize(name.size() - 3);
  for (const auto& element : type.elements) {
    if (!element.is_choice || element.name.view() != name + "[x]") continue;
    said.insert(std::string(element.name.view()));
    return compile_choice(member, element, env, path);
  }
  const auto match = fhir::find_member(type, fhir::find_atom(member.key));
  if (!match) {
    error(member.place, path + " has no element \"" + member.key + "\"" +
                            suggestion(std::string(fhir::nearest_member(type, member.key))));
    return;
  }
  said.insert(std::string(match.element->name.view()));
  Target target{match.element, match.choice, type_of(*match.element, *match.choice), quoted_name(member.key),
                path + "." + member.key};
  const auto outer = emitter_.current_mark();
  emitter_.set_mark(member.value.place, target.path);
  const bool required = match.element->min > 0;
  if (required) emitter_.emit(Op::Mark);
  compile_skippable([&] { compile_element(member.value, target, env); });
  if (required) emitter_.emit(Op::RequireGrown);
  emitter_.restore_mark(outer);
}

void Compiler::check_required(const MappingNode& rule, const fhir::Type& type, const std::string& path,
                              const std::set<std::string>& said) {
  for (const auto& element : type.elements) {
    if (element.min == 0 || said.count(std::string(element.name.view())) != 0) continue;
    error(rule, path + "." + std::string(element.name.view()) + " is required (" +
                    std::to_string(element.min) + "..) but no rule sets it");
  }
}

// value[x]: a list of alternatives, of which the first that gives something is taken.
void Compiler::compile_choice(const MappingMember& member, const fhir::Element& element, const Env& env,
                              const std::string& path) {
  emitter_.set_mark(member.value.place, path + "." + member.key);
  const bool required = element.min > 0;
  Label end;
  emitter_.emit(Op::Mark);
  if (!member.value.is_list()) {
    compile_choice_alternative(member.value, element, env, path);
  }
  for (const auto& rule : member.value.items) {
    compile_skippable([&] { compile_choice_alternative(rule, element, env, path); });
    emitter_.jump(Op::JumpIfGrown, end);
  }
  emitter_.place(end);
  emitter_.emit(required ? Op::RequireGrown : Op::DropMark);
}

// { if: …, Quantity: { … } } or { dateTime: PID-29 }.
void Compiler::compile_choice_alternative(const MappingNode& rule, const fhir::Element& element,
                                          const Env& env, const std::string& path) {
  const fhir::TypeChoice* choice = nullptr;
  const MappingMember* chosen = nullptr;
  std::vector<std::string> names;
  for (const auto& candidate : element.types) {
    names.emplace_back(r4_.type(candidate.type).name.view());
    if (const auto* member = rule.find(names.back())) {
      choice = &candidate;
      chosen = member;
    }
  }
  if (choice == nullptr) {
    const auto wrong = std::find_if(rule.members.begin(), rule.members.end(), [](const auto& m) {
      return m.key != "if" && m.key != "unless" && m.key != "report";
    });
    const auto key = wrong == rule.members.end() ? std::string() : wrong->key;
    return error(rule, path + "." + std::string(element.name.view()) +
                           " needs the type of its value, like { dateTime: SOURCE }" +
                           suggestion(nearest_name(names, key)));
  }
  Target target{&element, choice, type_of(element, *choice), quoted_name(choice->json_name),
                path + "." + std::string(choice->json_name.view())};
  emitter_.set_mark(rule.place, target.path);
  compile_conditional(rule, env, [&] {
    if (const auto* report = rule.find("report"); report != nullptr && target.type->is_primitive()) {
      MappingNode with = chosen->value;
      if (with.is_scalar()) {
        with = MappingNode{MappingNode::Kind::Map, chosen->value.place, {}, {}, {}};
        with.members.push_back({chosen->key, chosen->place, chosen->value});
      }
      with.members.push_back(*report);
      return compile_element(with, target, env);
    }
    compile_element(chosen->value, target, env);
  });
}

void Compiler::compile_element(const MappingNode& rule, const Target& target, const Env& env) {
  if (target.element->repeats() || target.element->is_array) return compile_array(rule, target, env);
  if (rule.is_list()) return compile_first_of(rule.items, target, env);
  compile_rule(rule, target, env);
}

// An array of which every item comes from one source each needs no brackets when none of them is there.
void Compiler::skip_if_all_absent(const MappingNode& rule, const Env& env, Label& absent) {
  std::vector<const MappingNode*> sources;
  const auto note = [&](const MappingNode& item) {
    const auto* source = item.find("each") != nullptr ? item.find("each") : item.find("from");
    if (source != nullptr && source->value.is_scalar() && source->value.text[0] != '$')
      sources.push_back(&source->value);
    return source != nullptr && !sources.empty();
  };
  if (rule.is_list() ? !std::all_of(rule.items.begin(), rule.items.end(), note) : !note(rule)) return;
  if (sources.empty() || sources.size() > 3) return;
  Label there;
  for (const auto* source : sources) {
    const auto place = resolve(*source, source->text, env);
    if (!place || place->path == 0) return emitter_.place(there);
    emitter_.read(Op::TestThere, *place);
    emitter_.jump(source == sources.back() ? Op::JumpUnless : Op::JumpIf,
                  source == sources.back() ? absent : there);
  }
  emitter_.place(there);
}

void Compiler::compile_array(const MappingNode& rule, const Target& target, const Env& env) {
  Label absent;
  if (!target.type->is_primitive()) skip_if_all_absent(rule, env, absent);
  const auto open = emitter_.here();
  const auto text = target.name + "[";
  emitter_.emit(Op::Open, emitter_.literal_offset(text), static_cast<std::uint32_t>(text.size())).extra =
      kIsArray;
  Target item = target;
  item.name.clear();
  if (rule.is_list()) {
    for (const auto& one : rule.items) compile_skippable([&] { compile_rule(one, item, env); });
  } else {
    compile_rule(rule, item, env);
  }
  emitter_.emit(Op::Close, ']').extra = kIsArray;
  emitter_.at(open).extra = kIsArray;
  emitter_.place(absent);
}

void Compiler::compile_rule(const MappingNode& rule, const Target& target, const Env& env) {
  if (const auto* argument = argument_of(rule, env))
    return compile_rule(*argument->node, target, *argument->environment);
  if (is_unset_parameter(rule, env)) return;
  if (rule.kind == MappingNode::Kind::Empty)
    return error(rule, target.path + " has no rule; write one, or leave the line out");
  if (const auto* first = rule.find("first-of")) {
    return compile_conditional(rule, env, [&] { compile_first_of(first->value.items, target, env); });
  }
  if (rule.find("each") != nullptr) return compile_each(rule, target, env);
  if (rule.find("each-made") != nullptr) return compile_each_made(rule, target, env);
  if (target.type->is_primitive()) return compile_primitive(rule, target, env);
  if (rule.is_list())
    return error(rule, target.path + " holds one value; a list is for elements that repeat");
  if (!rule.is_map()) {
    return error(rule, target.path + " is a " + std::string(target.type->name.view()) +
                           ": its rule is a map, like { as: TYPE, from: " + rule.text + " }");
  }
  compile_conditional(rule, env, [&] { compile_complex(rule, target, env); });
}

void Compiler::compile_first_of(const std::vector<MappingNode>& rules, const Target& target, const Env& env) {
  Label end;
  emitter_.emit(Op::Mark);
  for (const auto& rule : rules) {
    compile_skippable([&] { compile_rule(rule, target, env); });
    emitter_.jump(Op::JumpIfGrown, end);
  }
  emitter_.place(end);
  emitter_.emit(Op::DropMark);
}

const MappingNode* Compiler::type_file_of(const MappingNode& rule) {
  const auto* name = rule.find("as") != nullptr ? rule.find("as") : rule.find("mention");
  return name == nullptr ? nullptr : library_.find("types", name->value.text);
}

void Compiler::compile_each(const MappingNode& rule, const Target& target, const Env& env) {
  Env inner = env;
  ResolvedSource source;
  if (!enter_each(rule.find("each")->value, inner, source)) return;
  inner.is_repetition = true;
  // Rules beside "each" name the parts as the data type does (CX.5) or relative to the repetition (.5).
  if (const auto* file = type_file_of(rule)) {
    const auto* reads = file->find("reads");
    inner.type_name = reads == nullptr ? std::string() : reads->value.text;
    inner.prefix.clear();
    inner.prefix_level = static_cast<std::uint8_t>(inner.levels.size() - 1);
  }
  MappingNode body = rule;
  std::erase_if(body.members, [](const auto& m) { return m.key == "each"; });
  Label none;
  auto& start = emitter_.read(Op::EachStart, source);
  start.extra = static_cast<std::uint16_t>(inner.levels.size() - 1);
  emitter_.jump_in(start, none, 'b');
  const auto loop = emitter_.here();
  compile_rule(body, target, inner);
  emitter_.emit(Op::EachNext, 0, loop).extra = target.name.empty() ? 0 : 1;
  emitter_.place(none);
}

void Compiler::compile_conditional(const MappingNode& rule, const Env& env, const Body& body) {
  Label end;
  if (const auto* condition = rule.find("if")) {
    compile_truth_of(condition->value, env);
    emitter_.jump(Op::JumpUnless, end);
  }
  if (const auto* condition = rule.find("unless")) {
    compile_truth_of(condition->value, env);
    emitter_.jump(Op::JumpIf, end);
  }
  body();
  emitter_.place(end);
}

void Compiler::compile_complex(const MappingNode& rule, const Target& target, const Env& env) {
  if (rule.find("as") != nullptr) return compile_as(rule, target, env);
  if (rule.find("concept") != nullptr) return compile_concept(rule, target, env);
  if (target.type->name.view() == "Reference") return compile_reference(rule, target, env);
  compile_object(target, [&] {
    std::set<std::string> said;
    compile_own_members(rule, target, env, said);
    check_required(rule, *target.type, target.path, said);
  });
}

void Compiler::compile_own_members(const MappingNode& rule, const Target& target, const Env& env,
                                   std::set<std::string>& said) {
  const auto needed = needs_of(rule);
  for (const auto& member : rule.members) {
    if (kRuleWords.count(member.key) != 0) continue;
    compile_needed_member(member, *target.type, env, target.path, said, needed);
  }
  check_needs(rule, target);
}

void Compiler::compile_needed_member(const MappingMember& member, const fhir::Type& type, const Env& env,
                                     const std::string& path, std::set<std::string>& said,
                                     const std::set<std::string>& needed) {
  const bool is_needed = needed.count(member.key) != 0;
  if (is_needed) emitter_.emit(Op::Mark);
  compile_member(member, type, env, path, said);
  if (is_needed) emitter_.emit(Op::RequireGrown, 1);
}

std::set<std::string> Compiler::needs_of(const MappingNode& rule) {
  std::set<std::string> names;
  const auto* needs = rule.find("needs");
  if (needs == nullptr) return names;
  if (needs->value.is_scalar()) names.insert(needs->value.text);
  for (const auto& name : needs->value.items) names.insert(name.text);
  return names;
}

void Compiler::check_needs(const MappingNode& rule, const Target& target) {
  for (const auto& name : needs_of(rule)) {
    if (rule.find(name) != nullptr) continue;
    error(rule.find("needs")->value,
          "\"needs\" names \"" + name + "\", which no rule of " + target.path + " sets here");
  }
}

// An object with what it needs: opened, its members, closed; what it becomes without a value is the machine's
// part.
void Compiler::compile_object(const Target& target, const Body& members) {
  const auto open = emitter_.here();
  const auto text = target.name + "{";
  emitter_.emit(Op::Open, emitter_.literal_offset(text), static_cast<std::uint32_t>(text.size()));
  members();
  std::uint16_t flags = target.name.empty() ? kIsItem : 0;
  for (auto i = open; i < emitter_.here(); ++i) {
    if (brings_value(emitter_.at(i).op)) flags |= kNeedsValue;
  }
  emitter_.at(open).extra = flags;
  emitter_.emit(Op::Close, '}').extra = flags;
}

}  // namespace lienthong::convert
