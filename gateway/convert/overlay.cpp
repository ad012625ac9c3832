// Overlays: what a vendor's file says instead of its base, whole elements by name and parts of them by path.

#include <algorithm>
#include <charconv>
#include <string>

#include "gateway/convert/mapping_library.h"
#include "gateway/convert/mapping_node.h"

namespace lienthong::convert {
namespace {

// One step of "identifier[0].system".
struct Step {
  std::string name;
  bool item = false;    // [N] stands behind it
  bool append = false;  // [+] stands behind it
  std::size_t index = 0;
};

bool read_index(std::string_view text, Step& step) {
  if (text == "+") return step.append = true;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, step.index);
  return step.item = read.ec == std::errc() && read.ptr == end;
}

// "value[x]" is a name; "coding[0]" is one with an index.
bool read_step(std::string_view text, Step& step) {
  const auto bracket = text.find('[');
  const bool indexed = bracket != std::string_view::npos && text.ends_with(']') && !text.ends_with("[x]");
  step.name = text.substr(0, indexed ? bracket : std::string_view::npos);
  if (step.name.empty()) return false;
  return !indexed || read_index(text.substr(bracket + 1, text.size() - bracket - 2), step);
}

// Members whose names are no paths: source paths and urls never stand on the left but in conditions' texts.
bool is_path(std::string_view key) noexcept {
  const bool item = key.find('[') != std::string_view::npos && !key.ends_with("[x]");
  return item || key.find('.') != std::string_view::npos;
}

class Overlay {
 public:
  Overlay(const MappingMember& member, Diagnostics& diagnostics)
      : member_(member), diagnostics_(diagnostics) {}

  void apply(MappingNode& base) {
    std::string_view rest = member_.key;
    auto* node = &base;
    while (node != nullptr) {
      const auto dot = rest.find('.');
      Step step;
      if (!read_step(rest.substr(0, dot), step)) return say("\"" + member_.key + "\" is no path");
      if (dot == std::string_view::npos) return put(*node, step);
      node = descend(*node, step);
      rest.remove_prefix(dot + 1);
    }
  }

 private:
  static bool removes(const MappingMember& member) { return member.value.kind == MappingNode::Kind::Empty; }

  void say(std::string message) {
    diagnostics_.error(member_.place.file, member_.place.line, member_.place.column, std::move(message));
  }

  MappingMember* find(MappingNode& node, const std::string& name) {
    const auto found =
        std::find_if(node.members.begin(), node.members.end(), [&](const auto& m) { return m.key == name; });
    return found == node.members.end() ? nullptr : &*found;
  }

  void say_absent(const MappingNode& node, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& member : node.members) names.push_back(member.key);
    say("\"" + member_.key + "\": the mapping it extends has no \"" + name + "\" there" +
        suggestion(nearest_name(names, name)));
  }

  MappingNode* descend(MappingNode& node, const Step& step) {
    auto* member = find(node, step.name);
    if (member == nullptr || step.append) {
      say_absent(node, step.append ? step.name + "[+]" : step.name);
      return nullptr;
    }
    auto* value = step.item ? item_of(*member, step) : &member->value;
    if (value != nullptr && !value->is_map()) {
      say("\"" + member_.key + "\": \"" + step.name +
          (value->is_list()
               ? "\" is a list in the mapping it extends; write which item: \"" + step.name + "[0]\""
               : "\" is a simple rule in the mapping it extends; replace it as a whole"));
      return nullptr;
    }
    return value;
  }

  MappingNode* item_of(MappingMember& member, const Step& step) {
    auto& value = member.value;
    if (!value.is_list() && step.index == 0) return &value;
    if (step.index < value.items.size()) return &value.items[step.index];
    say("\"" + member_.key + "\": \"" + step.name + "\" has " + std::to_string(value.items.size()) +
        " items in the mapping it extends, counted from 0");
    return nullptr;
  }

  void put(MappingNode& node, const Step& step) {
    if (step.append) return append(node, step);
    if (step.item) return replace_item(node, step);
    auto* member = find(node, step.name);
    if (member == nullptr && removes(member_) && is_path(member_.key)) return say_absent(node, step.name);
    if (removes(member_)) {
      std::erase_if(node.members, [&](const auto& m) { return m.key == step.name; });
    } else if (member == nullptr) {
      node.members.push_back({step.name, member_.place, member_.value});
    } else {
      *member = {step.name, member_.place, member_.value};
    }
  }

  // The item counts among those of the base as it is then: an overlay's lines work from top to bottom.
  void replace_item(MappingNode& node, const Step& step) {
    auto* member = find(node, step.name);
    if (member == nullptr) return say_absent(node, step.name);
    auto* item = item_of(*member, step);
    if (item == nullptr) return;
    if (!removes(member_)) {
      *item = member_.value;
    } else if (member->value.is_list()) {
      member->value.items.erase(member->value.items.begin() + static_cast<std::ptrdiff_t>(step.index));
    } else {
      std::erase_if(node.members, [&](const auto& m) { return m.key == step.name; });
    }
  }

  void append(MappingNode& node, const Step& step) {
    if (removes(member_)) return say("\"" + member_.key + "\": an item to be added needs a rule");
    auto* member = find(node, step.name);
    if (member == nullptr) {
      node.members.push_back({step.name, member_.place, {}});
      member = &node.members.back();
      member->value.place = member_.value.place;
      member->value.kind = MappingNode::Kind::List;
    } else if (!member->value.is_list()) {
      MappingNode only = std::move(member->value);
      member->value = {};
      member->value.kind = MappingNode::Kind::List;
      member->value.place = only.place;
      member->value.items.push_back(std::move(only));
    }
    member->value.items.push_back(member_.value);
  }

  const MappingMember& member_;
  Diagnostics& diagnostics_;
};

}  // namespace

void apply_overlay(MappingNode& base, const MappingNode& overlay, Diagnostics& diagnostics) {
  for (const auto& member : overlay.members) {
    if (member.key != "extends") Overlay(member, diagnostics).apply(base);
  }
}

}  // namespace lienthong::convert
