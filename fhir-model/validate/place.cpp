#include "fhir-model/validate/place.h"

#include <algorithm>
#include <vector>

namespace fhir::validate {
namespace {

constexpr std::size_t kShownBytes = 120;

// A node and all that enclose it, outermost first.
std::vector<const Node*> line_of(const Node& node) {
  std::vector<const Node*> line;
  for (const Node* at = &node; at != nullptr; at = at->parent()) line.push_back(at);
  std::reverse(line.begin(), line.end());
  return line;
}

const Type* resource_type_of(const Definitions& definitions, const Node& node) {
  const auto name = node.resource_type();
  return name.empty() ? nullptr : definitions.find_type(name);
}

// Appends one step into `member`; returns the type of its value, null when not known.
const Type* append_step(const Definitions& definitions, const Type* type, const Node& member,
                        std::string& out) {
  out += '.';
  const MemberMatch match = type == nullptr ? MemberMatch{} : find_member(*type, member.atom());
  if (!match) {
    out += shown(member.name());
    return nullptr;
  }
  const Type& value = definitions.type(match.choice->type);
  out += match.element->is_choice ? atom_text(match.element->atom) : member.name();
  if (match.element->is_choice && match.element->atom == kNoAtom) {
    const auto name = match.element->name.view();
    out += name.substr(0, name.size() - 3);
  }
  if (match.element->is_choice) out.append(".ofType(").append(value.name.view()).append(")");
  return &value;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out(text.substr(0, kShownBytes));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  while (!out.empty() && text.size() > kShownBytes &&
         (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U) {
    out.pop_back();
  }
  if (text.size() > kShownBytes && !out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0U)
    out.pop_back();
  return out;
}

std::string expression_of(const Definitions& definitions, const Node& node) {
  const auto line = line_of(node);
  const Type* type = resource_type_of(definitions, *line.front());
  std::string out(type != nullptr ? type->name.view() : std::string_view());
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Node& at = *line[i];
    if (line[i - 1]->is_array()) {
      out.append("[").append(std::to_string(at.index_in_parent())).append("]");
    } else {
      type = append_step(definitions, type, at, out);
    }
    if (at.is_object() && type != nullptr && type->kind == TypeKind::Resource) {
      type = resource_type_of(definitions, at);
    }
  }
  return out;
}

std::string element_path_of(const Node& node) {
  const auto line = line_of(node);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Node& at = *line[i];
    const auto resource = at.is_object() ? at.resource_type() : std::string_view();
    if (!resource.empty()) {
      out = resource;
    } else if (!at.json_name().empty()) {
      out.append(".").append(at.name());
    }
  }
  return out;
}

}  // namespace fhir::validate
