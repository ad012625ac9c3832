#include "fhir-model/validate/native_rule.h"

#include <array>
#include <string_view>
#include <utility>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/path/temporal.h"
#include "fhir-model/validate/contained_use.h"

namespace fhir::validate {
namespace {

using RuleName = std::pair<std::string_view, NativeRule>;
constexpr std::array kRules = {
    RuleName{"ele-1", NativeRule::ByStructure}, RuleName{"ext-1", NativeRule::ByStructure},
    RuleName{"txt-1", NativeRule::ByStructure}, RuleName{"txt-2", NativeRule::ByStructure},
    RuleName{"ref-1", NativeRule::ByStructure}, RuleName{"bdl-1", NativeRule::ByBundle},
    RuleName{"bdl-2", NativeRule::ByBundle},    RuleName{"bdl-3", NativeRule::ByBundle},
    RuleName{"bdl-4", NativeRule::ByBundle},    RuleName{"bdl-7", NativeRule::ByBundle},
    RuleName{"bdl-9", NativeRule::ByBundle},    RuleName{"bdl-10", NativeRule::ByBundle},
    RuleName{"bdl-11", NativeRule::ByBundle},   RuleName{"bdl-12", NativeRule::ByBundle},
    RuleName{"bdl-5", NativeRule::Bdl5},        RuleName{"bdl-8", NativeRule::Bdl8},
    RuleName{"att-1", NativeRule::Att1},        RuleName{"cpt-2", NativeRule::Cpt2},
    RuleName{"con-3", NativeRule::Con3},        RuleName{"con-4", NativeRule::Con4},
    RuleName{"con-5", NativeRule::Con5},        RuleName{"dom-2", NativeRule::Dom2},
    RuleName{"dom-3", NativeRule::Dom3},        RuleName{"dom-4", NativeRule::Dom4},
    RuleName{"dom-5", NativeRule::Dom5},        RuleName{"dom-6", NativeRule::Dom6},
    RuleName{"drt-1", NativeRule::Drt1},        RuleName{"obs-3", NativeRule::Obs3},
    RuleName{"obs-6", NativeRule::Obs6},        RuleName{"obs-7", NativeRule::Obs7},
    RuleName{"pat-1", NativeRule::Pat1},        RuleName{"per-1", NativeRule::Per1},
    RuleName{"qty-3", NativeRule::Qty3},        RuleName{"rng-2", NativeRule::Rng2},
    RuleName{"sqty-1", NativeRule::Sqty1},      RuleName{"tim-1", NativeRule::Tim1},
    RuleName{"tim-2", NativeRule::Tim2},        RuleName{"tim-4", NativeRule::Tim4},
    RuleName{"tim-5", NativeRule::Tim5},        RuleName{"tim-6", NativeRule::Tim6},
    RuleName{"tim-7", NativeRule::Tim7},        RuleName{"tim-8", NativeRule::Tim8},
    RuleName{"tim-10", NativeRule::Tim10},      RuleName{"mad-1", NativeRule::Mad1},
    RuleName{"org-1", NativeRule::Org1},
};

bool has(const Node& node, Atom atom) {
  return node.find(atom) != nullptr || node.find_underscored(atom) != nullptr;
}

// Some type of the choice element `name` is there.
bool has_choice(const Node& node, std::string_view name) {
  for (const Node& child : node.children()) {
    const auto member = child.name();
    const bool typed =
        member.size() > name.size() && member[name.size()] >= 'A' && member[name.size()] <= 'Z';
    if (typed && member.substr(0, name.size()) == name) return true;
  }
  return false;
}

Verdict verdict(bool holds) {
  return holds ? Verdict::Holds : Verdict::Fails;
}

Verdict needs(const Node& node, Atom given, Atom wanted) {
  return verdict(!has(node, given) || has(node, wanted));
}

bool has_coding(const Node* concept_node, std::string_view system,
                std::initializer_list<std::string_view> codes) {
  const Node* codings = concept_node == nullptr ? nullptr : concept_node->find(atoms::kCoding);
  if (codings == nullptr) return false;
  for (const Node& coding : codings->children()) {
    if (coding.member_text(atoms::kSystem) != system) continue;
    const auto code = coding.member_text(atoms::kCode);
    for (const auto wanted : codes) {
      if (code == wanted) return true;
    }
  }
  return false;
}

constexpr std::string_view kVerification = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
constexpr std::string_view kClinical = "http://terminology.hl7.org/CodeSystem/condition-clinical";

bool entered_in_error(const Node& node) {
  return has_coding(node.find(atoms::kVerificationStatus), kVerification, {"entered-in-error"});
}

// dom-4, dom-5: members of meta that contained resources must not have.
bool contained_meta_without(const Node& node, Atom a, Atom b) {
  const Node* contained = node.find(atoms::kContained);
  if (contained == nullptr) return true;
  for (const Node& one : contained->children()) {
    const Node* meta = one.find(atoms::kMeta);
    if (meta != nullptr && (has(*meta, a) || (b != kNoAtom && has(*meta, b)))) return false;
  }
  return true;
}

bool contains_nothing_contained(const Node& node) {
  const Node* contained = node.find(atoms::kContained);
  if (contained == nullptr) return true;
  for (const Node& one : contained->children()) {
    if (has(one, atoms::kContained)) return false;
  }
  return true;
}

// Boundaries whose order their precision does not tell break the rule: "start <= end" is empty then.
Verdict period_in_order(const Node& node) {
  const auto start = node.member_text(atoms::kStart);
  const auto end = node.member_text(atoms::kEnd);
  if (start.empty() || end.empty()) return Verdict::Holds;
  // Moments of the same form and zone are in order when their texts are.
  const bool same_form =
      start.size() == end.size() && start.size() >= 19 && start.substr(19) == end.substr(19);
  if (same_form && start.substr(0, 19) <= end.substr(0, 19)) return Verdict::Holds;
  const auto from = path::Temporal::parse_date_time(start);
  const auto to = path::Temporal::parse_date_time(end);
  if (!from || !to) return Verdict::Holds;  // the format is reported elsewhere
  const auto order = path::compare(*from, *to);
  return verdict(order == path::TemporalOrder::Less || order == path::TemporalOrder::Equal);
}

bool is_below_zero(const Node& node, Atom atom) {
  const auto text = node.member_text(atom);
  return !text.empty() && text.front() == '-' && text.find_first_of("123456789") != std::string_view::npos;
}

Verdict range_in_order(const Node& node) {
  const Node* low = node.find(atoms::kLow);
  const Node* high = node.find(atoms::kHigh);
  if (low == nullptr || high == nullptr) return Verdict::Holds;
  if (low->member_text(atoms::kCode) != high->member_text(atoms::kCode)) return Verdict::Undecided;
  if (low->member_text(atoms::kSystem) != high->member_text(atoms::kSystem)) return Verdict::Undecided;
  const auto a = path::Decimal::parse(low->member_text(atoms::kValue));
  const auto b = path::Decimal::parse(high->member_text(atoms::kValue));
  if (!a || !b) return Verdict::Undecided;
  return verdict(path::Decimal::compare(*a, *b) <= 0);
}

Verdict obs_7(const Node& node) {
  const Node* components = node.find(atoms::kComponent);
  if (components == nullptr || !has_choice(node, "value")) return Verdict::Holds;
  return Verdict::Undecided;
}

// Duration: a code only with UCUM and a value.
Verdict duration_code(const Node& node) {
  if (!has(node, atoms::kCode)) return Verdict::Holds;
  return verdict(node.member_text(atoms::kSystem) == "http://unitsofmeasure.org" && has(node, atoms::kValue));
}

Verdict con_3(const Node& node) {
  if (has(node, atoms::kClinicalStatus) || entered_in_error(node)) return Verdict::Holds;
  return has(node, atoms::kCategory) ? Verdict::Undecided : Verdict::Holds;
}

Verdict con_4(const Node& node) {
  if (!has_choice(node, "abatement")) return Verdict::Holds;
  return verdict(
      has_coding(node.find(atoms::kClinicalStatus), kClinical, {"resolved", "remission", "inactive"}));
}

Verdict check_timing(NativeRule rule, const Node& node) {
  switch (rule) {
    case NativeRule::Tim1:
      return needs(node, atoms::kDuration, atoms::kDurationUnit);
    case NativeRule::Tim2:
      return needs(node, atoms::kPeriod, atoms::kPeriodUnit);
    case NativeRule::Tim4:
      return verdict(!is_below_zero(node, atoms::kDuration));
    case NativeRule::Tim5:
      return verdict(!is_below_zero(node, atoms::kPeriod));
    case NativeRule::Tim6:
      return needs(node, atoms::kPeriodMax, atoms::kPeriod);
    case NativeRule::Tim7:
      return needs(node, atoms::kDurationMax, atoms::kDuration);
    case NativeRule::Tim8:
      return needs(node, atoms::kCountMax, atoms::kCount);
    case NativeRule::Tim10:
      return verdict(!has(node, atoms::kTimeOfDay) || !has(node, atoms::kWhen));
    default:
      return Verdict::Undecided;
  }
}

Verdict check_domain(NativeRule rule, const Node& node) {
  switch (rule) {
    case NativeRule::Dom2:
      return verdict(contains_nothing_contained(node));
    case NativeRule::Dom3:
      return verdict(contained_are_used(node));
    case NativeRule::Dom4:
      return verdict(contained_meta_without(node, atoms::kVersionId, atoms::kLastUpdated));
    case NativeRule::Dom5:
      return verdict(contained_meta_without(node, atoms::kSecurity, kNoAtom));
    case NativeRule::Dom6: {
      const Node* text = node.find(atoms::kText);
      return verdict(text != nullptr && has(*text, atoms::kDiv));
    }
    default:
      return check_timing(rule, node);
  }
}

}  // namespace

NativeRule native_rule(const Invariant& invariant) {
  for (const auto& [key, rule] : kRules) {
    if (invariant.key.view() == key) return rule;
  }
  return NativeRule::None;
}

Verdict check_native(NativeRule rule, const Node& node) {
  switch (rule) {
    case NativeRule::ByStructure:
    case NativeRule::ByBundle:
      return Verdict::Holds;
    case NativeRule::Att1:
      return needs(node, atoms::kData, atoms::kContentType);
    case NativeRule::Cpt2:
      return needs(node, atoms::kValue, atoms::kSystem);
    case NativeRule::Con3:
      return con_3(node);
    case NativeRule::Con4:
      return con_4(node);
    case NativeRule::Con5:
      return verdict(!has(node, atoms::kClinicalStatus) || !entered_in_error(node));
    case NativeRule::Drt1:
      return duration_code(node);
    case NativeRule::Obs3:
      return verdict(has(node, atoms::kLow) || has(node, atoms::kHigh) || has(node, atoms::kText));
    case NativeRule::Obs6:
      return verdict(!has(node, atoms::kDataAbsentReason) || !has_choice(node, "value"));
    case NativeRule::Obs7:
      return obs_7(node);
    case NativeRule::Pat1:
      return verdict(has(node, atoms::kName) || has(node, atoms::kTelecom) || has(node, atoms::kAddress) ||
                     has(node, atoms::kOrganization));
    case NativeRule::Per1:
      return period_in_order(node);
    case NativeRule::Qty3:
      return needs(node, atoms::kCode, atoms::kSystem);
    case NativeRule::Rng2:
      return range_in_order(node);
    case NativeRule::Sqty1:
      return verdict(!has(node, atoms::kComparator));
    case NativeRule::Mad1:
      return verdict(has(node, atoms::kDose) || has_choice(node, "rate"));
    case NativeRule::Bdl5:
      return verdict(has(node, atoms::kResource) || has(node, atoms::kRequest) ||
                     has(node, atoms::kResponse));
    case NativeRule::Bdl8:
      return verdict(node.member_text(atoms::kFullUrl).find("/_history/") == std::string_view::npos);
    case NativeRule::Org1:
      return verdict(has(node, atoms::kIdentifier) || has(node, atoms::kName));
    default:
      return check_domain(rule, node);
  }
}

}  // namespace fhir::validate
