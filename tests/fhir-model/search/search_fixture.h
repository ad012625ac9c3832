#pragma once
// A resource as JSON text with its keys.

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/search/key_extractor.h"
#include "fhir-model/search/search_match.h"
#include "fhir-model/search/search_value.h"

namespace fhir::search {

constexpr int kVietnam = 7 * 60;

class Indexed {
 public:
  explicit Indexed(std::string json, const SearchModel& model = SearchModel::r4(),
                   const KeyOptions& options = {kVietnam, {"https://own.example/fhir"}})
      : model_(model), json_(std::move(json)) {
    const std::size_t size = json_.size();
    json_.append(kPadding, '\0');
    REQUIRE(read_json({json_.data(), size}, document_).has_value());
    KeyExtractor extractor(model, options);
    known_ = extractor.extract(document_.root(), keys_);
  }

  bool known() const { return known_; }
  const SearchKeys& keys() const { return keys_; }
  const ParameterInfo& parameter(std::string_view code) const {
    const ParameterInfo* found = model_.find(keys_.resource_type(), code);
    REQUIRE(found != nullptr);
    return *found;
  }

  // The keys of a parameter that are of the given kind.
  template <class Key>
  std::vector<Key> all(std::string_view code) const {
    std::vector<Key> found;
    const ParameterId id = parameter(code).id;
    for (const KeyEntry& entry : keys_.entries()) {
      if (entry.parameter != id) continue;
      for (const KeyValue& value : keys_.values(entry.values)) {
        if (const Key* key = std::get_if<Key>(&value.key)) found.push_back(*key);
      }
    }
    return found;
  }
  template <class Key>
  Key one(std::string_view code) const {
    const auto found = all<Key>(code);
    INFO(code);
    REQUIRE(found.size() == 1);
    return found.front();
  }

  // Is the resource found by "code[:modifier]=text"?
  bool found_by(std::string_view name, std::string_view text) const {
    const std::size_t colon = name.find(':');
    const std::string_view modifier = colon == std::string_view::npos ? "" : name.substr(colon + 1);
    const auto values = parse_values(model_, parameter(name.substr(0, colon)), modifier, text, options());
    INFO(name << "=" << text);
    REQUIRE(values.has_value());
    return matches(*values, keys_);
  }
  ValueOptions options() const {
    ValueOptions options;
    options.keys = {kVietnam, {"https://own.example/fhir"}};
    options.now = parse_date_interval("2024-06-01", kVietnam)->lo;
    return options;
  }

 private:
  const SearchModel& model_;
  std::string json_;
  Document document_;
  SearchKeys keys_;
  bool known_ = false;
};

}  // namespace fhir::search
