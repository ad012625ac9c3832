#include "fhir-model/document/xml_tree.h"

#include <algorithm>

#include "fhir-model/document/xml_scanner.h"

namespace fhir {
namespace {

constexpr std::string_view kFhir = "http://hl7.org/fhir";
constexpr std::string_view kXhtml = "http://www.w3.org/1999/xhtml";
constexpr std::size_t kMostDeclarations = 256;  // of namespaces, in force at one place
constexpr std::size_t kLongestName = 65534;

using Token = XmlScanner::Token;

struct QName {
  std::string_view prefix;
  std::string_view local;
};

QName split_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

// Namespace declarations in force, innermost last (Namespaces in XML 1.0 §6).
class Namespaces {
 public:
  // False when there are too many to look through.
  bool enter(const std::vector<XmlAttribute>& attributes, std::size_t depth) {
    for (const XmlAttribute& attribute : attributes) {
      if (attribute.name == "xmlns") declared_.push_back({{}, attribute.value, depth});
      if (attribute.name.starts_with("xmlns:"))
        declared_.push_back({attribute.name.substr(6), attribute.value, depth});
    }
    return declared_.size() <= kMostDeclarations;
  }
  void leave(std::size_t depth) {
    while (!declared_.empty() && declared_.back().depth == depth) declared_.pop_back();
  }
  std::string_view uri(std::string_view prefix) const {
    const auto found = std::find_if(declared_.rbegin(), declared_.rend(),
                                    [prefix](const Declaration& each) { return each.prefix == prefix; });
    return found == declared_.rend() ? std::string_view{} : found->uri;
  }

 private:
  struct Declaration {
    std::string_view prefix;
    std::string_view uri;
    std::size_t depth;
  };
  std::vector<Declaration> declared_;
};

class TreeReader {
 public:
  TreeReader(std::string_view xml, const ReadLimits& limits, std::vector<XmlElement>& elements)
      : xml_(xml),
        max_nodes_(limits.nodes),
        max_depth_(std::min(limits.depth, kMaxDepth)),
        elements_(elements),
        scanner_(xml) {}

  bool read() {
    for (;;) {
      const Token token = scanner_.next();
      if (token == Token::Failed) return fail(scanner_.error(), scanner_.error_at());
      if (scanner_.has_text()) return fail(ReadErrorKind::XmlText, scanner_.text_start());
      if (token == Token::End) return at_end();
      const bool good = token == Token::EndTag ? close() : open(token == Token::EmptyTag);
      if (!good) return false;
    }
  }

  ReadError error() const { return make_read_error(kind_, xml_, error_at_, limit_); }

 private:
  struct Open {
    std::uint32_t element;
    std::uint32_t last_child;
    std::string_view tag;
  };

  bool fail(ReadErrorKind kind, std::size_t at, std::uint64_t limit = 0) {
    kind_ = kind;
    error_at_ = at;
    limit_ = limit;
    return false;
  }

  bool at_end() {
    if (!open_.empty()) return fail(ReadErrorKind::UnexpectedEnd, xml_.size());
    return !elements_.empty() || fail(ReadErrorKind::Empty, 0);
  }

  bool close() {
    if (open_.empty() || open_.back().tag != scanner_.name()) {
      return fail(ReadErrorKind::XmlMismatchedTag, scanner_.tag_start());
    }
    namespaces_.leave(open_.size());
    open_.pop_back();
    return true;
  }

  bool open(bool empty) {
    const std::size_t start = scanner_.tag_start();
    if (open_.empty() && !elements_.empty()) return fail(ReadErrorKind::TrailingContent, start);
    if (elements_.size() >= max_nodes_) return fail(ReadErrorKind::TooManyNodes, start, max_nodes_);
    if (open_.size() >= max_depth_) return fail(ReadErrorKind::TooDeep, start, max_depth_);
    if (scanner_.name().size() > kLongestName) return fail(ReadErrorKind::NameTooLong, start, kLongestName);
    if (!namespaces_.enter(scanner_.attributes(), open_.size() + 1))
      return fail(ReadErrorKind::XmlNamespace, start);
    const QName name = split_name(scanner_.name());
    const std::string_view uri = namespaces_.uri(name.prefix);
    XmlElement element;
    element.name = name.local;
    element.position = static_cast<std::uint32_t>(start);
    if (uri == kXhtml) return xhtml(element, empty);
    if (uri != kFhir) return fail(ReadErrorKind::XmlNamespace, start);
    if (!take_attributes(element)) return false;
    link(element);
    if (empty) {
      namespaces_.leave(open_.size() + 1);
    } else {
      open_.push_back({static_cast<std::uint32_t>(elements_.size() - 1), XmlElement::kNone, scanner_.name()});
    }
    return true;
  }

