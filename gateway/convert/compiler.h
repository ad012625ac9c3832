#pragma once
// Checks mapping files against FHIR R4 and the adapter's paths, and compiles them. Private to this room.
//
// One pass does both: a rule that cannot be compiled is a diagnostic, and compiling goes on with the next
// rule, so an author sees all that is wrong at once. The result is used only when there was no error.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/definitions/element_path.h"
#include "gateway/convert/adapter_paths.h"
#include "gateway/convert/emitter.h"
#include "gateway/convert/environment.h"
#include "gateway/convert/expression.h"
#include "gateway/convert/mapping_library.h"

namespace lienthong::convert {

class Compiler {
 public:
  Compiler(ProgramData& data, MappingLibrary& library, AdapterPaths& paths, Diagnostics& diagnostics);

  // Compiles every message file of the library.
  void compile_messages();

 private:
  // What an element's rule is compiled for.
  struct Target {
    const fhir::Element* element = nullptr;  // null for a resource as a whole
    const fhir::TypeChoice* choice = nullptr;
    const fhir::Type* type = nullptr;  // of the value
    std::string name;                  // `"name":` or empty for an item of an array
    std::string path;                  // "Patient.name.family"
  };
  using Env = Environment;
  using Body = std::function<void()>;

  // compiler_message.cpp
  void compile_message(const std::string& name, const MappingNode& file);
  void compile_makes(const MappingNode& list, const Env& env, ResourceScope& scope, std::uint32_t first);
  void compile_make(const MappingMember& member, Env env, std::uint32_t index);
  std::uint32_t compile_event(const MappingMember& event, const Env& env);
  void compile_group(const MappingNode& item, Env env, const ResourceScope& scope, std::uint32_t index);
  void compile_place(const MappingNode& rule, Env& env, MakeNode& make);
  void compile_snapshot(const MappingNode& rule, const Env& env, MakeNode& make);
  void compile_key_event(const MappingNode& rule, const std::string& type, const Env& env, MakeNode& make);
  void compile_wholes(const MappingNode& node, const Env& env);
  std::uint32_t whole_slot(const MappingNode& node, const Env& env);
  std::uint32_t whole_of(const MappingNode& node);
  void collect_slots(const MappingNode& list);
  std::string resource_type_of(const std::string& file_name);
  std::uint32_t slot_of(const std::string& name);

  // compiler_resource.cpp
  struct WaitingResource {
    std::uint32_t index = 0;
    const MappingNode* file = nullptr;
    std::string name;
    Env env;
    std::vector<std::string> open_files;
  };
  std::uint32_t compile_resource(const MappingNode& file, const std::string& file_name, const Env& env);
  void compile_waiting(const WaitingResource& waiting);
  void compile_resource_members(const MappingNode& file, const fhir::Type& type, const Env& env);
  std::uint32_t compile_key(const MappingNode& node, const std::string& type, const Env& env);
  void compile_key_alternative(const MappingNode& node, const std::string& type, const Env& env);
  void compile_key_parts(const MappingNode& node, const std::string& type, const Env& env, Label& next);
  void compile_key_part(const MappingNode& node, const Env& env, Label* when_absent);
  std::uint32_t compile_truth(const MappingNode& file, const Env& env);
  std::string compile_tag(const MappingNode& node);
  std::uint32_t mention_program(const MappingNode& node, const std::string& name, const Env& env,
                                std::string& type);

  // compiler_element.cpp
  void compile_members(const MappingNode& map, const fhir::Type& type, const Env& env,
                       const std::string& path, std::set<std::string>& said);
  void compile_member(const MappingMember& member, const fhir::Type& type, const Env& env,
                      const std::string& path, std::set<std::string>& said);
  void compile_choice(const MappingMember& member, const fhir::Element& element, const Env& env,
                      const std::string& path);
  void compile_choice_alternative(const MappingNode& rule, const fhir::Element& element, const Env& env,
                                  const std::string& path);
  void compile_element(const MappingNode& rule, const Target& target, const Env& env);
  void skip_if_all_absent(const MappingNode& rule, const Env& env, Label& absent);
  void compile_array(const MappingNode& rule, const Target& target, const Env& env);
  void compile_rule(const MappingNode& rule, const Target& target, const Env& env);
  void compile_first_of(const std::vector<MappingNode>& rules, const Target& target, const Env& env);
  const MappingNode* type_file_of(const MappingNode& rule);
  void compile_each(const MappingNode& rule, const Target& target, const Env& env);
  void compile_conditional(const MappingNode& rule, const Env& env, const Body& body);
  void compile_complex(const MappingNode& rule, const Target& target, const Env& env);
  void compile_as(const MappingNode& rule, const Target& target, const Env& env);
  void compile_object(const Target& target, const Body& members);
  void compile_own_members(const MappingNode& rule, const Target& target, const Env& env,
                           std::set<std::string>& said);
  void compile_needed_member(const MappingMember& member, const fhir::Type& type, const Env& env,
                             const std::string& path, std::set<std::string>& said,
                             const std::set<std::string>& needed);
  static std::set<std::string> needs_of(const MappingNode& rule);
  void check_needs(const MappingNode& rule, const Target& target);
  void compile_type_members(const MappingNode& file, const MappingNode& rule, const Target& target,
                            const Env& inner, const Env& outer);
  void skip_if_absent(const MappingNode& rule, const Env& inner, Label& absent);
  bool enter_type(const MappingNode& file, const MappingNode& rule, const Env& env, Env& inner);
  void check_required(const MappingNode& rule, const fhir::Type& type, const std::string& path,
                      const std::set<std::string>& said);
  const fhir::Type* type_of(const fhir::Element& element, const fhir::TypeChoice& choice) const;

