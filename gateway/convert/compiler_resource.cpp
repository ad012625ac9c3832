// Resource files: type, key, conditions, elements.
#include <utility>

#include "gateway/convert/compiler.h"
#include "gateway/convert/json_text.h"

namespace lienthong::convert {
namespace {

// What a resource file may say besides elements.
const std::set<std::string> kResourceKeys = {"extends", "resource", "reads",  "key",   "if",
                                             "unless",  "ordinal",  "joined", "notes", "tag"};
const std::set<std::string> kKeyKeys = {"each",  "if",   "unless", "of",        "kind",  "authority",
                                        "value", "with", "reused", "reused-at", "shared"};

}  // namespace

std::uint32_t Compiler::compile_resource(const MappingNode& file, const std::string& file_name,
                                         const Env& env) {
  const auto index = static_cast<std::uint32_t>(data_.resources.size());
  data_.resources.emplace_back();
  waiting_.push_back({index, &file, file_name, env, open_files_});
  while (!waiting_.empty()) {  // mentions met on the way come after what mentions them
    const auto next = std::move(waiting_.back());
    waiting_.pop_back();
    auto outer = std::exchange(open_files_, next.open_files);
    compile_waiting(next);
    open_files_ = std::move(outer);
  }
  return index;
}

void Compiler::compile_waiting(const WaitingResource& waiting) {
  const auto& file = *waiting.file;
  const auto& env = waiting.env;
  const auto* resource = file.find("resource");
  const auto* type = resource == nullptr ? nullptr : r4_.find_type(resource->value.text);
  if (type == nullptr || type->kind != fhir::TypeKind::Resource) {
    const auto name = resource == nullptr ? std::string() : resource->value.text;
    error(resource == nullptr ? file : resource->value,
          resource == nullptr
              ? "\"resource: TYPE\" is missing"
              : "\"" + name + "\" is no resource type of FHIR R4" +
                    suggestion(std::string(fhir::nearest_type(r4_, name, fhir::TypeKind::Resource))));
    return;
  }
  if (!enter_file(file, waiting.name)) return;
  ResourceProgram program;
  program.type = resource->value.text;
  program.reference = "\"reference\":\"" + program.type + "/";
  emitter_.set_mark(resource->place, program.type);
  program.mark = emitter_.current_mark();
  if (file.find("if") != nullptr || file.find("unless") != nullptr)
    program.condition = compile_truth(file, env);
  if (const auto* joined = file.find("joined")) {
    program.joined = emitter_.here();
    compile_truth_of(joined->value, env);
    emitter_.emit(Op::End);
  }
  if (const auto* ordinal = file.find("ordinal")) program.ordinal = ordinal->value.text == "true";
  if (const auto* tag = file.find("tag")) program.tag = compile_tag(tag->value);
  const auto* key = file.find("key");
  if (key == nullptr) {
    error(file, "\"key\" is missing: what makes two messages speak of the same " + program.type);
  } else {
    program.key = compile_key(key->value, program.type, env);
  }
  program.write = emitter_.here();
  compile_resource_members(file, *type, env);
  emitter_.emit(Op::End);
  leave_file();
  data_.resources[waiting.index] = std::move(program);
}

// { system: URI, code: CODE, display: TEXT }: goes into meta.tag of every such resource.
std::string Compiler::compile_tag(const MappingNode& node) {
  std::string json;
  for (const auto* name : {"system", "code", "display"}) {
    const auto* part = node.find(name);
    if (part == nullptr || part->value.text.empty()) {
      if (std::string_view(name) != "display")
        error(node, "\"tag\" is { system: URI, code: CODE, display: TEXT }");
      continue;
    }
    json += (json.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + json_string(part->value.text);
  }
  return json.empty() ? json : json + "}";
}

void Compiler::compile_resource_members(const MappingNode& file, const fhir::Type& type, const Env& env) {
  std::set<std::string> said;
  const std::string path(type.name.view());
  for (const auto& member : file.members) {
    if (kResourceKeys.count(member.key) != 0) continue;
    if (member.key == "id" || member.key == "resourceType" || member.key == "meta") {
      error(member.place, "\"" + member.key + "\" is made by the program");
      continue;
    }
    emitter_.set_mark(member.place, path + "." + member.key);
    compile_skippable([&] {
      emitter_.emit(Op::NullStart, emitter_.text_index(member.key));
      compile_member(member, type, env, path, said);
    });
  }
  check_required(file, type, path, said);
}

std::uint32_t Compiler::compile_truth(const MappingNode& file, const Env& env) {
  const auto start = emitter_.here();
  Label end;
  if (const auto* condition = file.find("if")) {
    compile_truth_of(condition->value, env);
    emitter_.jump(Op::JumpUnless, end);
  }
  if (const auto* condition = file.find("unless")) {
    compile_truth_of(condition->value, env);
    emitter_.emit(Op::TestNot);
  }
  emitter_.place(end);
  emitter_.emit(Op::End);
  return start;
}

// A key is one alternative or a list of them; the first whose required parts are there is taken.
std::uint32_t Compiler::compile_key(const MappingNode& node, const std::string& type, const Env& env) {
  const auto start = emitter_.here();
  if (node.is_list()) {
    for (const auto& alternative : node.items) compile_key_alternative(alternative, type, env);
  } else {
    compile_key_alternative(node, type, env);
  }
  emitter_.emit(Op::End);
  return start;
}

void Compiler::compile_key_alternative(const MappingNode& node, const std::string& type, const Env& env) {
  if (!node.is_map()) return error(node, "a key is { kind: …, authority: …, value: SOURCE }");
  for (const auto& member : node.members) {
    if (kKeyKeys.count(member.key) == 0) {
      error(member.place, "a key has no \"" + member.key + "\"" +
                              suggestion(nearest_name({kKeyKeys.begin(), kKeyKeys.end()}, member.key)));
    }
  }
  emitter_.set_mark(node.place, type + ".key");
  Label next;
  const auto* each = node.find("each");
  if (each == nullptr) {
    compile_key_parts(node, type, env, next);
    return emitter_.place(next);
  }
  Env inner = env;
  ResolvedSource source;
  if (!enter_each(each->value, inner, source)) return;
  inner.is_repetition = true;
  Label none;
  auto& start = emitter_.read(Op::EachStart, source);
  start.extra = static_cast<std::uint16_t>(inner.levels.size() - 1);
  emitter_.jump_in(start, none, 'b');
  const auto loop = emitter_.here();
  compile_key_parts(node, type, inner, next);
  emitter_.place(next);
  emitter_.emit(Op::EachNext, 0, loop);
  emitter_.place(none);
}

void Compiler::compile_key_parts(const MappingNode& node, const std::string& type, const Env& env,
                                 Label& next) {
  for (const auto* name : {"if", "unless"}) {
    const auto* condition = node.find(name);
    if (condition == nullptr) continue;
    compile_truth_of(condition->value, env);
    emitter_.jump(std::string_view(name) == "if" ? Op::JumpUnless : Op::JumpIf, next);
  }
  const auto* shared = node.find("shared");
  emitter_.emit(Op::KeyStart, emitter_.literal_offset(type), static_cast<std::uint32_t>(type.size())).extra =
      shared != nullptr && shared->value.text == "true" ? 1 : 0;
  if (const auto* of = node.find("of")) {
    const auto place = find_slot(env, of->value.text);
    if (!place && is_known_slot(of->value)) emitter_.jump(Op::Jump, next);
    if (place) emitter_.jump_in(emitter_.emit(Op::KeyOf, place->local, place->up), next, 'c');
  }
  const auto* value = node.find("value");
  if (value == nullptr) return error(node, "a key needs \"value\"");
  if (const auto* kind = node.find("kind")) compile_key_part(kind->value, env, nullptr);
  if (const auto* authority = node.find("authority")) compile_key_part(authority->value, env, nullptr);
  compile_key_part(value->value, env, &next);
  if (const auto* reused = node.find("reused")) {
    const auto* at = node.find("reused-at");
    if (at == nullptr || (reused->value.text != "yearly" && reused->value.text != "daily")) {
      return error(
          reused->value,
          "\"reused\" is \"yearly\" or \"daily\", with \"reused-at\": the time that tells them apart");
    }
    compile_source(at->value, env);
    emitter_.jump_in(emitter_.emit(Op::KeyPeriod, reused->value.text == "yearly" ? 4 : 8), next, 'b');
  }
  if (const auto* with = node.find("with")) {
    if (with->value.is_scalar()) compile_key_part(with->value, env, nullptr);
    for (const auto& part : with->value.items) compile_key_part(part, env, nullptr);
  }
  emitter_.emit(Op::KeyEnd);
}

void Compiler::compile_key_part(const MappingNode& node, const Env& env, Label* when_absent) {
  compile_source(node, env);
  auto& add = emitter_.emit(Op::KeyAdd);
  if (when_absent == nullptr) return;
  add.extra = 1;
  emitter_.jump_in(add, *when_absent, 'a');
}

// A mention's file stands in types/ and is compiled once for each place that uses it.
std::uint32_t Compiler::mention_program(const MappingNode& node, const std::string& name, const Env& env,
                                        std::string& type) {
  const auto* file = library_.find("types", name);
  const auto* resource = file == nullptr ? nullptr : file->find("resource");
  if (resource == nullptr) {
    error(node, file == nullptr ? library_.absence_of("types", name)
                                : "types/" + name +
                                      ".yaml makes no resource; \"mention\" needs a file with \"resource:\"");
    return kNone;
  }
  type = resource->value.text;
  Env inner = env;
  inner.arguments.clear();
  inner.parameters.clear();
  inner.is_repetition = false;
  const auto* type_name = file->find("reads");
  inner.type_name = type_name == nullptr ? name : type_name->value.text;
  const auto index = static_cast<std::uint32_t>(data_.resources.size());
  data_.resources.emplace_back();
  waiting_.push_back({index, file, name, std::move(inner), open_files_});
  return index;
}

}  // namespace lienthong::convert
