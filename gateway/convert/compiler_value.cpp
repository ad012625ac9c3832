// Primitive values: sources, functions, tables, constants.
#include <algorithm>
#include <cctype>

#include "gateway/convert/compiler.h"
#include "gateway/convert/error_numbers.h"
#include "gateway/convert/json_text.h"

namespace lienthong::convert {
namespace {

const std::set<std::string> kVerbs = {"text",    "string",   "code",      "uri",       "id",        "data",
                                      "date",    "dateTime", "instant",   "time",      "number",    "integer",
                                      "boolean", "const",    "namespace", "system-of", "display-of"};
const std::set<std::string> kPrimitiveWords = {"table",  "else",   "default",   "if",
                                               "unless", "report", "extension", "unit"};

struct TypeForm {
  const char* type;
  WriteAs as;
  const char* verb;
};
constexpr TypeForm kForms[] = {
    {"string", WriteAs::String, "text"},
    {"markdown", WriteAs::String, "text"},
    {"code", WriteAs::Code, "code"},
    {"uri", WriteAs::Uri, "uri"},
    {"url", WriteAs::Uri, "uri"},
    {"canonical", WriteAs::Uri, "uri"},
    {"oid", WriteAs::Uri, "uri"},
    {"uuid", WriteAs::Uri, "uri"},
    {"id", WriteAs::Id, "id"},
    {"base64Binary", WriteAs::Base64, "data"},
    {"date", WriteAs::Date, "date"},
    {"dateTime", WriteAs::DateTime, "dateTime"},
    {"instant", WriteAs::Instant, "instant"},
    {"time", WriteAs::Time, "time"},
    {"decimal", WriteAs::Decimal, "number"},
    {"integer", WriteAs::Integer, "integer"},
    {"positiveInt", WriteAs::PositiveInt, "integer"},
    {"unsignedInt", WriteAs::UnsignedInt, "integer"},
    {"boolean", WriteAs::Boolean, "boolean"},
    {"System.String", WriteAs::String, "text"},
};

const TypeForm* form_of(std::string_view type) {
  const auto found =
      std::find_if(std::begin(kForms), std::end(kForms), [&](const auto& f) { return type == f.type; });
  return found == std::end(kForms) ? nullptr : found;
}

std::uint32_t report_number(std::string_view word) {
  if (word == "not-a-number") return kNotANumber;
  if (word == "kept-as-text") return kOnlyAsText;
  return 0;
}

}  // namespace

void Compiler::compile_primitive(const MappingNode& rule, const Target& target, const Env& env) {
  if (form_of(target.type->name.view()) == nullptr) {
    return error(rule, target.path + " is a " + std::string(target.type->name.view()) +
                           ", which a mapping cannot write");
  }
  if (rule.is_list()) return compile_first_of(rule.items, target, env);
  if (rule.is_map()) return compile_conditional(rule, env, [&] { compile_primitive_map(rule, target, env); });
  const auto parsed = parse_expression(rule.text);
  if (const auto* literal = std::get_if<Expression>(&parsed);
      literal != nullptr && literal->kind == Expression::Kind::Literal) {
    return compile_constant(rule, literal->text, target);
  }
  compile_source(rule, env);
  emit_write(rule, target);
}

void Compiler::compile_primitive_map(const MappingNode& rule, const Target& target, const Env& env) {
  const MappingMember* verb = nullptr;
  bool is_wrong = false;
  for (const auto& member : rule.members) {
    if (kPrimitiveWords.count(member.key) != 0) continue;
    if (kVerbs.count(member.key) == 0) {
      std::vector<std::string> words(kVerbs.begin(), kVerbs.end());
      words.insert(words.end(), kPrimitiveWords.begin(), kPrimitiveWords.end());
      error(member.place, "there is no verb \"" + member.key + "\" for " + target.path +
                              suggestion(nearest_name(words, member.key)));
      is_wrong = true;
      continue;
    }
    if (verb != nullptr) error(member.place, "one verb a rule: there is \"" + verb->key + "\" already");
    verb = &member;
  }
  if (is_wrong) return;
  if (verb == nullptr) {
    if (const auto* fallback = rule.find("default"))
      return compile_constant(fallback->value, fallback->value.text, target);
    return error(rule, "no verb says where " + target.path + " comes from; its type is " +
                           std::string(target.type->name.view()) + ", so write { " +
                           form_of(target.type->name.view())->verb + ": SOURCE }");
  }
  if (!verb_fits(*verb, target)) return;
  compile_value(rule, *verb, target, env);
  if (rule.find("extension") != nullptr) compile_primitive_extension(rule, target, env);
}

bool Compiler::verb_fits(const MappingMember& verb, const Target& target) {
  const std::string type(target.type->name.view());
  const auto& fits = form_of(type)->verb;
  if (verb.key == "const" || verb.key == fits || (verb.key == "string" && std::string_view(fits) == "text"))
    return true;
  if (verb.key == "namespace" || verb.key == "system-of") {
    if (std::string_view(fits) == "uri") return true;
  } else if (verb.key == "display-of" && std::string_view(fits) == "text") {
    return true;
  } else if (verb.key == "date" && type == "dateTime") {
    return true;  // a date is a dateTime without hours
  }
  error(verb.place,
        target.path + " is a " + type + ": write \"" + fits + "\" instead of \"" + verb.key + "\"");
  return false;
}

void Compiler::compile_value(const MappingNode& rule, const MappingMember& verb, const Target& target,
                             const Env& env) {
  if (verb.key == "const") return compile_constant(verb.value, verb.value.text, target);
  if (is_unset_parameter(verb.value, env)) return;
  if (verb.key == "namespace") {
    compile_namespace(verb.value, target, env);
  } else {
    compile_source(verb.value, env);
    if (const auto* table = rule.find("table")) {
      if (is_unset_parameter(table->value, env)) return;
      compile_lookup(rule, verb.key, target, env);
    } else if (verb.key == "system-of" || verb.key == "display-of" || rule.find("else") != nullptr) {
      error(verb.place, "\"" + verb.key + "\" with \"else\", system-of and display-of need \"table\"");
    }
  }
  if (rule.find("default") != nullptr) compile_default(rule, target, env);
  if (verb.key == "date" && target.type->name.view() == "dateTime") {
    Target date = target;
    date.type = r4_.find_type("date");
    return emit_write(rule, date);
  }
  emit_write(rule, target);
}

void Compiler::compile_lookup(const MappingNode& rule, std::string_view verb, const Target& target,
                              const Env& env) {
  const auto* table = table_of(rule.find("table")->value, env);
  if (table == nullptr) return;
  std::uint16_t flags = kReportUnmapped;
  if (verb == "system-of") flags = kColumnSystem;
  if (verb == "display-of") flags = kColumnDisplay;
  if ((flags & kColumnMask) == kColumnCode) check_table(*table, target);
  if (const auto* unit = rule.find("unit"); unit != nullptr && unit->value.text == "true") flags |= kIsUnit;
  auto& lookup = emitter_.emit(Op::Lookup, table_index(*table));
  if (const auto* fallback = rule.find("else")) {
    std::string problem;
    if (!check_code(fallback->value.text, target, problem)) error(fallback->value, problem);
    flags |= kHasElse;
    lookup.b = emitter_.text_index(fallback->value.text);
  }
  lookup.extra = flags;
}

void Compiler::compile_default(const MappingNode& rule, const Target& target, const Env&) {
  const auto& node = rule.find("default")->value;
  std::string problem;
  if (!check_code(node.text, target, problem)) return error(node, problem);
  Label valued;
  emitter_.jump(Op::JumpIfValued, valued);
  emitter_.emit(Op::GetLiteral, emitter_.literal_offset(node.text),
                static_cast<std::uint32_t>(node.text.size()));
  emitter_.place(valued);
}

// { namespace: { name: CX.4.1, id: CX.4.2, id-type: CX.4.3, kind: CX.5, table: authorities } }
void Compiler::compile_namespace(const MappingNode& node, const Target&, const Env& env) {
  static const std::vector<std::string> kParts = {"name", "id", "id-type", "kind"};
  if (!node.is_map()) return error(node, "\"namespace\" is a map of name, id, id-type, kind and table");
  for (const auto& member : node.members) {
    if (member.key != "table" && std::find(kParts.begin(), kParts.end(), member.key) == kParts.end()) {
      error(member.place,
            "\"namespace\" has no \"" + member.key + "\"" + suggestion(nearest_name(kParts, member.key)));
    }
  }
  for (std::uint32_t i = 0; i < kParts.size(); ++i) {
    const auto* part = node.find(kParts[i]);
    if (part == nullptr || is_unset_parameter(part->value, env)) {
      emitter_.emit(Op::Clear);
    } else {
      compile_source(part->value, env);
    }
    emitter_.emit(Op::ToRegister, i);
  }
  const auto* table = node.find("table");
  const auto* rows = table == nullptr ? nullptr : table_of(table->value, env);
  emitter_.emit(Op::Namespace, rows == nullptr ? kNone : table_index(*rows));
}

void Compiler::compile_constant(const MappingNode& node, const std::string& text, const Target& target) {
  std::string problem;
  if (!check_code(text, target, problem)) return error(node, problem);
  const auto as = form_of(target.type->name.view())->as;
  const bool bare = as == WriteAs::Decimal || as == WriteAs::Integer || as == WriteAs::PositiveInt ||
                    as == WriteAs::UnsignedInt || as == WriteAs::Boolean;
  if (bare && as == WriteAs::Boolean && text != "true" && text != "false")
    return error(node, target.path + " is true or false");
  if (bare && as != WriteAs::Boolean && !is_json_number(text))
    return error(node, target.path + " is a number, not \"" + text + "\"");
  emitter_.literal(target.name + (bare ? text : json_string(text)) + ",");
}

// A value for the current-value register: an expression, or a list of them of which the first with a value is
// taken.
void Compiler::compile_source(const MappingNode& node, const Env& env) {
  if (const auto* argument = argument_of(node, env))
    return compile_source(*argument->node, *argument->environment);
  if (node.is_list()) {
    Label valued;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      compile_source(node.items[i], env);
      if (i + 1 < node.items.size()) emitter_.jump(Op::JumpIfValued, valued);
    }
    return emitter_.place(valued);
  }
  if (!node.is_scalar())
    return error(node, "a source was expected: a path, a function of paths, or = literal");
  const auto parsed = parse_expression(node.text);
  if (const auto* wrong = std::get_if<SyntaxError>(&parsed)) {
    return error({node.place.file, node.place.line, node.place.column + static_cast<unsigned>(wrong->offset)},
                 wrong->message);
  }
  compile_expression(std::get<Expression>(parsed), node, env);
}