  // compiler_reference.cpp
  void compile_reference(const MappingNode& rule, const Target& target, const Env& env);
  void compile_named_reference(const MappingNode& node, const Target& target, const Env& env);
  void compile_mention(const MappingNode& node, const MappingNode& rule, const Target& target,
                       const Env& env);
  void compile_references(const MappingNode& rule, const Target& target, const Env& env);
  void compile_each_made(const MappingNode& rule, const Target& target, const Env& env);
  void check_reference_target(const MappingNode& node, const Target& target, const std::string& type);
  struct SlotPlace {
    std::uint32_t slot = kNone, local = 0, up = 0;
    std::string type;
  };
  std::optional<SlotPlace> find_slot(const Env& env, const std::string& name) const;
  bool is_known_slot(const MappingNode& node);
  void compile_concept(const MappingNode& rule, const Target& target, const Env& env);
  void emit_concept_coding(const MappingNode& rule, const Env& env, const CodeTable& table,
                           const Target& target);

  // compiler_value.cpp
  void compile_primitive(const MappingNode& rule, const Target& target, const Env& env);
  void compile_primitive_map(const MappingNode& rule, const Target& target, const Env& env);
  void compile_primitive_extension(const MappingNode& rule, const Target& target, const Env& env);
  void compile_value(const MappingNode& rule, const MappingMember& verb, const Target& target,
                     const Env& env);
  void compile_lookup(const MappingNode& rule, std::string_view verb, const Target& target, const Env& env);
  void compile_default(const MappingNode& rule, const Target& target, const Env& env);
  void compile_namespace(const MappingNode& node, const Target& target, const Env& env);
  void compile_constant(const MappingNode& node, const std::string& text, const Target& target);
  void compile_source(const MappingNode& node, const Env& env);
  void compile_expression(const Expression& expression, const MappingNode& node, const Env& env);
  void compile_call(const Expression& expression, const MappingNode& node, const Env& env);
  void emit_write(const MappingNode& rule, const Target& target);
  bool verb_fits(const MappingMember& verb, const Target& target);
  CodeTable* table_of(const MappingNode& node, const Env& env);
  std::uint32_t table_index(const CodeTable& table) const;
  void check_table(const CodeTable& table, const Target& target);
  bool check_code(const std::string& code, const Target& target, std::string& problem) const;

  // compiler_condition.cpp
  void compile_truth_of(const MappingNode& node, const Env& env);
  void compile_condition(const Condition& condition, const MappingNode& node, const Env& env);
  void compile_condition_chain(const Condition& condition, const MappingNode& node, const Env& env);
  void compile_condition_call(const Condition& condition, const MappingNode& node, const Env& env);
  void compile_test(Op op, const std::string& path, const MappingNode& node, const Env& env,
                    std::uint32_t b = 0);

  // compiler.cpp
  std::optional<ResolvedSource> resolve(const MappingNode& node, const std::string& path, const Env& env);
  std::optional<ResolvedSource> resolve_at(const std::string& text, const Env& env, std::size_t level,
                                           std::string& nearest);
  void compile_skippable(const Body& body);
  bool enter_each(const MappingNode& node, Env& env, ResolvedSource& source);
  const Argument* argument_of(const MappingNode& node, const Env& env) const;
  bool is_unset_parameter(const MappingNode& node, const Env& env);
  void error(const MappingNode& node, std::string message);
  void error(const Place& place, std::string message);
  bool enter_file(const MappingNode& node, const std::string& name);
  void leave_file() { open_files_.pop_back(); }

  ProgramData& data_;
  MappingLibrary& library_;
  AdapterPaths& paths_;
  Diagnostics& diagnostics_;
  Emitter emitter_;
  const fhir::Definitions& r4_;
  std::vector<std::string> open_files_;   // types and mentions being compiled: a circle is an error
  std::set<std::string> known_slots_;     // of all message files
  std::set<std::string> checked_tables_;  // table and value set that were compared already
  std::vector<WaitingResource> waiting_;
  std::vector<WholeList> wholes_;  // of the message being compiled
};

}  // namespace lienthong::convert
