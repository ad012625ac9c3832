#include "fhir-model/document/builder.h"

#include <cassert>

namespace fhir {

DocumentBuilder::DocumentBuilder(Document& document) : nodes_(document, {}, false) {}

void DocumentBuilder::key(std::string_view json_name, Keep keep) {
  const bool underscored = !json_name.empty() && json_name.front() == '_';
  key_atom_ = find_atom(json_name.substr(underscored ? 1 : 0));
  const bool is_static = key_atom_ != kNoAtom && !underscored;
  key_ = is_static ? atom_text(key_atom_) : kept(json_name, keep);
  has_key_ = true;
}

void DocumentBuilder::begin_object() {
  append(NodeKind::Object);
  nodes_.open_newest();
}

void DocumentBuilder::begin_array() {
  append(NodeKind::Array);
  nodes_.open_newest();
}

void DocumentBuilder::end_object() {
  assert(nodes_.is_open() && nodes_.node(nodes_.open_index()).is_object() && !has_key_);
  nodes_.close();
}

void DocumentBuilder::end_array() {
  assert(nodes_.is_open() && nodes_.node(nodes_.open_index()).is_array());
  nodes_.close();
}

void DocumentBuilder::string(std::string_view text, Keep keep) {
  const std::string_view stored = kept(text, keep);
  nodes_.set_text(append(NodeKind::String), stored);
}

void DocumentBuilder::number(std::string_view text, Keep keep) {
  const std::string_view stored = kept(text, keep);
  nodes_.set_text(append(NodeKind::Number), stored);
}

void DocumentBuilder::boolean(bool value) {
  nodes_.set_text(append(value ? NodeKind::True : NodeKind::False), value ? "true" : "false");
}

void DocumentBuilder::null() {
  nodes_.set_text(append(NodeKind::Null), "null");
}

void DocumentBuilder::copy(const Node& node) {
  // Walks the subtree in document order; a container ends where its span does, which open_ends_ remembers.
  const Node* const end = &node + node.span();
  const std::size_t outer = open_ends_.size();
  for (const Node* at = &node; at != end; ++at) {
    while (open_ends_.size() > outer && open_ends_.back() == at) {
      nodes_.close();
      open_ends_.pop_back();
    }
    if (at != &node && at->parent()->is_object()) {
      key_ = at->json_name();
      key_atom_ = at->atom();
      has_key_ = true;
    }
    Node& made = append(at->kind());
    nodes_.copy_value(made, *at);
    if (at->is_array() || at->is_object()) {
      nodes_.open_newest();
      open_ends_.push_back(at + at->span());
    }
  }
  while (open_ends_.size() > outer) {
    nodes_.close();
    open_ends_.pop_back();
  }
}

void DocumentBuilder::finish() {
  assert(!nodes_.is_open() && nodes_.count() > 0);
}

std::string_view DocumentBuilder::kept(std::string_view text, Keep keep) {
  return keep == Keep::Copy ? nodes_.keep(text) : text;
}

Node& DocumentBuilder::append(NodeKind kind) {
  assert(nodes_.count() == 0 || nodes_.is_open());
  assert(!nodes_.is_open() || nodes_.node(nodes_.open_index()).is_object() == has_key_);
  Node& node = nodes_.append(kind, 0);
  if (has_key_) nodes_.set_name(node, key_, key_atom_, !key_.empty() && key_.front() == '_', 0);
  nodes_.mark_synthetic(node);
  has_key_ = false;
  return node;
}

}  // namespace fhir
