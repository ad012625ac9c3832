#include "fhir-model/document/xml_writer.h"

#include <algorithm>
#include <vector>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/document/read_error.h"
#include "fhir-model/document/xml_text.h"
#include "fhir-model/document/xml_tree.h"

namespace fhir {
namespace {

constexpr std::string_view kUnknownMember = "FHIR R4 does not know this member.";
constexpr std::string_view kWrongShape = "This value has not the shape that its element needs.";

// Writes one resource. Recursion follows the nesting, bounded by kMaxDepth.
class XmlWriter {
 public:
  XmlWriter(const Definitions& definitions, std::string& out, bool pretty)
      : definitions_(definitions), out_(out), pretty_(pretty) {}

  bool write(const Node& root) {
    const Type* type = resource_type(root);
    if (type == nullptr) return fail(root, "This is no resource of FHIR R4.");
    out_ += '<';
    out_ += type->name.view();
    out_ += " xmlns=\"http://hl7.org/fhir\"";
    return content(root, *type, type->name);
  }

  const XmlWriteError& error() const { return error_; }

 private:
  // A member with its counterpart: value "x" and extensions "_x" of one element.
  struct Member {
    MemberMatch match;
    const Node* value;
    const Node* extension;
  };

  bool fail(const Node& node, std::string_view message) {
    if (error_.node == nullptr) error_ = {&node, message};
    return false;
  }

  const Type* resource_type(const Node& node) const {
    const Type* type = definitions_.find_type(node.resource_type());
    return type != nullptr && type->kind == TypeKind::Resource ? type : nullptr;
  }

  void break_line() {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  bool attribute(std::string_view name, const Node& value) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    const bool is_scalar = value.is_primitive();
    if (!is_scalar || !append_xml_attribute(value.text(), out_)) return fail(value, kWrongShape);
    out_ += '"';
    return true;
  }

  // The members in the order of the definitions, each with its counterpart; resourceType left out.
  bool ordered(const Node& object, const Type& type, std::vector<Member>& members) {
    for (const Node& node : object.children()) {
      if (node.atom() == atoms::kResourceType && type.kind == TypeKind::Resource) continue;
      const MemberMatch match = find_member(type, node.atom());
      if (!match) return fail(node, kUnknownMember);
      members.push_back(
          {match, node.is_underscored() ? nullptr : &node, node.is_underscored() ? &node : nullptr});
    }
    std::stable_sort(members.begin(), members.end(), [](const Member& left, const Member& right) {
      if (left.match.element != right.match.element)
        return left.match.element->index < right.match.element->index;
      return left.match.choice < right.match.choice;
    });
    return merge(members);
  }

  // Members of one name become one entry.
  bool merge(std::vector<Member>& members) {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < members.size(); ++at) {
      const bool same = kept > 0 && members[kept - 1].match.choice == members[at].match.choice;
      if (!same) {
        members[kept++] = members[at];
        continue;
      }
      Member& first = members[kept - 1];
      const bool twice = (first.value != nullptr) == (members[at].value != nullptr);
      if (twice)
        return fail(members[at].value != nullptr ? *members[at].value : *members[at].extension, kWrongShape);
      if (first.value == nullptr) first.value = members[at].value;
      if (first.extension == nullptr) first.extension = members[at].extension;
    }
    members.resize(kept);
    return true;
  }

  // The rest of an element whose start tag is open: attributes, children, end tag.
  bool content(const Node& object, const Type& type, std::string_view tag) {
    std::vector<Member> members;
    if (depth_ >= kMaxDepth) return fail(object, "Values are nested too deeply.");
    if (!ordered(object, type, members)) return false;
    for (const Member& member : members) {
      if (!member.match.element->is_xml_attribute) continue;
      if (member.value == nullptr) return fail(*member.extension, kWrongShape);
      if (!attribute(member.match.choice->json_name, *member.value)) return false;
    }
    const bool has_children = std::any_of(members.begin(), members.end(), [](const Member& each) {
      return !each.match.element->is_xml_attribute;
    });
    if (!has_children) {
      out_ += "/>";
      return true;
    }
    out_ += '>';
    return children(members) && end(tag);
  }

