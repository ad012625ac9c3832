#pragma once
// What a rule can see while it is compiled: the places its paths start from, its parameters, the resources of
// its message.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "gateway/convert/mapping_node.h"

namespace lienthong::convert {

struct Environment;

// What a rule gave for a parameter of a data type mapping ("table: marital-status"), and where that rule
// stands.
struct Argument {
  const MappingNode* node = nullptr;
  std::shared_ptr<const Environment> environment;
};

// The resources and groups that stand side by side in a message file.
struct ResourceScope {
  const ResourceScope* parent = nullptr;
  std::vector<std::uint32_t> slots;  // global slot numbers by their number in this scope
  std::vector<std::string> types;    // their resource types
};

struct Environment {
  std::vector<lt_path> levels{0};  // path of the node at each level; [0] is the record
  std::string type_name;           // in a data type's file: "CX"; its paths begin with it
  std::string prefix;              // … and stand for this
  std::uint8_t prefix_level = 0;
  std::uint8_t place_level = 0;  // where the resource stands: "../" counts from here
  bool is_repetition = false;    // paths that begin with "." start at the innermost node
  std::map<std::string, Argument> arguments;
  std::set<std::string> parameters;  // declared by the data type's file
  const ResourceScope* scope = nullptr;
  std::string current_made;  // within each-made: the resource that "reference: NAME" means
};

// A source path as the adapter knows it.
struct ResolvedSource {
  lt_path path = 0;
  lt_path context = 0;  // of the node at that level
  std::uint8_t level = 0;
  std::string text;  // as given to the adapter at that level
};

}  // namespace lienthong::convert
