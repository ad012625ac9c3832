#include "fhir-model/document/xml_reader.h"

#include <algorithm>
#include <vector>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/document/json_number.h"
#include "fhir-model/document/node_writer.h"
#include "fhir-model/document/utf8.h"
#include "fhir-model/document/xml_text.h"
#include "fhir-model/document/xml_tree.h"

namespace fhir {
namespace {

constexpr std::uint32_t kNone = XmlElement::kNone;

// Gives the tree of elements the shape that R4 §2.6.2 gives the same resource in JSON. Recursion follows the
// depth of the elements, which the tree's reader has bounded by ReadLimits::depth.
class Shaper {
 public:
  Shaper(std::string_view xml, const std::vector<XmlElement>& elements, const Definitions& definitions,
         const ReadLimits& limits, XmlOrder order, Document& document)
      : xml_(xml),
        order_(order),
        elements_(elements),
        definitions_(definitions),
        max_nodes_(limits.nodes),
        nodes_(document, xml, true) {}

  bool shape() {
    if (resource_type(elements_[0]) == nullptr)
      return fail(ReadErrorKind::XmlUnknownRoot, elements_[0].position);
    append(NodeKind::Object, elements_[0].position, nullptr);
    open();
    const bool good = resource(elements_[0]);
    nodes_.close();
    return good;
  }

  ReadError error() const {
    return make_read_error(kind_, xml_, error_at_, kind_ == ReadErrorKind::TooManyNodes ? max_nodes_ : 0);
  }

 private:
  // The elements of one name that follow one another: one member of JSON.
  struct Group {
    std::uint32_t first;
    std::uint32_t end;  // the sibling behind the last, or kNone
    std::size_t count;
    bool any_value;
    bool any_extension;  // id attribute or child elements
  };
  struct Name {
    std::string_view text;
    Atom atom;
  };

  bool fail(ReadErrorKind kind, std::size_t at) {
    kind_ = kind;
    error_at_ = at;
    return false;
  }

  const Type* resource_type(const XmlElement& element) const {
    const Type* type = definitions_.find_type(element.name);
    return type != nullptr && type->kind == TypeKind::Resource && !element.is_xhtml ? type : nullptr;
  }

  static bool has_extension(const XmlElement& element) {
    return element.has_id || element.first_child != kNone;
  }

  // Nodes

  Node& append(NodeKind kind, std::uint32_t position, const Name* name, bool underscored = false) {
    if (nodes_.count() >= max_nodes_ && kind_ != ReadErrorKind::TooManyNodes)
      fail(ReadErrorKind::TooManyNodes, position);
    Node& node = nodes_.append(kind, position);
    if (name != nullptr) {
      const std::string_view text = underscored ? underscored_name(name->text) : name->text;
      nodes_.set_name(node, text, name->atom, underscored, position);
    }
    return node;
  }

  std::string_view underscored_name(std::string_view name) {
    char* bytes = nodes_.texts().allocate(name.size() + 1);
    bytes[0] = '_';
    name.copy(bytes + 1, name.size());
    return {bytes, name.size() + 1};
  }

  void open() { nodes_.open_newest(); }

  std::string_view decoded(std::string_view raw) {
    if (!needs_xml_decoding(raw)) return raw;
    char* bytes = nodes_.texts().allocate(raw.size());
    std::size_t unused = 0;  // the scanner has checked all references
    const std::size_t length = decode_xml_attribute(raw, bytes, unused);
    nodes_.texts().trim(bytes, length);
    return {bytes, length};
  }

  std::uint32_t offset(std::string_view part) const {
    return static_cast<std::uint32_t>(part.data() - xml_.data());
  }

  void string_member(Name name, std::string_view raw) {
    Node& node = append(NodeKind::String, offset(raw), &name);
    nodes_.set_text(node, decoded(raw));
  }

  // Values

  // The members of a resource into the open object: its type first, as JSON has it by custom.
  bool resource(const XmlElement& element) {
    if (element.has_value) return fail(ReadErrorKind::XmlElement, element.position);
    const Name name{"resourceType", atoms::kResourceType};
    nodes_.set_text(append(NodeKind::String, element.position, &name), element.name);
    return attributes(element, nullptr) && members(element, resource_type(element));
  }

  // An element with members into the newest node.
  bool object(const XmlElement& element, const Type* type) {
    nodes_.set_kind(nodes_.newest(), NodeKind::Object);
    open();
    bool good = true;
    if (type != nullptr && type->kind == TypeKind::Resource) {
      good = contained(element);
    } else {
      good = attributes(element, type) && members(element, type);
    }
    nodes_.close();
    return good;
  }

