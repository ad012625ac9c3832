#pragma once
// Elements → normal key values.

#include <optional>
#include <string_view>

#include "fhir-model/document/node.h"
#include "fhir-model/search/extraction.h"
#include "fhir-model/search/key_options.h"
#include "fhir-model/search/search_keys.h"
#include "fhir-model/search/unit_cache.h"

namespace fhir::search {

// Appends values to SearchKeys. An element of the wrong shape gives nothing. One thread at a time.
class KeyWriter {
 public:
  // `options` must outlive the writer.
  explicit KeyWriter(const KeyOptions& options) : options_(options) {}

  // Where values go from now on. `resource` holds the contained resources.
  void start(SearchKeys& keys, const Node& resource) {
    keys_ = &keys;
    resource_ = &resource;
  }

  KeyRange write(Extraction extraction, const Node& node, std::string_view implied_system);

  // Values computed by an expression; texts are copied.
  KeyRange write_computed_boolean(bool value);
  KeyRange write_computed_text(SearchType type, std::string_view text);

  // Does the reference lead to that type, by its text, Reference.type or the contained resource?
  bool refers_to(const Node& reference, TypeId type) const;

 private:
  void dispatch(Extraction extraction, const Node& node, std::string_view implied_system);
  void add(AnyKey key, const Node& node) { keys_->values_.push_back({std::move(key), &node}); }
  void unusable() { ++keys_->unusable_values_; }
  KeyRange range_from(std::size_t first) const;

  void token_text(const Node& node, std::string_view implied_system);
  void token_coding(const Node& node);
  void token_concept(const Node& node);
  void token_identifier(const Node& node);
  void token_contact_point(const Node& node);
  void string(const Node* node);
  void strings(const Node* list);
  void human_name(const Node& node);
  void address(const Node& node);
  void date(const Node& node);
  void period(const Node& node);
  void timing(const Node& node);
  bool period_interval(const Node& node, DateInterval& out);
  void number(const Node& node);
  void number_range(const Node& node);
  void quantity(const Node& node, Atom code_member);
  void quantity_range(const Node& node);
  void quantity_sampled(const Node& node);
  void reference(const Node& node);
  void canonical(const Node& node);
  void held_resource(const Node& node);
  void reference_identifier(const Node& identifier, TypeId type);
  void position(const Node& node);
  void add_quantity(QuantityKey key, const path::Decimal* low, const path::Decimal* high, const Node& node);
  bool bound(const Node* quantity, path::Decimal& out);

  const KeyOptions& options_;
  SearchKeys* keys_ = nullptr;
  const Node* resource_ = nullptr;
  UnitCache units_;
};

}  // namespace fhir::search
