#include "gateway/convert/compiler.h"

#include <algorithm>

namespace lienthong::convert {

Compiler::Compiler(ProgramData& data, MappingLibrary& library, AdapterPaths& paths, Diagnostics& diagnostics)
    : data_(data),
      library_(library),
      paths_(paths),
      diagnostics_(diagnostics),
      emitter_(data),
      r4_(fhir::Definitions::r4()) {}

void Compiler::error(const MappingNode& node, std::string message) {
  error(node.place, std::move(message));
}

void Compiler::error(const Place& place, std::string message) {
  diagnostics_.error(place.file, place.line, place.column, std::move(message));
}

const Argument* Compiler::argument_of(const MappingNode& node, const Env& env) const {
  if (!node.is_scalar() || node.text.empty() || node.text[0] != '$') return nullptr;
  const auto found = env.arguments.find(node.text.substr(1));
  return found == env.arguments.end() ? nullptr : &found->second;
}

// True for "$name" that the rule using this data type did not give: nothing is to be written then.
bool Compiler::is_unset_parameter(const MappingNode& node, const Env& env) {
  if (!node.is_scalar() || node.text.empty() || node.text[0] != '$') return false;
  const auto name = node.text.substr(1);
  if (env.arguments.count(name) != 0) return false;
  if (env.parameters.count(name) == 0) {
    error(node, "\"$" + name + "\" is not among the \"parameters\" of this file" +
                    suggestion(nearest_name({env.parameters.begin(), env.parameters.end()}, name)));
  }
  return true;
}

// Paths: "CX.4" in the mapping of CX; ".4" within each; "/MSH-7" from the record; "../OBR-3" one place
// further out; any other name from the innermost place that knows it.
std::optional<ResolvedSource> Compiler::resolve(const MappingNode& node, const std::string& path,
                                                const Env& env) {
  std::string nearest;
  std::string text = path;
  std::size_t level = env.levels.size() - 1;
  const bool own =
      !env.type_name.empty() && (text == env.type_name || text.rfind(env.type_name + ".", 0) == 0);
  if (own) {
    text = env.prefix + text.substr(env.type_name.size());
    level = env.prefix_level;
  } else if (text[0] == '/') {
    text.erase(0, 1);
    level = 0;
  } else if (text.rfind("../", 0) == 0) {
    level = env.place_level;
    while (text.rfind("../", 0) == 0) {
      text.erase(0, 3);
      if (level > 0) --level;
    }
  }
  const bool outward = !own && text == path && text[0] != '.';
  for (;; --level) {
    if (auto found = resolve_at(text, env, level, nearest)) return found;
    if (!outward || level == 0) break;
  }
  error(node, "the adapter " + data_.adapter->name + " knows no source \"" + path + "\" here" +
                  suggestion(nearest));
  return std::nullopt;
}

std::optional<ResolvedSource> Compiler::resolve_at(const std::string& text, const Env& env, std::size_t level,
                                                   std::string& nearest) {
  ResolvedSource found;
  found.level = static_cast<std::uint8_t>(level);
  found.context = env.levels[level];
  found.text = text;
  if (text.empty()) return found;
  if (paths_.resolve(env.levels[level], text, found.path, nearest)) return found;
  return std::nullopt;
}

// A rule of whose values all are absent is stepped over as a whole: the optimizer decides whether it may be.
void Compiler::compile_skippable(const Body& body) {
  Label end;
  emitter_.jump_in(emitter_.emit(Op::SkipAbsent), end, 'b');
  body();
  emitter_.place(end);
}

bool Compiler::enter_each(const MappingNode& node, Env& env, ResolvedSource& source) {
  if (!node.is_scalar()) {
    error(node, "\"each\" and \"from\" name a source, like PID-3 or OBX");
    return false;
  }
  const auto found = resolve(node, node.text, env);
  if (!found) return false;
  if (env.levels.size() >= kMaxLevels) {
    error(node, "more than " + std::to_string(kMaxLevels) + " places within each other");
    return false;
  }
  source = *found;
  env.levels.push_back(found->path);
  return true;
}

bool Compiler::enter_file(const MappingNode& node, const std::string& name) {
  if (std::find(open_files_.begin(), open_files_.end(), name) != open_files_.end()) {
    error(node, "\"" + name + "\" uses itself: a circle");
    return false;
  }
  open_files_.push_back(name);
  return true;
}

}  // namespace lienthong::convert
