// "if" and "unless": conditions become tests that set the truth register.
#include "gateway/convert/compiler.h"

namespace lienthong::convert {

void Compiler::compile_truth_of(const MappingNode& node, const Env& env) {
  if (const auto* argument = argument_of(node, env))
    return compile_truth_of(*argument->node, *argument->environment);
  if (node.is_list()) {  // all of them
    Label end;
    for (const auto& item : node.items) {
      compile_truth_of(item, env);
      emitter_.jump(Op::JumpUnless, end);
    }
    return emitter_.place(end);
  }
  if (!node.is_scalar())
    return error(node, "a condition is a text like: OBX-2 in (NM, SN) and not OBX-5 = \"-\"");
  const auto parsed = parse_condition(node.text);
  if (const auto* wrong = std::get_if<SyntaxError>(&parsed)) {
    return error({node.place.file, node.place.line, node.place.column + static_cast<unsigned>(wrong->offset)},
                 "in the condition: " + wrong->message);
  }
  compile_condition(std::get<Condition>(parsed), node, env);
}

void Compiler::compile_condition(const Condition& condition, const MappingNode& node, const Env& env) {
  switch (condition.kind) {
    case Condition::Kind::Valued:
      return compile_test(Op::TestValued, condition.path, node, env);
    case Condition::Kind::Equals:
      return compile_test(Op::TestEquals, condition.path, node, env,
                          emitter_.text_index(condition.values[0]));
    case Condition::Kind::In:
      return compile_test(Op::TestIn, condition.path, node, env, emitter_.list_index(condition.values));
    case Condition::Kind::Call:
      return compile_condition_call(condition, node, env);
    case Condition::Kind::Not:
      compile_condition(condition.parts[0], node, env);
      emitter_.emit(Op::TestNot);
      return;
    case Condition::Kind::And:
    case Condition::Kind::Or:
      return compile_condition_chain(condition, node, env);
  }
}

void Compiler::compile_condition_chain(const Condition& condition, const MappingNode& node, const Env& env) {
  Label end;
  for (const auto& part : condition.parts) {
    compile_condition(part, node, env);
    emitter_.jump(condition.kind == Condition::Kind::And ? Op::JumpUnless : Op::JumpIf, end);
  }
  emitter_.place(end);
}

void Compiler::compile_condition_call(const Condition& condition, const MappingNode& node, const Env& env) {
  if (condition.function == "is-number") return compile_test(Op::TestNumber, condition.path, node, env);
  if (condition.function == "is-time") return compile_test(Op::TestTime, condition.path, node, env);
  if (condition.function == "is-clock") return compile_test(Op::TestClock, condition.path, node, env);
  if (condition.function == "repeats") return compile_test(Op::TestRepeats, condition.path, node, env);
  if (condition.function == "like") {
    if (condition.values.size() != 1)
      return error(node, "\"like\" is like(SOURCE, 'FORM'), as in like(MA_BN, '##*')");
    return compile_test(Op::TestLike, condition.path, node, env, emitter_.text_index(condition.values[0]));
  }
  if (condition.function == "made") {
    const auto place = find_slot(env, condition.path);
    if (place) {
      emitter_.emit(Op::TestMade, place->local, place->up);
    } else {
      MappingNode name = node;
      name.text = condition.path;
      if (is_known_slot(name)) emitter_.emit(Op::TestMade, kNone);
    }
    return;
  }
  if (condition.function == "in-table") {
    MappingNode name = node;
    name.text = condition.values.empty() ? "" : condition.values[0];
    if (const auto* table = table_of(name, env)) {
      compile_test(Op::TestInTable, condition.path, node, env, table_index(*table));
    } else {
      emitter_.emit(Op::TestMade, kNone);  // without a table nothing is in it
    }
    return;
  }
  error(node, "there is no test \"" + condition.function + "\"" +
                  suggestion(nearest_name(
                      {"is-number", "is-time", "is-clock", "repeats", "like", "made", "in-table"},
                      condition.function)));
}

void Compiler::compile_test(Op op, const std::string& path, const MappingNode& node, const Env& env,
                            std::uint32_t b) {
  if (!path.empty() && path[0] == '$') {
    MappingNode name = node;
    name.text = path;
    const auto* argument = argument_of(name, env);
    if (argument == nullptr) {  // a parameter that was not given has no value
      emitter_.emit(Op::TestMade, kNone);
      return;
    }
    return compile_test(op, argument->node->text, *argument->node, *argument->environment, b);
  }
  const auto source = resolve(node, path, env);
  if (!source) return;
  emitter_.read(op, *source, b);
}

}  // namespace lienthong::convert
