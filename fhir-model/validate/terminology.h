#pragma once
// Code systems and value sets: those of R4 and those that were loaded.

#include <memory>
#include <optional>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/node.h"
#include "fhir-model/validate/text_map.h"

namespace fhir::validate {

struct LoadedSystem;
struct LoadedSet;

// A value set, of R4 or loaded (which goes first). Valid as long as the Terminology.
struct SetHandle {
  const ValueSet* base = nullptr;
  const LoadedSet* loaded = nullptr;
  explicit operator bool() const { return base != nullptr || loaded != nullptr; }
};

// What is known of a code in its system.
struct CodeAnswer {
  enum class State : std::uint8_t { Known, Unknown, NotDecidable };
  State state = State::NotDecidable;
  std::string_view display;  // of a known code of a complete code system; may be empty
};

// Filled at set-up, then read by any number of threads. Membership is decided by the rules of
// ValueSet.compose (R4 §4.9.5) without expanding: memory does not grow with the size of included systems.
class Terminology {
 public:
  explicit Terminology(const Definitions& definitions);
  ~Terminology();
  Terminology(const Terminology&) = delete;
  Terminology& operator=(const Terminology&) = delete;

  // Take over a CodeSystem or ValueSet; the texts are copied. A later one replaces an earlier one of the same
  // URL.
  void add_code_system(const Node& resource);
  void add_value_set(const Node& resource);

  // A value set that is not kept here: one contained in another resource. Copies the texts.
  static std::shared_ptr<const LoadedSet> read_value_set(const Node& resource);

  // By canonical URL; a version is ignored.
  SetHandle find_set(std::string_view url) const;
  // Is (system, code) in the set? An empty system asks for the code alone. Grammars are applied.
  Membership is_member(const SetHandle& set, std::string_view system, std::string_view code) const;
  CodeAnswer find_code(std::string_view system, std::string_view code) const;
  // Does the URL name a CodeSystem that only supplements another?
  bool is_supplement(std::string_view url) const { return supplements_.contains(bare_canonical(url)); }
  // Does the URL name a value set where a code system should stand?
  bool is_value_set(std::string_view url) const;

 private:
  struct Include;
  Membership loaded_member(const LoadedSet& set, std::string_view system, std::string_view code,
                           int& budget) const;
  Membership handle_member(const SetHandle& set, std::string_view system, std::string_view code,
                           int& budget) const;
  Membership include_member(const Include& include, std::string_view system, std::string_view code,
                            int& budget) const;
  Membership system_member(const Include& include, std::string_view code) const;
  Membership passes_filters(const Include& include, std::string_view code) const;
  bool is_below(std::string_view system, std::string_view code, std::string_view ancestor) const;
  static Include read_include(const Node& node);
  static void read_concepts(const Node& owner, std::string_view parent, LoadedSystem& system);
  static void read_expansion(const Node& owner, LoadedSet& set);

  friend struct LoadedSet;
  const Definitions& definitions_;
  TextMap<std::unique_ptr<LoadedSystem>> systems_;
  TextSet supplements_;
  TextMap<std::shared_ptr<const LoadedSet>> sets_;
};

}  // namespace fhir::validate
