#include "gateway/repository/sqlite/ending.h"

#include "gateway/repository/sqlite/elements.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::string_view kConditionInactive =
    R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"inactive"}]})";
constexpr std::string_view kConditionError =
    R"("verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"entered-in-error"}]})";
constexpr std::string_view kAllergyInactive =
    R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"inactive"}]})";
constexpr std::string_view kAllergyError =
    R"("verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-verification","code":"entered-in-error"}]})";

// con-5 and ait-2: no clinicalStatus where the verificationStatus is entered-in-error.
constexpr EndingChange kConditionInactiveChanges[] = {{"clinicalStatus", kConditionInactive}};
constexpr EndingChange kConditionErrorChanges[] = {{"clinicalStatus", ""},
                                                   {"verificationStatus", kConditionError}};
constexpr EndingChange kAllergyInactiveChanges[] = {{"clinicalStatus", kAllergyInactive}};
constexpr EndingChange kAllergyErrorChanges[] = {{"clinicalStatus", ""},
                                                 {"verificationStatus", kAllergyError}};
constexpr EndingChange kActiveFalse[] = {{"active", R"("active":false)"}};
constexpr EndingChange kStatusError[] = {{"status", R"("status":"entered-in-error")"}};
constexpr EndingChange kStatusCancelled[] = {{"status", R"("status":"cancelled")"}};
constexpr EndingChange kStatusInactive[] = {{"status", R"("status":"inactive")"}};

bool has_element(std::string_view resource_type, std::string_view name) {
  const fhir::Type* type = definition_of(resource_type);
  return type != nullptr && group_of(*type, name).order != 0xFFFF;
}

}  // namespace

std::span<const EndingChange> ending_changes(std::string_view resource_type, Ending ending) noexcept {
  if (ending == Ending::None) return {};
  const bool inactive = ending == Ending::Inactive;
  if (resource_type == "Condition") {
    return inactive ? std::span<const EndingChange>(kConditionInactiveChanges) : kConditionErrorChanges;
  }
  if (resource_type == "AllergyIntolerance") {
    return inactive ? std::span<const EndingChange>(kAllergyInactiveChanges) : kAllergyErrorChanges;
  }
  if (resource_type == "Coverage" && inactive) return kStatusCancelled;
  if ((resource_type == "Account" || resource_type == "CareTeam") && inactive) return kStatusInactive;
  if (has_element(resource_type, "active")) return kActiveFalse;
  if (has_element(resource_type, "status")) return kStatusError;
  return {};
}

Ending ending_of(std::string_view name) noexcept {
  return name == "inactive" ? Ending::Inactive : Ending::EnteredInError;
}

}  // namespace lienthong::repository::sqlite
