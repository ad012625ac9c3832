#include "gateway/app/toml_tree.h"

// The only file that includes toml++: it takes some 4 s to compile.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

namespace lienthong::app {
namespace {

Position position_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

TomlNode convert(const toml::node& node);

void convert_table(const toml::table& table, TomlNode& out) {
  out.kind = TomlNode::Kind::Table;
  for (const auto& [key, value] : table) {
    auto child = convert(value);
    child.key = key.str();
    child.key_position = position_of(key.source());
    out.children.push_back(std::move(child));
  }
  // toml++ sorts by name; whoever reads errors reads them from the top of the file.
  std::stable_sort(out.children.begin(), out.children.end(), [](const TomlNode& a, const TomlNode& b) {
    return std::tie(a.key_position.line, a.key_position.column) <
           std::tie(b.key_position.line, b.key_position.column);
  });
}

// The depth is toml++'s own limit on nested values (256).
TomlNode convert(const toml::node& node) {
  TomlNode out;
  out.position = position_of(node.source());
  if (const auto* table = node.as_table()) {
    convert_table(*table, out);
  } else if (const auto* list = node.as_array()) {
    out.kind = TomlNode::Kind::List;
    for (const auto& item : *list) out.children.push_back(convert(item));
  } else if (const auto* text = node.as_string()) {
    out.kind = TomlNode::Kind::Text;
    out.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.kind = TomlNode::Kind::Integer;
    out.integer = integer->get();
  } else if (const auto* boolean = node.as_boolean()) {
    out.kind = TomlNode::Kind::Boolean;
    out.boolean = boolean->get();
  } else {
    out.kind = node.is_floating_point() ? TomlNode::Kind::Real : TomlNode::Kind::Time;
  }
  return out;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view name) const noexcept {
  for (const auto& child : children) {
    if (child.key == name) return &child;
  }
  return nullptr;
}

tl::expected<TomlNode, TomlFailure> parse_toml(std::string_view text) {
  const auto parsed = toml::parse(text);
  if (!parsed) {
    return tl::unexpected(
        TomlFailure{position_of(parsed.error().source()), std::string(parsed.error().description())});
  }
  TomlNode root;
  root.position = {1, 1};
  convert_table(parsed.table(), root);
  return root;
}

}  // namespace lienthong::app
