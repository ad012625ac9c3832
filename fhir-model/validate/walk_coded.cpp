// Codes, units, attachments.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/code_grammar.h"
#include "fhir-model/validate/format.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

constexpr std::string_view kUcum = "http://unitsofmeasure.org";

// The best answer of several codings: one member is enough.
struct Codings {
  bool any_code = false;
  bool member = false;
  bool unknown = false;
  bool maximum_broken = false;
  std::string_view last;  // code of the last one that is no member
};

void look_at(const Terminology& terminology, const Node& coding, const BindingPlan& binding, Codings& found) {
  const auto code = coding.member_text(atoms::kCode);
  if (code.empty()) return;
  const auto system = bare_canonical(coding.member_text(atoms::kSystem));
  found.any_code = true;
  // A code without system is in no set of codes with systems, unless nothing else can be told.
  const auto answer = terminology.is_member(binding.set, system, code);
  if (answer == Membership::Member && !system.empty()) found.member = true;
  if (answer == Membership::Unknown) found.unknown = true;
  if (answer == Membership::NotMember || system.empty()) found.last = code;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The next character of a display, with runs of spaces as one and letters in lower case; 0 at the end.
char next_of(std::string_view text, std::size_t& at) {
  if (at == text.size()) return 0;
  if (!is_space(text[at])) {
    const char c = text[at++];
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (at != text.size() && is_space(text[at])) ++at;
  return at == text.size() ? '\0' : ' ';
}

bool is_same_display(std::string_view a, std::string_view b) {
  std::size_t x = 0, y = 0;
  while (x != a.size() && is_space(a[x])) ++x;
  while (y != b.size() && is_space(b[y])) ++y;
  for (;;) {
    const char c = next_of(a, x);
    if (c != next_of(b, y)) return false;
    if (c == 0) return true;
  }
}

}  // namespace

void Walk::check_binding(const Node& node, TypeId type, const BindingPlan& binding) {
  switch (type) {
    case type_ids::kCodeableConcept:
      return check_concept(node, binding);
    case type_ids::kCoding:
      return check_code(node, node.member_text(atoms::kSystem), node.member_text(atoms::kCode), binding);
    default:
      break;
  }
  if (node.is_string()) return check_code(node, {}, node.text(), binding);
  if (data_.definitions.is_a(type, type_ids::kQuantity)) {
    return check_code(node, node.member_text(atoms::kSystem), node.member_text(atoms::kCode), binding);
  }
}

void Walk::check_code(const Node& at, std::string_view system, std::string_view code,
                      const BindingPlan& binding) {
  if (code.empty()) return;
  system = bare_canonical(system);
  if (binding.maximum &&
      data_.terminology.is_member(binding.maximum, system, code) == Membership::NotMember) {
    report_.error(MessageId::CodeNotInMaximum, at, {code, binding.maximum_url});
  }
  if (!binding.set) return;
  if (data_.terminology.is_member(binding.set, system, code) != Membership::NotMember) return;
  switch (binding.strength) {
    case BindingStrength::Required:
      return report_.error(MessageId::CodeNotInRequired, at, {code, binding.set_url});
    case BindingStrength::Extensible:
      return report_.warning(MessageId::CodeNotInExtensible, at, {code, binding.set_url});
    case BindingStrength::Preferred:
      return report_.information(MessageId::CodeNotInPreferred, at, {code, binding.set_url});
    default:
      return;
  }
}

void Walk::check_concept(const Node& node, const BindingPlan& binding) {
  const Node* codings = node.find(atoms::kCoding);
  Codings found;
  if (codings != nullptr && codings->is_array() && binding.set) {
    for (const Node& coding : codings->children()) look_at(data_.terminology, coding, binding, found);
  }
  if (codings != nullptr && binding.maximum) {
    for (const Node& coding : codings->children()) {
      const auto system = bare_canonical(coding.member_text(atoms::kSystem));
      const auto code = coding.member_text(atoms::kCode);
      const auto answer = data_.terminology.is_member(binding.maximum, system, code);
      if (answer == Membership::NotMember) {
        report_.error(MessageId::CodeNotInMaximum, node, {code, binding.maximum_url});
        break;
      }
    }
  }
  if (found.member || found.unknown || !binding.set) return;
  if (!found.any_code) {
    const bool required = binding.strength == BindingStrength::Required;
    if (required) report_.error(MessageId::CodeMissingInRequired, node, {binding.set_url});
    return;
  }
  if (binding.strength == BindingStrength::Required) {
    return report_.error(MessageId::CodeNotInRequired, node, {found.last, binding.set_url});
  }
  if (binding.strength == BindingStrength::Extensible) {
    return report_.warning(MessageId::CodeNotInExtensible, node, {found.last, binding.set_url});
  }
  report_.information(MessageId::CodeNotInPreferred, node, {found.last, binding.set_url});
}

void Walk::coding(const Node& node) {
  const Node* system_node = node.find(atoms::kSystem);
  if (system_node == nullptr) return;
  const auto system = system_node->text();
  if (!system.empty() && !is_absolute_uri(system)) {
    return report_.error(MessageId::SystemRelative, *system_node);
  }
  const Node* code = node.find(atoms::kCode);
  if (code == nullptr || code->text().empty()) return;
  const CodeAnswer answer = data_.terminology.find_code(system, code->text());
  if (answer.state == CodeAnswer::State::Unknown) {
    report_.error(MessageId::CodeUnknown, *code, {code->text(), system});
  } else if (answer.state == CodeAnswer::State::Known) {
    check_display(node, answer.display, code->text());
  } else if (data_.terminology.is_supplement(system)) {
    report_.error(MessageId::SystemIsSupplement, *system_node, {system});
  } else if (answer.state == CodeAnswer::State::NotDecidable && data_.terminology.is_value_set(system)) {
    report_.error(MessageId::SystemIsValueSet, *system_node, {system});
  }
}

// A display may differ from the code system's in case and spacing. In another language it is not compared.
void Walk::check_display(const Node& node, std::string_view expected, std::string_view code) {
  const Node* display = node.find(atoms::kDisplay);
  if (display == nullptr || expected.empty() || is_same_display(display->text(), expected)) return;
  const auto language = document_->root().member_text(atoms::kLanguage);
  if (!language.empty() && language.substr(0, 2) != "en") return;
  report_.add(options_->wrong_displays_refused ? Severity::Error : Severity::Warning, MessageId::DisplayWrong,
              *display, {display->text(), code, expected});
}

void Walk::quantity(const Node& node) {
  const auto code = node.member_text(atoms::kCode);
  if (code.empty()) return;
  const auto system = node.member_text(atoms::kSystem);
  if (system == kUcum) {
    if (!is_ucum_unit(code)) report_.error(MessageId::UnitInvalid, node, {code});
    return;
  }
  const auto state = data_.terminology.find_code(system, code).state;
  if (state == CodeAnswer::State::Unknown) report_.error(MessageId::CodeUnknown, node, {code, system});
}

void Walk::identifier(const Node& node) {
  const Node* system = node.find(atoms::kSystem);
  if (system == nullptr) return;
  if (!is_absolute_uri(system->text())) {
    return report_.error(MessageId::IdentifierSystemRelative, *system);
  }
  const auto value = node.member_text(atoms::kValue);
  if (system->text() == "urn:ietf:rfc:3986" && !value.empty() && !is_absolute_uri(value)) {
    report_.error(MessageId::IdentifierNotUri, node);
  }
}

void Walk::attachment(const Node& node) {
  const Node* data = node.find(atoms::kData);
  const auto size = node.member_text(atoms::kSize);
  if (data == nullptr || size.empty()) return;
  if (check_format(type_ids::kBase64Binary, data->text()) != kFormatFits) return;
  const std::string actual = std::to_string(base64_size(data->text()));
  if (size != actual) report_.error(MessageId::AttachmentSize, node, {size, actual});
}

}  // namespace fhir::validate
