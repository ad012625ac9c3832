// Feeds bytes to what reads a mapping's files: YAML, expressions and conditions, code tables. No crash,
// bounded time and size, and what is refused is refused with a place.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/convert/code_table.h"
#include "gateway/convert/expression.h"
#include "gateway/convert/mapping_node.h"

namespace {

using namespace lienthong::convert;

void demand(bool holds) {
  if (!holds) std::abort();
}

std::size_t count_nodes(const MappingNode& node, unsigned depth) {
  demand(depth <= kMaxMappingDepth + 1);
  std::size_t count = 1;
  for (const auto& item : node.items) count += count_nodes(item, depth + 1);
  for (const auto& member : node.members) {
    demand(node.find(member.key) == &member);  // no key stands twice
    count += count_nodes(member.value, depth + 1);
  }
  return count;
}

// Every text of the file, as the compiler would read it.
void read_texts(const MappingNode& node) {
  if (node.is_scalar()) {
    const auto expression = parse_expression(node.text);
    const auto condition = parse_condition(node.text);
    const auto* wrong = std::get_if<SyntaxError>(&expression);
    demand(wrong == nullptr || (wrong->offset <= node.text.size() && !wrong->message.empty()));
    wrong = std::get_if<SyntaxError>(&condition);
    demand(wrong == nullptr || (wrong->offset <= node.text.size() && !wrong->message.empty()));
  }
  for (const auto& item : node.items) read_texts(item);
  for (const auto& member : node.members) read_texts(member.value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const auto tree = parse_mapping("fuzz.yaml", text, diagnostics);
  demand(tree.has_value() || diagnostics.error_count() > 0);
  if (tree) {
    demand(count_nodes(*tree, 0) <= kMaxMappingNodes + 1);
    read_texts(*tree);
    auto overlaid = *tree;
    apply_overlay(overlaid, *tree, diagnostics);
    count_nodes(overlaid, 0);
  }
  CodeTable table("fuzz", "fuzz.csv");
  table.read("fuzz.csv", text, diagnostics);
  table.build_index();
  for (const auto& row : table.rows()) demand(table.find(row.code) == &row);
  return 0;
}