void Compiler::compile_expression(const Expression& expression, const MappingNode& node, const Env& env) {
  switch (expression.kind) {
    case Expression::Kind::Literal:
      emitter_.emit(Op::GetLiteral, emitter_.literal_offset(expression.text),
                    static_cast<std::uint32_t>(expression.text.size()));
      return;
    case Expression::Kind::Parameter: {
      MappingNode name = node;
      name.text = "$" + expression.text;
      if (is_unset_parameter(name, env)) {
        emitter_.emit(Op::Clear);
      } else if (const auto* argument = argument_of(name, env)) {
        compile_source(*argument->node, *argument->environment);
      }
      return;
    }
    case Expression::Kind::Call:
      return compile_call(expression, node, env);
    case Expression::Kind::Path:
      break;
  }
  if (const auto source = resolve(node, expression.text, env)) emitter_.read(Op::Get, *source);
}

void Compiler::compile_call(const Expression& expression, const MappingNode& node, const Env& env) {
  static const std::vector<std::pair<std::string, Function>> kFunctions = {
      {"first-word", Function::FirstWord}, {"other-words", Function::OtherWords},
      {"last-word", Function::LastWord},   {"words-before-last", Function::WordsBeforeLast},
      {"number-of", Function::NumberOf},   {"comparator-of", Function::ComparatorOf}};
  const auto& arguments = expression.arguments;
  if (expression.text == "join" && arguments.size() >= 2 && arguments[0].kind == Expression::Kind::Literal) {
    emitter_.emit(Op::JoinStart);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      compile_expression(arguments[i], node, env);
      emitter_.emit(Op::JoinAdd, emitter_.literal_offset(arguments[0].text),
                    static_cast<std::uint32_t>(arguments[0].text.size()));
    }
    emitter_.emit(Op::JoinEnd);
    return;
  }
  if (expression.text == "lines" && arguments.size() == 1 && arguments[0].kind == Expression::Kind::Path) {
    if (const auto source = resolve(node, arguments[0].text, env)) emitter_.read(Op::Lines, *source);
    return;
  }
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const auto& f) { return f.first == expression.text; });
  if (found == kFunctions.end() || arguments.size() != 1) {
    std::vector<std::string> names = {"join", "lines"};
    for (const auto& function : kFunctions) names.push_back(function.first);
    return error(node, "there is no function \"" + expression.text + "\" of " +
                           std::to_string(arguments.size()) + " arguments" +
                           suggestion(nearest_name(names, expression.text)));
  }
  compile_expression(arguments[0], node, env);
  emitter_.emit(Op::Transform, static_cast<std::uint32_t>(found->second));
}

void Compiler::emit_write(const MappingNode& rule, const Target& target) {
  auto& write = emitter_.emit(Op::Write, emitter_.literal_offset(target.name),
                              static_cast<std::uint32_t>(target.name.size()));
  write.extra = static_cast<std::uint16_t>(form_of(target.type->name.view())->as);
  const auto* report = rule.find("report");
  if (report == nullptr) return;
  write.c = report_number(report->value.text);
  if (write.c == 0) error(report->value, "\"report\" is \"not-a-number\" or \"kept-as-text\"");
}

}  // namespace lienthong::convert