  // <contained><Patient>…</Patient></contained>: the resource is the element's only child. The node is open
  // already.
  bool contained(const XmlElement& element) {
    if (element.first_child == kNone) return true;  // an empty object, for the validator to judge
    const XmlElement& inner = elements_[element.first_child];
    if (inner.next_sibling != kNone)
      return fail(ReadErrorKind::XmlElement, elements_[inner.next_sibling].position);
    if (element.has_value || element.has_id || element.has_url)
      return fail(ReadErrorKind::XmlElement, element.position);
    return resource_type(inner) != nullptr ? resource(inner)
                                           : fail(ReadErrorKind::XmlElement, inner.position);
  }

  // The attributes id and url, where the type has them as such (a resource has none).
  bool attributes(const XmlElement& element, const Type* type) {
    if (element.has_id && !has_attribute(type, atoms::kId))
      return fail(ReadErrorKind::XmlElement, element.position);
    if (element.has_url && !has_attribute(type, atoms::kUrl))
      return fail(ReadErrorKind::XmlElement, element.position);
    if (element.has_id) string_member({"id", atoms::kId}, element.id);
    if (element.has_url) string_member({"url", atoms::kUrl}, element.url);
    return true;
  }

  static bool has_attribute(const Type* type, Atom atom) {
    if (type == nullptr) return false;
    const MemberMatch match = find_member(*type, atom);
    return match && match.element->is_xml_attribute;
  }

  // All child elements as members of the open object. `type` is null where R4 does not know the element.
  bool members(const XmlElement& element, const Type* type) {
    std::uint32_t last_index = 0;
    for (std::uint32_t at = element.first_child; at != kNone;) {
      const Group group = group_from(at);
      const Name name{elements_[at].name, find_atom(elements_[at].name)};
      const MemberMatch match = type != nullptr ? find_member(*type, name.atom) : MemberMatch{};
      if (match) {
        const bool misplaced = match.element->index < last_index;
        if (misplaced && (order_ == XmlOrder::Required || stands_before(element.first_child, at))) {
          return fail(ReadErrorKind::XmlOrder, elements_[at].position);
        }
        last_index = match.element->index;
      }
      if (!member(group, name, match)) return false;
      if (kind_ == ReadErrorKind::TooManyNodes) return false;
      at = group.end;
    }
    return true;
  }

  // Is there a sibling of the same name before `at`, from `first` on?
  bool stands_before(std::uint32_t first, std::uint32_t at) const {
    for (; first != at; first = elements_[first].next_sibling) {
      if (elements_[first].name == elements_[at].name) return true;
    }
    return false;
  }

  Group group_from(std::uint32_t first) const {
    Group group{first, first, 0, false, false};
    while (group.end != kNone && elements_[group.end].name == elements_[first].name) {
      const XmlElement& element = elements_[group.end];
      ++group.count;
      group.any_value = group.any_value || element.has_value;
      group.any_extension = group.any_extension || has_extension(element);
      group.end = element.next_sibling;
    }
    return group;
  }

  bool member(const Group& group, const Name& name, const MemberMatch& match) {
    const Type* type = match ? &definitions_.type(match.choice->type) : nullptr;
    const bool as_array = group.count > 1 || (match && match.element->is_array);
    const bool primitive = type != nullptr ? type->is_primitive() : group.any_value;
    return primitive ? primitive_member(group, name, type, as_array)
                     : object_member(group, name, type, as_array);
  }

  bool object_member(const Group& group, const Name& name, const Type* type, bool as_array) {
    append(as_array ? NodeKind::Array : NodeKind::Object, elements_[group.first].position, &name);
    if (!as_array) return value_less(elements_[group.first]) && object(elements_[group.first], type);
    open();
    for (std::uint32_t at = group.first; at != group.end; at = elements_[at].next_sibling) {
      append(NodeKind::Object, elements_[at].position, nullptr);
      if (!value_less(elements_[at]) || !object(elements_[at], type)) return false;
    }
    nodes_.close();
    return true;
  }

  bool value_less(const XmlElement& element) {
    return !element.has_value || fail(ReadErrorKind::XmlElement, element.position);
  }

  bool primitive_member(const Group& group, const Name& name, const Type* type, bool as_array) {
    if (group.any_value) primitive_values(group, name, type, as_array);
    if (!group.any_value || group.any_extension) return primitive_extensions(group, name, as_array);
    return true;
  }

