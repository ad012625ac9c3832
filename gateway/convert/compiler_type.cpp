// "as": the rules of a data type's file, in the place of the rule that uses it.
#include "gateway/convert/compiler.h"

namespace lienthong::convert {
namespace {

// What a data type's file may say besides elements.
bool is_header(std::string_view key) {
  return key == "extends" || key == "reads" || key == "makes" || key == "parameters" || key == "if" ||
         key == "unless" || key == "needs" || key == "notes";
}

bool is_rule_word(std::string_view key) {
  return key == "as" || key == "from" || key == "if" || key == "unless" || key == "needs";
}

// Types that share the elements of Quantity.
bool same_shape(std::string_view made, std::string_view wanted) {
  if (made == wanted) return true;
  const auto is_quantity = [](std::string_view name) {
    return name == "Quantity" || name == "Duration" || name == "Age" || name == "Count" || name == "Distance";
  };
  return is_quantity(made) && is_quantity(wanted);
}

}  // namespace

void Compiler::compile_as(const MappingNode& rule, const Target& target, const Env& env) {
  const auto& as = rule.find("as")->value;
  const auto* file = library_.find("types", as.text);
  if (file == nullptr) {
    return error(as, library_.absence_of("types", as.text));
  }
  const auto* makes = file->find("makes");
  const std::string wanted(target.type->name.view());
  if (makes == nullptr || !same_shape(makes->value.text, wanted)) {
    return error(as, target.path + " is a " + wanted + ", but types/" + as.text + ".yaml makes " +
                         (makes == nullptr ? "a resource" : "a " + makes->value.text));
  }
  Env inner = env;
  if (!enter_file(as, as.text)) return;
  if (enter_type(*file, rule, env, inner)) {
    Label absent;
    skip_if_absent(rule, inner, absent);
    compile_conditional(*file, inner, [&] {
      compile_object(target, [&] { compile_type_members(*file, rule, target, inner, env); });
    });
    emitter_.place(absent);
  }
  leave_file();
}

// Most fields of most messages are empty: one test then stands for all that the type would read.
void Compiler::skip_if_absent(const MappingNode& rule, const Env& inner, Label& absent) {
  if (rule.find("from") == nullptr || inner.prefix.empty()) return;
  std::string nearest;
  const auto source = resolve_at(inner.prefix, inner, inner.prefix_level, nearest);
  if (!source) return;
  emitter_.read(Op::TestThere, *source);
  emitter_.jump(Op::JumpUnless, absent);
}

// Sets the prefix that the type's own paths stand for, and its parameters.
bool Compiler::enter_type(const MappingNode& file, const MappingNode& rule, const Env& env, Env& inner) {
  if (const auto* from = rule.find("from")) {
    if (is_unset_parameter(from->value, env)) return false;
    const auto* argument = argument_of(from->value, env);
    const auto& node = argument == nullptr ? from->value : *argument->node;
    const auto source = resolve(node, node.text, argument == nullptr ? env : *argument->environment);
    if (!source) return false;
    inner.prefix = source->text;
    inner.prefix_level = source->level;
  } else if (env.is_repetition) {
    inner.prefix.clear();
    inner.prefix_level = static_cast<std::uint8_t>(env.levels.size() - 1);
  } else if (env.type_name.empty()) {
    error(rule.find("as")->value, "\"from: SOURCE\" (or \"each: SOURCE\") is missing");
    return false;
  }
  inner.is_repetition = false;
  const auto* type = file.find("reads");
  inner.type_name = type == nullptr ? rule.find("as")->value.text : type->value.text;
  inner.arguments.clear();
  inner.parameters.clear();
  const auto* parameters = file.find("parameters");
  if (parameters == nullptr) return true;
  const auto shared = std::make_shared<const Env>(env);
  for (const auto& name : parameters->value.items) {
    inner.parameters.insert(name.text);
    const auto* given = rule.find(name.text);
    if (given == nullptr || is_unset_parameter(given->value, env)) continue;
    const auto* passed_on = argument_of(given->value, env);
    inner.arguments[name.text] = passed_on == nullptr ? Argument{&given->value, shared} : *passed_on;
  }
  return true;
}

// The type's elements; those that the rule itself names replace them or come in addition.
void Compiler::compile_type_members(const MappingNode& file, const MappingNode& rule, const Target& target,
                                    const Env& inner, const Env& outer) {
  std::set<std::string> said;
  const auto needed = needs_of(file);
  Env beside = outer;  // rules beside "as" may name the parts as the type does
  beside.type_name = inner.type_name;
  beside.prefix = inner.prefix;
  beside.prefix_level = inner.prefix_level;
  for (const auto& member : file.members) {
    if (is_header(member.key)) continue;
    const auto* own = rule.find(member.key);
    const bool replaced =
        own != nullptr && inner.parameters.count(member.key) == 0 && !is_rule_word(member.key);
    compile_needed_member(replaced ? *own : member, *target.type, replaced ? beside : inner, target.path,
                          said, needed);
  }
  for (const auto& member : rule.members) {
    if (is_rule_word(member.key) || inner.parameters.count(member.key) != 0 ||
        file.find(member.key) != nullptr)
      continue;
    compile_member(member, *target.type, beside, target.path, said);
  }
  check_required(rule, *target.type, target.path, said);
}

}  // namespace lienthong::convert
