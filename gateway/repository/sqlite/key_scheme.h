#pragma once
// Which search parameters have keys of their own, and the numbers under which the tables know them.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "fhir-model/search/key_options.h"
#include "fhir-model/search/search_model.h"
#include "gateway/repository/sqlite/resource_types.h"

namespace lienthong::repository::sqlite {

// Number of a parameter of one resource type. R4's follow from its frozen lists and never change: 128 × type
// + place among the type's codes in order. Custom ones follow from a hash of what they say.
using ParameterNumber = std::uint32_t;

// Postings that no parameter makes.
inline constexpr ParameterNumber kTypeRows = 0;    // value: type number; all its live resources
inline constexpr ParameterNumber kSourceRows = 1;  // value: source_value(); who was written by a message

// How the tables keep one parameter of one type.
struct ParameterUse {
  const fhir::search::ParameterInfo* info = nullptr;
  ParameterNumber number = 0;
  bool stored = false;     // has keys of its own
  bool unique = false;     // tokens of identifiers and contact points: nearly one for each resource
  bool canonical = false;  // its references may be URLs that look like an id
  bool lane = false;       // names the Patient that the resource belongs to
  bool tag = false;        // meta.tag
  // Where its keys are: itself, or others that read the same elements ("patient" is in "subject",
  // "combo-code" in "code" and "component-code"). Empty: no keys, the resources themselves must be asked.
  std::vector<const ParameterUse*> parts;
  bool narrowed = false;       // the parts hold more than it means
  TypeNumber only_target = 0;  // of what the parts refer to, only this type is meant
};

// The parameters of one resource type.
struct TypeScheme {
  TypeNumber type = 0;
  fhir::TypeId id = fhir::kNoType;
  std::vector<ParameterUse> uses;  // by code

  // Null when the type has no such parameter.
  const ParameterUse* find(fhir::search::ParameterId parameter) const {
    const std::uint16_t place = parameter < places.size() ? places[parameter] : std::uint16_t{0};
    return place == 0 ? nullptr : &uses[place - 1u];
  }
  const ParameterUse* find(std::string_view code) const;

  std::vector<std::uint16_t> places;  // ParameterId → index in `uses` + 1
};

// Immutable but for what it makes at first use; any thread. Shared by all that make or ask for keys.
class KeyScheme {
 public:
  // `model` null: R4's parameters alone.
  explicit KeyScheme(fhir::search::KeyOptions options = {},
                     std::unique_ptr<const fhir::search::SearchModel> model = nullptr);
  ~KeyScheme();
  KeyScheme(const KeyScheme&) = delete;
  KeyScheme& operator=(const KeyScheme&) = delete;

  const fhir::search::SearchModel& model() const { return *model_; }
  const fhir::search::KeyOptions& options() const { return options_; }
  // `type` must be a number of R4.
  const TypeScheme& of(TypeNumber type) const;
  // Of all that keys depend on besides the resource: stored keys of another fingerprint must be made anew.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  static constexpr std::size_t kMostTypes = 160;

  std::unique_ptr<const fhir::search::SearchModel> own_model_;
  const fhir::search::SearchModel* model_;
  fhir::search::KeyOptions options_;
  std::uint64_t fingerprint_ = 0;
  mutable std::mutex mutex_;
  mutable std::array<std::atomic<const TypeScheme*>, kMostTypes> types_{};
  mutable std::vector<std::unique_ptr<const TypeScheme>> owned_;
};

// The scheme of one type; KeyScheme::of() keeps it.
std::unique_ptr<const TypeScheme> make_type_scheme(const fhir::search::SearchModel& model, TypeNumber type);

// The type's number for a TypeId of the definitions; 0 when it is no resource.
TypeNumber type_number_of(fhir::TypeId id);

}  // namespace lienthong::repository::sqlite