  void primitive_values(const Group& group, const Name& name, const Type* type, bool as_array) {
    const std::uint32_t start = elements_[group.first].position;
    append(as_array ? NodeKind::Array : NodeKind::Null, start, &name);
    if (!as_array) return scalar(elements_[group.first], type);
    open();
    for (std::uint32_t at = group.first; at != group.end; at = elements_[at].next_sibling) {
      append(NodeKind::Null, elements_[at].position, nullptr);
      scalar(elements_[at], type);
    }
    nodes_.close();
  }

  // "_name": id and extensions, with nulls for items that have none. An element with nothing at all becomes
  // {}.
  bool primitive_extensions(const Group& group, const Name& name, bool as_array) {
    const XmlElement& first = elements_[group.first];
    append(as_array ? NodeKind::Array : NodeKind::Object, first.position, &name, true);
    const Type* element_type = &definitions_.type(type_ids::kElement);
    if (!as_array) return object(first, element_type);
    open();
    for (std::uint32_t at = group.first; at != group.end; at = elements_[at].next_sibling) {
      const XmlElement& element = elements_[at];
      nodes_.set_text(append(NodeKind::Null, element.position, nullptr), "null");
      if (!has_extension(element) && element.has_value) continue;
      nodes_.set_text(nodes_.newest(), {});
      if (!object(element, element_type)) return false;
    }
    nodes_.close();
    return true;
  }

  // The attribute `value` into the newest node, in the form that JSON has for the type where the text allows
  // it.
  void scalar(const XmlElement& element, const Type* type) {
    Node& node = nodes_.newest();
    nodes_.set_text(node, "null");
    if (!element.has_value) return;
    const std::string_view text = element.is_xhtml ? element.value : decoded(element.value);
    nodes_.set_text(node, text);
    nodes_.set_position(node, offset(element.value));
    nodes_.set_kind(node, scalar_kind(text, type));
  }

  static NodeKind scalar_kind(std::string_view text, const Type* type) {
    const JsonForm form = type != nullptr ? type->json_form : JsonForm::String;
    if (form == JsonForm::Boolean && text == "true") return NodeKind::True;
    if (form == JsonForm::Boolean && text == "false") return NodeKind::False;
    if (form == JsonForm::Number && is_json_number(text)) return NodeKind::Number;
    return NodeKind::String;
  }

  const std::string_view xml_;
  const XmlOrder order_;
  const std::vector<XmlElement>& elements_;
  const Definitions& definitions_;
  const std::size_t max_nodes_;
  NodeWriter nodes_;
  ReadErrorKind kind_ = ReadErrorKind::Empty;
  std::size_t error_at_ = 0;
};

bool is_utf8_declared(std::string_view xml) {
  if (!xml.starts_with("<?xml")) return true;
  const std::string_view declaration = xml.substr(0, xml.find("?>"));
  const std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return true;
  for (const std::string_view name :
       {"\"utf-8\"", "'utf-8'", "\"UTF-8\"", "'UTF-8'", "\"us-ascii\"", "\"US-ASCII\""}) {
    if (declaration.find(name, at) != std::string_view::npos) return true;
  }
  return false;
}

// Everything that can be told before the tags are looked at.
tl::expected<void, ReadError> check_bytes(std::string_view xml, const ReadLimits& limits) {
  const std::size_t most = std::min<std::size_t>(limits.bytes, 0xFFFFFFFFU);
  if (xml.size() > most) return tl::unexpected(make_read_error(ReadErrorKind::TooLarge, xml, 0, most));
  const std::size_t invalid = find_invalid_utf8(xml);
  if (invalid != std::string_view::npos) {
    return tl::unexpected(make_read_error(ReadErrorKind::InvalidUtf8, xml, invalid));
  }
  if (!is_utf8_declared(xml)) return tl::unexpected(make_read_error(ReadErrorKind::InvalidUtf8, xml, 0));
  return {};
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

bool looks_like_xml(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '<';
}

tl::expected<void, ReadError> read_xml(std::string_view xml, const Definitions& definitions,
                                       Document& document, const ReadLimits& limits, XmlOrder order) {
  document.clear();
  if (xml.starts_with(kByteOrderMark)) xml.remove_prefix(kByteOrderMark.size());
  if (auto checked = check_bytes(xml, limits); !checked) return checked;
  std::vector<XmlElement> elements;
  if (auto read = read_xml_tree(xml, limits, elements); !read) return read;
  Shaper shaper(xml, elements, definitions, limits, order, document);
  if (shaper.shape()) return {};
  const ReadError error = shaper.error();
  document.clear();
  return tl::unexpected(error);
}

}  // namespace fhir