  bool take_attributes(XmlElement& element) {
    for (const XmlAttribute& attribute : scanner_.attributes()) {
      if (attribute.name == "value") {
        element.value = attribute.value;
        element.has_value = true;
      } else if (attribute.name == "id") {
        element.id = attribute.value;
        element.has_id = true;
      } else if (attribute.name == "url") {
        element.url = attribute.value;
        element.has_url = true;
      } else if (attribute.name != "xmlns" && !attribute.name.starts_with("xmlns:") &&
                 split_name(attribute.name).local != "schemaLocation") {
        return fail(ReadErrorKind::XmlElement, offset(attribute.name));
      }
    }
    return true;
  }

  std::size_t offset(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - xml_.data());
  }

  void link(const XmlElement& element) {
    const auto index = static_cast<std::uint32_t>(elements_.size());
    elements_.push_back(element);
    if (open_.empty()) return;
    Open& parent = open_.back();
    if (parent.last_child == XmlElement::kNone) {
      elements_[parent.element].first_child = index;
    } else {
      elements_[parent.last_child].next_sibling = index;
    }
    parent.last_child = index;
  }

  // Narrative: passed over to its end and kept as text.
  bool xhtml(XmlElement element, bool empty) {
    if (open_.empty()) return fail(ReadErrorKind::XmlNamespace, element.position);
    std::vector<std::string_view> tags;
    if (!empty) tags.push_back(scanner_.name());
    while (!tags.empty()) {
      const Token token = scanner_.next();
      if (token == Token::Failed) return fail(scanner_.error(), scanner_.error_at());
      if (token == Token::End) return fail(ReadErrorKind::UnexpectedEnd, xml_.size());
      if (token == Token::StartTag) tags.push_back(scanner_.name());
      if (tags.size() + open_.size() > max_depth_)
        return fail(ReadErrorKind::TooDeep, scanner_.tag_start(), max_depth_);
      if (token != Token::EndTag) continue;
      if (tags.back() != scanner_.name()) return fail(ReadErrorKind::XmlMismatchedTag, scanner_.tag_start());
      tags.pop_back();
    }
    namespaces_.leave(open_.size() + 1);
    element.is_xhtml = true;
    element.has_value = true;
    element.value = xml_.substr(element.position, scanner_.at() - element.position);
    link(element);
    return true;
  }

  const std::string_view xml_;
  const std::size_t max_nodes_;
  const std::size_t max_depth_;
  std::vector<XmlElement>& elements_;
  XmlScanner scanner_;
  Namespaces namespaces_;
  std::vector<Open> open_;
  ReadErrorKind kind_ = ReadErrorKind::Empty;
  std::size_t error_at_ = 0;
  std::uint64_t limit_ = 0;
};

}  // namespace

tl::expected<void, ReadError> read_xml_tree(std::string_view xml, const ReadLimits& limits,
                                            std::vector<XmlElement>& elements) {
  elements.clear();
  TreeReader reader(xml, limits, elements);
  if (reader.read()) return {};
  return tl::unexpected(reader.error());
}

bool is_xhtml_div(std::string_view text) {
  XmlScanner scanner(text);
  std::vector<std::string_view> tags;
  bool first = true;
  for (Token token = scanner.next(); token != Token::End; token = scanner.next()) {
    if (token == Token::Failed) return false;
    if (tags.empty() && (!first || scanner.has_text() || token == Token::EndTag)) return false;
    if (token == Token::EndTag) {
      if (tags.back() != scanner.name()) return false;
      tags.pop_back();
      continue;
    }
    if (first) {
      const std::vector<XmlAttribute>& attributes = scanner.attributes();
      const bool named = scanner.name() == "div" &&
                         std::any_of(attributes.begin(), attributes.end(), [](const XmlAttribute& each) {
                           return each.name == "xmlns" && each.value == kXhtml;
                         });
      if (!named) return false;
      first = false;
    }
    if (token == Token::StartTag) tags.push_back(scanner.name());
    if (tags.size() > kMaxDepth) return false;
  }
  return !first && tags.empty() && !scanner.has_text();
}

}  // namespace fhir
