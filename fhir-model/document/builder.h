#pragma once
// Fills a Document value by value: what the readers use, and whoever makes a resource in memory.

#include <cstdint>
#include <string_view>
#include <vector>

#include "fhir-model/document/document.h"
#include "fhir-model/document/node_writer.h"

namespace fhir {

// Appends values in document order: key(…) before each member of an object, begin/end around arrays and
// objects. Without a position the nodes count as synthetic. Misuse (a value without key in an object,
// unbalanced ends) is a programmer's error and checked by assert. A fresh builder clears the document and
// takes it over until finish().
class DocumentBuilder {
 public:
  // Texts that are not copied must outlive the document's use.
  enum class Keep : std::uint8_t { View, Copy };

  explicit DocumentBuilder(Document& document);
  DocumentBuilder(const DocumentBuilder&) = delete;
  DocumentBuilder& operator=(const DocumentBuilder&) = delete;

  // Name of the next value; with the underscore where it has one. Copied unless View.
  void key(std::string_view json_name, Keep keep = Keep::Copy);
  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void string(std::string_view text, Keep keep = Keep::Copy);
  void number(std::string_view text, Keep keep = Keep::Copy);  // valid JSON number text
  void boolean(bool value);
  void null();
  // Appends a copy of another document's subtree. Its texts are not copied: the other document's source and
  // memory must stay. Positions are kept and mean the other source.
  void copy(const Node& node);

  // All containers are closed: the document is complete.
  void finish();

 private:
  Node& append(NodeKind kind);
  std::string_view kept(std::string_view text, Keep keep);

  NodeWriter nodes_;
  std::string_view key_;
  Atom key_atom_ = kNoAtom;
  bool has_key_ = false;
  std::vector<const Node*> open_ends_;  // copy(): where the containers being copied end
};

}  // namespace fhir
