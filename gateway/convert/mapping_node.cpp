#include "gateway/convert/mapping_node.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace lienthong::convert {
namespace {

Place place_of(std::string_view file, const YAML::Mark& mark) {
  if (mark.is_null()) return {file, 0, 0};
  return {file, static_cast<unsigned>(mark.line) + 1, static_cast<unsigned>(mark.column) + 1};
}

// Copies yaml-cpp's tree, which shares aliased nodes and keeps duplicate keys.
class TreeReader {
 public:
  TreeReader(std::string_view file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  bool read(const YAML::Node& from, MappingNode& to, unsigned depth) {
    to.place = place_of(file_, from.Mark());
    if (++count_ > kMaxMappingNodes || depth > kMaxMappingDepth) {
      if (!refused_)
        diagnostics_.error(file_, to.place.line, to.place.column,
                           "the file is nested too deeply or too large");
      refused_ = true;
      return false;
    }
    if (from.IsScalar()) {
      to.kind = MappingNode::Kind::Scalar;
      to.text = from.Scalar();
    } else if (from.IsSequence()) {
      read_list(from, to, depth);
    } else if (from.IsMap()) {
      read_map(from, to, depth);
    }
    return !refused_;
  }

 private:
  void read_list(const YAML::Node& from, MappingNode& to, unsigned depth) {
    to.kind = MappingNode::Kind::List;
    for (const auto& item : from) {
      to.items.emplace_back();
      if (!read(item, to.items.back(), depth + 1)) return;
    }
  }

  void read_map(const YAML::Node& from, MappingNode& to, unsigned depth) {
    to.kind = MappingNode::Kind::Map;
    for (const auto& pair : from) {
      const auto where = place_of(file_, pair.first.Mark());
      if (!pair.first.IsScalar()) {
        diagnostics_.error(file_, where.line, where.column, "a key must be a name, not a list or a map");
        continue;
      }
      const auto& key = pair.first.Scalar();
      if (const auto* earlier = to.find(key)) {
        diagnostics_.error(
            file_, where.line, where.column,
            "\"" + key + "\" stands twice (first on line " + std::to_string(earlier->place.line) +
                "); keep one of them, or write both rules as a list under one \"" + key + "\"");
        continue;
      }
      to.members.push_back({key, where, {}});
      if (!read(pair.second, to.members.back().value, depth + 1)) return;
    }
  }

  std::string_view file_;
  Diagnostics& diagnostics_;
  std::size_t count_ = 0;
  bool refused_ = false;
};

// The first line whose indentation has a tab, from 1; 0: none.
std::size_t line_with_tab(std::string_view text) noexcept {
  for (std::size_t line = 1, at = 0; at < text.size(); ++line) {
    const auto begin = text.find_first_not_of(' ', at);
    if (begin != std::string_view::npos && text[begin] == '\t') return line;
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return 0;
}

// What people trip over who write YAML now and then; the reader's own words do not always name it.
std::string remedy_of(std::string_view text, std::string_view complaint) {
  if (const auto line = line_with_tab(text); line > 0)
    return "; line " + std::to_string(line) + " is indented by a tab: YAML is indented by spaces";
  const auto says = [&](std::string_view words) { return complaint.find(words) != std::string_view::npos; };
  if (says("map value") || says("end of map"))
    return "; is the line indented as those beside it, and a text that holds \": \" in quotes?";
  return {};
}

}  // namespace

const MappingMember* MappingNode::find(std::string_view key) const noexcept {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.key == key; });
  return found == members.end() ? nullptr : &*found;
}

std::optional<MappingNode> parse_mapping(std::string_view file, const std::string& text,
                                         Diagnostics& diagnostics) {
  try {
    const YAML::Node loaded = YAML::Load(text);
    MappingNode root;
    TreeReader reader(file, diagnostics);
    if (!reader.read(loaded, root, 0)) return std::nullopt;
    return root;
  } catch (const YAML::Exception& error) {
    const auto where = place_of(file, error.mark);
    diagnostics.error(file, where.line, where.column,
                      "not readable as YAML: " + error.msg + remedy_of(text, error.msg));
    return std::nullopt;
  }
}

}  // namespace lienthong::convert
