#pragma once
// A FHIR resource (or any JSON value) in memory, read once, flat.

#include <cstdint>
#include <memory>
#include <string_view>

#include "fhir-model/document/node.h"

namespace fhir {

class TextArena;

// Holds the nodes of one value. Reusable: clear() and the readers keep the memory, so that reading documents
// of usual size again and again allocates nothing. Movable, not copyable. One thread at a time may change it;
// any number may read it while nobody changes it. Texts of nodes may point into the source bytes, which the
// caller must keep as long as it uses the nodes. Filled by read_json (json_reader.h), read_xml (xml_reader.h)
// or a DocumentBuilder (builder.h).
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Forgets all nodes and keeps the memory.
  void clear();
  // Clears, and frees memory beyond `bytes`, for documents reused after an unusually large one.
  void shrink(std::size_t bytes);

  bool empty() const { return node_count_ == 0; }
  const Node& root() const { return nodes_[0]; }  // not when empty()
  std::size_t node_count() const { return node_count_; }
  // Index of a node of this document, for side tables: 0 .. node_count()-1.
  std::size_t index_of(const Node& node) const { return static_cast<std::size_t>(&node - nodes_); }
  const Node& node(std::size_t index) const { return nodes_[index]; }  // index < node_count()

  // What was read; empty for built documents.
  std::string_view source() const { return source_; }
  // The source was XML.
  bool is_xml() const { return is_xml_; }
  // Bytes of memory held.
  std::size_t memory() const;

 private:
  friend class NodeWriter;

  Node* nodes_ = nullptr;
  std::size_t node_count_ = 0;
  std::size_t node_capacity_ = 0;
  std::string_view source_;
  bool is_xml_ = false;
  std::unique_ptr<TextArena> texts_;  // unescaped and built texts
};

}  // namespace fhir
