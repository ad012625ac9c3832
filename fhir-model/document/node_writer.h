#pragma once
// Appends nodes to a Document: the only code that knows both from inside. For readers and builders of this
// room.

#include <cstdint>
#include <string_view>

#include "fhir-model/document/document.h"
#include "fhir-model/document/text_arena.h"

namespace fhir {

// Replaces the document's content, node by node, in document order. References to nodes hold until the next
// append().
class NodeWriter {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // Empties the document and lets it look at `source` from now on.
  NodeWriter(Document& document, std::string_view source, bool is_xml) : document_(document) {
    document.clear();
    document.source_ = source;
    document.is_xml_ = is_xml;
  }

  // A new value, last child of the innermost open container, without name.
  Node& append(NodeKind kind, std::uint32_t position) {
    if (document_.node_count_ == document_.node_capacity_) grow();
    Node& node = document_.nodes_[document_.node_count_];
    node.text_ = "";
    node.name_ = "";
    node.text_length_ = 0;
    node.value_position_ = position;
    node.name_position_ = position;
    node.span_ = 1;
    node.child_count_ = 0;
    node.parent_distance_ = 0;
    node.name_length_ = 0;
    node.atom_ = kNoAtom;
    node.kind_ = kind;
    node.flags_ = 0;
    if (open_ != kNone) {
      node.parent_distance_ = static_cast<std::uint32_t>(document_.node_count_ - open_);
      ++document_.nodes_[open_].child_count_;
    }
    ++document_.node_count_;
    return node;
  }

  // `json_name` must live as long as the document's use; at most 65,535 bytes.
  void set_name(Node& node, std::string_view json_name, Atom atom, bool underscored, std::uint32_t position) {
    node.name_ = json_name.data();
    node.name_length_ = static_cast<std::uint16_t>(json_name.size());
    node.atom_ = atom;
    node.name_position_ = position;
    if (underscored) {
      node.flags_ |= Node::kUnderscored;
      document_.nodes_[open_].flags_ |= Node::kHasUnderscored;
    }
  }

  void set_text(Node& node, std::string_view text) {
    node.text_ = text.data();
    node.text_length_ = static_cast<std::uint32_t>(text.size());
  }
  // Text, positions and their validity of another node, which may belong to another document.
  void copy_value(Node& node, const Node& from) {
    set_text(node, from.text());
    node.value_position_ = from.value_position_;
    node.name_position_ = from.name_position_;
    node.flags_ =
        static_cast<std::uint8_t>((node.flags_ & ~Node::kSynthetic) | (from.flags_ & Node::kSynthetic));
  }
  void set_kind(Node& node, NodeKind kind) { node.kind_ = kind; }
  void set_position(Node& node, std::uint32_t position) { node.value_position_ = position; }
  void mark_synthetic(Node& node) { node.flags_ |= Node::kSynthetic; }
  void mark_duplicate(std::size_t index) { document_.nodes_[index].flags_ |= Node::kDuplicate; }

  // The newest node becomes the innermost open container.
  void open_newest() { open_ = document_.node_count_ - 1; }
  // Closes the innermost container.
  void close() {
    Node& node = document_.nodes_[open_];
    node.span_ = static_cast<std::uint32_t>(document_.node_count_ - open_);
    open_ = node.parent_distance_ == 0 ? kNone : open_ - node.parent_distance_;
  }

  bool is_open() const { return open_ != kNone; }
  std::size_t open_index() const { return open_; }
  Node& node(std::size_t index) { return document_.nodes_[index]; }
  Node& newest() { return document_.nodes_[document_.node_count_ - 1]; }
  std::size_t count() const { return document_.node_count_; }
  TextArena& texts() { return *document_.texts_; }
  // A copy of the text in the document's own memory.
  std::string_view keep(std::string_view text);

 private:
  void grow();

  Document& document_;
  std::size_t open_ = kNone;
};

}  // namespace fhir