  bool children(const std::vector<Member>& members) {
    ++depth_;
    for (const Member& member : members) {
      if (!member.match.element->is_xml_attribute && !element(member)) return false;
    }
    --depth_;
    return true;
  }

  bool end(std::string_view tag) {
    break_line();
    out_ += "</";
    out_ += tag;
    out_ += '>';
    return true;
  }

  bool element(const Member& member) {
    const Type& type = definitions_.type(member.match.choice->type);
    const Node* value = member.value;
    const Node* extension = member.extension;
    const bool as_array =
        (value != nullptr && value->is_array()) || (extension != nullptr && extension->is_array());
    if (!as_array) return item(type, member.match.choice->json_name, value, extension);
    if (value != nullptr && !value->is_array()) return fail(*value, kWrongShape);
    if (extension != nullptr && !extension->is_array()) return fail(*extension, kWrongShape);
    const NodeRange values = value != nullptr ? value->children() : NodeRange(nullptr, nullptr);
    const NodeRange extensions = extension != nullptr ? extension->children() : NodeRange(nullptr, nullptr);
    auto value_at = values.begin();
    auto extension_at = extensions.begin();
    while (value_at != values.end() || extension_at != extensions.end()) {
      const Node* one = value_at != values.end() ? &*value_at : nullptr;
      const Node* other = extension_at != extensions.end() ? &*extension_at : nullptr;
      if (!item(type, member.match.choice->json_name, one, other)) return false;
      if (one != nullptr) ++value_at;
      if (other != nullptr) ++extension_at;
    }
    return true;
  }

  // One XML element.
  bool item(const Type& type, std::string_view tag, const Node* value, const Node* extension) {
    if (value != nullptr && value->is_null()) value = nullptr;
    if (extension != nullptr && extension->is_null()) extension = nullptr;
    break_line();
    if (type.is_primitive()) return primitive(type, tag, value, extension);
    if (value == nullptr || !value->is_object()) {
      return value != nullptr ? fail(*value, kWrongShape)
                              : extension == nullptr || fail(*extension, kWrongShape);
    }
    out_ += '<';
    out_ += tag;
    if (type.kind != TypeKind::Resource) return content(*value, type, tag);
    const Type* inner = resource_type(*value);
    if (inner == nullptr) return fail(*value, kWrongShape);
    out_ += '>';
    ++depth_;
    break_line();
    out_ += '<';
    out_ += inner->name.view();
    const bool good = content(*value, *inner, inner->name);
    --depth_;
    return good && end(tag);
  }

  bool primitive(const Type& type, std::string_view tag, const Node* value, const Node* extension) {
    if (value != nullptr && !value->is_primitive()) return fail(*value, kWrongShape);
    if (extension != nullptr && !extension->is_object()) return fail(*extension, kWrongShape);
    if (type.id == type_ids::kXhtml) return xhtml(value, extension);
    out_ += '<';
    out_ += tag;
    if (value != nullptr && !attribute("value", *value)) return false;
    if (extension != nullptr) return content(*extension, definitions_.type(type_ids::kElement), tag);
    out_ += "/>";
    return true;
  }

  bool xhtml(const Node* value, const Node* extension) {
    if (extension != nullptr) return fail(*extension, kWrongShape);
    if (value == nullptr) return true;
    if (!is_xhtml_div(value->text())) return fail(*value, "The narrative is no well-formed xhtml div.");
    out_ += value->text();
    return true;
  }

  const Definitions& definitions_;
  std::string& out_;
  const bool pretty_;
  std::size_t depth_ = 0;
  XmlWriteError error_;
};

}  // namespace

tl::expected<void, XmlWriteError> write_xml(const Node& resource, const Definitions& definitions,
                                            std::string& out, bool pretty) {
  XmlWriter writer(definitions, out, pretty);
  if (writer.write(resource)) return {};
  return tl::unexpected(writer.error());
}

}  // namespace fhir
