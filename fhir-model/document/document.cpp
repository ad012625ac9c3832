#include "fhir-model/document/document.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "fhir-model/document/node_writer.h"
#include "fhir-model/document/text_arena.h"

namespace fhir {

static_assert(sizeof(Node) == 48);

Document::Document() : texts_(std::make_unique<TextArena>()) {}

Document::~Document() {
  std::free(static_cast<void*>(nodes_));
}

Document::Document(Document&& other) noexcept
    : nodes_(std::exchange(other.nodes_, nullptr)),
      node_count_(std::exchange(other.node_count_, 0)),
      node_capacity_(std::exchange(other.node_capacity_, 0)),
      source_(std::exchange(other.source_, {})),
      is_xml_(other.is_xml_),
      texts_(std::exchange(other.texts_, std::make_unique<TextArena>())) {}

Document& Document::operator=(Document&& other) noexcept {
  std::swap(nodes_, other.nodes_);
  std::swap(node_count_, other.node_count_);
  std::swap(node_capacity_, other.node_capacity_);
  std::swap(source_, other.source_);
  std::swap(is_xml_, other.is_xml_);
  std::swap(texts_, other.texts_);
  other.clear();
  return *this;
}

void Document::clear() {
  node_count_ = 0;
  source_ = {};
  is_xml_ = false;
  texts_->clear();
}

void Document::shrink(std::size_t bytes) {
  clear();
  if (node_capacity_ * sizeof(Node) > bytes) {
    std::free(static_cast<void*>(nodes_));
    nodes_ = nullptr;
    node_capacity_ = 0;
  }
  texts_->shrink(bytes);
}

std::size_t Document::memory() const {
  return node_capacity_ * sizeof(Node) + texts_->memory();
}

void NodeWriter::grow() {
  const std::size_t capacity = document_.node_capacity_ == 0 ? 256 : document_.node_capacity_ * 2;
  // Nodes are plain records with distances inside, so they may be moved as bytes.
  void* moved = std::realloc(static_cast<void*>(document_.nodes_), capacity * sizeof(Node));
  if (moved == nullptr) throw std::bad_alloc();
  document_.nodes_ = static_cast<Node*>(moved);
  document_.node_capacity_ = capacity;
}

std::string_view NodeWriter::keep(std::string_view text) {
  char* bytes = document_.texts_->allocate(text.size());
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

}  // namespace fhir
