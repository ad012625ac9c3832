#pragma once
// One value of a document: a record in a flat array, its children right behind it.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fhir-model/definitions/atom.h"

namespace fhir {

enum class NodeKind : std::uint8_t { Null, False, True, Number, String, Array, Object };

class NodeRange;

// A value. Nodes live in their Document's array and are only valid there and until it is changed or cleared:
// pass them by reference or pointer, never by value. Texts point into the Document's source or its own
// memory.
class Node {
 public:
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  NodeKind kind() const { return kind_; }
  bool is_null() const { return kind_ == NodeKind::Null; }
  bool is_boolean() const { return kind_ == NodeKind::False || kind_ == NodeKind::True; }
  bool is_number() const { return kind_ == NodeKind::Number; }
  bool is_string() const { return kind_ == NodeKind::String; }
  bool is_array() const { return kind_ == NodeKind::Array; }
  bool is_object() const { return kind_ == NodeKind::Object; }
  bool is_primitive() const { return kind_ < NodeKind::Array && kind_ != NodeKind::Null; }

  // String: the characters, unescaped. Number: the source text ("1.50"). Booleans and null: "true", "false",
  // "null". Array and object: empty.
  std::string_view text() const { return {text_, text_length_}; }

  // Member name without a leading underscore; empty for array items and the root.
  std::string_view name() const { return json_name().substr(is_underscored() ? 1 : 0); }
  // Member name as it stands in JSON ("_birthDate").
  std::string_view json_name() const { return {name_, name_length_}; }
  // R4 atom of name(); kNoAtom when R4 has no such name, and for items of arrays.
  Atom atom() const { return atom_; }
  // "_birthDate": id and extensions of the primitive member "birthDate".
  bool is_underscored() const { return (flags_ & kUnderscored) != 0; }
  // An earlier member of the same object has the same json_name(); the reader keeps both.
  bool is_duplicate() const { return (flags_ & kDuplicate) != 0; }
  // Read from a source, so that the positions mean something.
  bool has_position() const { return (flags_ & kSynthetic) == 0; }

  // Byte offsets in the source: of the name's opening quote (XML: the element's "<"), and of the value's
  // first character (XML: of the attribute value, or of the element). For array items both are the value's.
  std::uint32_t name_position() const { return name_position_; }
  std::uint32_t value_position() const { return value_position_; }

  // Children in source order: members of an object, items of an array. Empty for the rest.
  NodeRange children() const;
  std::uint32_t child_count() const { return child_count_; }
  // Number of nodes of this subtree with this node: `this + span()` is the first node behind it.
  std::uint32_t span() const { return span_; }
  // The enclosing array or object; null for the root.
  const Node* parent() const { return parent_distance_ == 0 ? nullptr : this - parent_distance_; }

  // The first member of that name (without underscore), or null; also null when this is no object.
  const Node* find(Atom atom) const { return find_member(atom, false); }
  const Node* find(std::string_view json_name) const;
  // The member "_name" of that name, or null.
  const Node* find_underscored(Atom atom) const {
    return (flags_ & kHasUnderscored) != 0 ? find_member(atom, true) : nullptr;
  }
  // Some member of this object is underscored: lets the usual case skip the search.
  bool has_underscored_members() const { return (flags_ & kHasUnderscored) != 0; }
  // For a member of an object: its counterpart "_name" ↔ "name", or null.
  const Node* counterpart() const;
  // For a value, also as item of an array: the node with its id and extensions, or null (counterpart(), or
  // the item at the same index of the array's counterpart when that is an object).
  const Node* primitive_extension() const;
  // For an item of an array: its index. Linear in the index.
  std::size_t index_in_parent() const;

  // resourceType of an object; empty when it has none or it is no string.
  std::string_view resource_type() const;
  // Text of the string, number or boolean member `atom`; empty when there is none.
  std::string_view member_text(Atom atom) const;

 private:
  Node() = default;
  friend class Document;
  friend class NodeWriter;
  enum Flag : std::uint8_t { kUnderscored = 1, kDuplicate = 2, kSynthetic = 4, kHasUnderscored = 8 };
  const Node* find_member(Atom atom, bool underscored) const;

  const char* text_;
  const char* name_;
  std::uint32_t text_length_;
  std::uint32_t value_position_;
  std::uint32_t name_position_;
  std::uint32_t span_;
  std::uint32_t child_count_;
  std::uint32_t parent_distance_;
  std::uint16_t name_length_;
  Atom atom_;
  NodeKind kind_;
  std::uint8_t flags_;
};

// for (const Node& child : node.children())
class NodeRange {
 public:
  class Iterator {
   public:
    explicit Iterator(const Node* node) : node_(node) {}
    const Node& operator*() const { return *node_; }
    const Node* operator->() const { return node_; }
    Iterator& operator++() {
      node_ += node_->span();
      return *this;
    }
    bool operator==(const Iterator& other) const { return node_ == other.node_; }
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

   private:
    const Node* node_;
  };

  NodeRange(const Node* first, const Node* last) : first_(first), last_(last) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(last_); }
  bool empty() const { return first_ == last_; }

 private:
  const Node* first_;
  const Node* last_;
};

inline NodeRange Node::children() const {
  return {this + 1, this + span_};
}

inline const Node* Node::find_member(Atom atom, bool underscored) const {
  if (kind_ != NodeKind::Object || atom == kNoAtom) return nullptr;
  for (const Node& child : children()) {
    if (child.atom_ == atom && child.is_underscored() == underscored) return &child;
  }
  return nullptr;
}

}  // namespace fhir
