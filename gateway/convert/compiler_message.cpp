// Message files: which resources a message makes, from which places, in which role.
#include <algorithm>

#include "gateway/convert/compiler.h"

namespace lienthong::convert {
namespace {

const std::set<std::string> kMessageKeys = {"takes", "make", "extends", "whole"};
const std::set<std::string> kGroupKeys = {"each", "make", "if", "unless"};
const std::set<std::string> kMakeKeys = {"use",         "from",          "each",      "role",   "event",
                                         "snapshot",    "required",      "if",        "unless", "whole",
                                         "merged-into", "renumbered-as", "moved-from"};

// Words of an entry that say what happened to keys (semantics 3), and the types that they may be said of;
// none: all.
struct KeyWord {
  std::string_view word;
  KeyEvent event;
  std::string_view type, other;
  bool of_mention;
};
constexpr KeyWord kKeyWords[] = {{"merged-into", KeyEvent::MergedInto, "Patient", "Patient", true},
                                 {"renumbered-as", KeyEvent::RenumberedAs, "", "", true},
                                 {"moved-from", KeyEvent::MovedFrom, "Encounter", "Patient", false}};

}  // namespace

void Compiler::compile_messages() {
  for (const auto& name : library_.names("messages")) {
    const auto* file = library_.find("messages", name);
    const auto* make = file == nullptr ? nullptr : file->find("make");
    if (make != nullptr) collect_slots(make->value);
  }
  for (const auto& name : library_.names("messages")) {
    if (const auto* file = library_.find("messages", name)) compile_message(name, *file);
  }
}

void Compiler::collect_slots(const MappingNode& list) {
  for (const auto& item : list.items) {
    if (const auto* make = item.find("make")) {
      collect_slots(make->value);
    } else if (item.members.size() == 1) {
      known_slots_.insert(item.members[0].key);
    }
  }
}

void Compiler::compile_message(const std::string& name, const MappingNode& file) {
  for (const auto& member : file.members) {
    if (kMessageKeys.count(member.key) == 0) {
      error(member.place,
            "a message file has no \"" + member.key + "\"" +
                suggestion(nearest_name({kMessageKeys.begin(), kMessageKeys.end()}, member.key)));
    }
  }
  const auto* takes = file.find("takes");
  const auto* make = file.find("make");
  if (takes == nullptr || make == nullptr || !make->value.is_list()) {
    return error(file, "the message file " + name +
                           " needs \"takes\" (a list of message types) and \"make\" (a list)");
  }
  ResourceScope scope;
  Env env;
  env.scope = &scope;
  MessageProgram program;
  program.first = static_cast<std::uint32_t>(data_.makes.size());
  program.count = static_cast<std::uint32_t>(make->value.items.size());
  data_.makes.resize(data_.makes.size() + program.count);
  wholes_.clear();
  const auto* whole = file.find("whole");
  if (whole != nullptr) compile_wholes(whole->value, env);
  compile_makes(make->value, env, scope, program.first);
  if (whole != nullptr) program.whole_of = whole_slot(whole->value, env);
  program.wholes = std::move(wholes_);
  auto take = [&](const MappingNode& type) {
    if (!data_.messages.emplace(type.text, program).second) {
      error(type, "the message type " + type.text + " is taken by another message file already");
    }
  };
  if (takes->value.is_scalar()) take(takes->value);
  for (const auto& type : takes->value.items) take(type);
}

// Names first, so that a resource may refer to one that stands further down.
void Compiler::compile_makes(const MappingNode& list, const Env& env, ResourceScope& scope,
                             std::uint32_t first) {
  for (const auto& item : list.items) {
    if (item.find("make") != nullptr || item.members.size() != 1) continue;
    const auto* use = item.members[0].value.find("use");
    const auto slot = slot_of(item.members[0].key);
    if (std::find(scope.slots.begin(), scope.slots.end(), slot) == scope.slots.end()) {
      scope.slots.push_back(slot);
      scope.types.push_back(use == nullptr ? "" : resource_type_of(use->value.text));
    }
  }
  for (std::uint32_t i = 0; i < list.items.size(); ++i) {
    const auto& item = list.items[i];
    if (item.find("make") != nullptr) {
      compile_group(item, env, scope, first + i);
    } else if (item.members.size() == 1 && item.members[0].value.is_map()) {
      compile_make(item.members[0], env, first + i);
    } else {
      error(item, "an entry is \"name: { use: SEGMENT-FILE, … }\" or a group \"each: GROUP\" with \"make\"");
    }
  }
}

void Compiler::compile_group(const MappingNode& item, Env env, const ResourceScope& scope,
                             std::uint32_t index) {
  for (const auto& member : item.members) {
    if (kGroupKeys.count(member.key) == 0) error(member.place, "a group has no \"" + member.key + "\"");
  }
  MakeNode make;
  compile_place(item, env, make);
  const auto& list = item.find("make")->value;
  if (!list.is_list()) return error(list, "\"make\" is a list of entries");
  ResourceScope inner;
  inner.parent = &scope;
  env.scope = &inner;
  make.first_child = static_cast<std::uint32_t>(data_.makes.size());
  make.child_count = static_cast<std::uint32_t>(list.items.size());
  data_.makes.resize(data_.makes.size() + make.child_count);
  compile_makes(list, env, inner, make.first_child);
  data_.makes[index] = std::move(make);
}

void Compiler::compile_place(const MappingNode& rule, Env& env, MakeNode& make) {
  const auto* each = rule.find("each");
  const auto* from = rule.find("from");
  if (each != nullptr && from != nullptr) error(from->place, "either \"each\" or \"from\", not both");
  if (each != nullptr) {
    ResolvedSource source;
    if (!enter_each(each->value, env, source)) return;
    make.each = true;
    make.each_path = source.path;
    make.each_column = emitter_.column(source.context, source.path);
    make.level = source.level;
    make.node_level = static_cast<std::uint8_t>(env.levels.size() - 1);
    env.place_level = static_cast<std::uint8_t>(env.levels.size() - 1);
  } else if (from != nullptr) {
    // The place is entered, so that its fields are found without looking for it again; "../" still counts
    // from around it.
    ResolvedSource source;
    if (!enter_each(from->value, env, source)) return;
    make.each_path = source.path;
    make.each_column = emitter_.column(source.context, source.path);
    make.level = source.level;
    make.node_level = static_cast<std::uint8_t>(env.levels.size() - 1);
  }
  if (rule.find("if") != nullptr || rule.find("unless") != nullptr) make.condition = compile_truth(rule, env);
}

void Compiler::compile_make(const MappingMember& member, Env env, std::uint32_t index) {
  const auto& rule = member.value;
  for (const auto& key : rule.members) {
    if (kMakeKeys.count(key.key) == 0) {
      error(key.place, "an entry of \"make\" has no \"" + key.key + "\"" +
                           suggestion(nearest_name({kMakeKeys.begin(), kMakeKeys.end()}, key.key)));
    }
  }
  MakeNode make;
  make.slot = slot_of(member.key);
  make.local = static_cast<std::uint32_t>(
      std::find(env.scope->slots.begin(), env.scope->slots.end(), make.slot) - env.scope->slots.begin());
  compile_place(rule, env, make);
  if (const auto* role = rule.find("role")) {
    if (role->value.text == "mention")
      make.role = Role::Mention;
    else if (role->value.text != "subject")
      error(role->value, "a role is \"subject\" or \"mention\"");
  }
  if (const auto* required = rule.find("required")) make.required = required->value.text == "true";
  const auto* use = rule.find("use");
  const auto* file = use == nullptr ? nullptr : library_.find("segments", use->value.text);
  if (file == nullptr) {
    return error(use == nullptr ? rule : use->value,
                 use == nullptr
                     ? "\"use\" is missing: the file in segments/ that says how the resource is made"
                     : library_.absence_of("segments", use->value.text));
  }
  make.resource = compile_resource(*file, use->value.text, env);
  if (const auto* event = rule.find("event")) make.event = compile_event(*event, env);
  if (const auto* snapshot = rule.find("snapshot")) compile_snapshot(snapshot->value, env, make);
  if (make.snapshot_of != kNone)
    make.snapshot_name = rule.find("each") ? rule.find("each")->value.text : member.key;
  if (const auto* whole = rule.find("whole")) make.whole = whole_of(whole->value);
  compile_key_event(rule, resource_type_of(use->value.text), env, make);
  data_.makes[index] = std::move(make);
}

void Compiler::compile_key_event(const MappingNode& rule, const std::string& type, const Env& env,
                                 MakeNode& make) {
  for (const auto& known : kKeyWords) {
    const std::string word(known.word);
    const auto* member = rule.find(word);
    if (member == nullptr) continue;
    if (make.key_event != KeyEvent::None)
      error(member->place, "only one of \"merged-into\", \"renumbered-as\" and \"moved-from\"");
    const auto place = find_slot(env, member->value.text);
    if (!place)
      return error(member->value, "no resource \"" + member->value.text + "\" is made in this message");
    const std::string other(known.other.empty() ? std::string_view(type) : known.other);
    if ((!known.type.empty() && type != known.type) || place->type != other)
      return error(member->value,
                   "\"" + word + "\" is said of " +
                       (known.type.empty() ? "two resources of one type"
                                           : std::string(known.type) + " and names a " + other));
    if (known.of_mention != (make.role == Role::Mention))
      return error(member->place, "\"" + word + "\" needs " +
                                      (known.of_mention ? "\"role: mention\"" : "\"role: subject\""));
    make.key_event = known.event;
    make.other = place->local;
    make.other_up = place->up;
  }
}

// { of: RESOURCE, lists: { NAME: SOURCE } }: a list is complete where its source has a value.
void Compiler::compile_wholes(const MappingNode& node, const Env& env) {
  const auto* lists = node.find("lists");
  if (node.find("of") == nullptr || lists == nullptr || !lists->value.is_map())
    return error(node, "\"whole\" is { of: RESOURCE, lists: { NAME: SOURCE } }");
  for (const auto& list : lists->value.members) {
    emitter_.set_mark(list.place, "whole." + list.key);
    WholeList one{list.key, emitter_.here()};
    compile_truth_of(list.value, env);
    emitter_.emit(Op::End);
    wholes_.push_back(std::move(one));
  }
}

std::uint32_t Compiler::whole_slot(const MappingNode& node, const Env& env) {
  const auto* of = node.find("of");
  const auto place = of == nullptr ? std::nullopt : find_slot(env, of->value.text);
  if (of != nullptr && !place)
    error(of->value, "no resource \"" + of->value.text + "\" is made in this message");
  return place ? place->local : kNone;
}

std::uint32_t Compiler::whole_of(const MappingNode& node) {
  std::vector<std::string> names;
  for (const auto& list : wholes_) names.push_back(list.name);
  const auto found = std::find(names.begin(), names.end(), node.text);
  if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
  error(node, "this message has no list \"" + node.text + "\" under \"whole\"" +
                  suggestion(nearest_name(names, node.text)));
  return kNone;
}

std::uint32_t Compiler::compile_event(const MappingMember& event, const Env& env) {
  const auto start = emitter_.here();
  emitter_.set_mark(event.place, "event");
  const auto* code = event.value.find("code");
  const auto* table = event.value.find("table");
  if (event.value.is_map() && code == nullptr) {
    error(event.value, "\"event\" is a source, = literal, or { code: SOURCE, table: NAME }");
  } else {
    compile_source(code == nullptr ? event.value : code->value, env);
  }
  if (const auto* rows = table == nullptr ? nullptr : table_of(table->value, env)) {
    emitter_.emit(Op::Lookup, table_index(*rows));
  }
  emitter_.emit(Op::End);
  return start;
}

void Compiler::compile_snapshot(const MappingNode& rule, const Env& env, MakeNode& make) {
  const auto* of = rule.find("of");
  const auto* missing = rule.find("missing");
  if (of == nullptr || missing == nullptr) {
    return error(
        rule, "\"snapshot\" is { of: RESOURCE, missing: inactive } (what a member becomes that is missing)");
  }
  if (missing->value.text != "inactive" && missing->value.text != "entered-in-error") {
    error(missing->value, "a missing member becomes \"inactive\" or \"entered-in-error\"");
  }
  const auto place = find_slot(env, of->value.text);
  if (!place) return error(of->value, "no resource \"" + of->value.text + "\" is made in this message");
  make.snapshot_of = place->local;
  make.snapshot_up = place->up;
  make.snapshot_ending = missing->value.text;
}

std::string Compiler::resource_type_of(const std::string& file_name) {
  const auto* file = library_.find("segments", file_name);
  const auto* resource = file == nullptr ? nullptr : file->find("resource");
  return resource == nullptr ? "" : resource->value.text;
}

std::uint32_t Compiler::slot_of(const std::string& name) {
  const auto found = std::find(data_.slots.begin(), data_.slots.end(), name);
  if (found != data_.slots.end()) return static_cast<std::uint32_t>(found - data_.slots.begin());
  data_.slots.push_back(name);
  return static_cast<std::uint32_t>(data_.slots.size() - 1);
}

}  // namespace lienthong::convert
