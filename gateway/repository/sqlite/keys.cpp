#include "gateway/repository/sqlite/keys.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/document.h"
#include "fhir-model/document/json_reader.h"
#include "gateway/base/bytes.h"
#include "gateway/repository/sqlite/byte_codec.h"

namespace lienthong::repository::sqlite {
namespace {

// "… | Observation.subject.where(resolve() is Patient) | …" → "subject" for Observation. Only elements of the
// resource itself; what lies deeper is not kept yet.
std::string_view top_element(std::string_view expression, std::string_view type) {
  for (std::size_t at = 0; (at = expression.find(type, at)) != std::string_view::npos; at += type.size()) {
    const bool begins =
        at == 0 || expression[at - 1] == ' ' || expression[at - 1] == '(' || expression[at - 1] == '|';
    const std::size_t dot = at + type.size();
    if (!begins || dot >= expression.size() || expression[dot] != '.') continue;
    const std::size_t end = std::min(expression.find_first_of(" .|)", dot + 1), expression.size());
    const std::string_view rest = expression.substr(end);
    if (rest.starts_with('.') && !rest.starts_with(".where(resolve()")) continue;
    return expression.substr(dot + 1, end - dot - 1);
  }
  return {};
}

struct TypeSources {
  std::string_view subject, patient;
};

const std::vector<TypeSources>& all_sources() {
  static const std::vector<TypeSources> sources = [] {
    std::vector<TypeSources> made(type_count() + 1u);
    const auto& r4 = fhir::Definitions::r4();
    for (TypeNumber number = 1; number <= type_count(); ++number) {
      const auto* type = r4.find_type(type_name(number));
      if (type == nullptr) continue;
      const auto find = [&](std::string_view code) {
        const auto* parameter = r4.find_search_parameter(*type, code);
        return parameter == nullptr ? std::string_view()
                                    : top_element(parameter->expression, type_name(number));
      };
      made[number] = {find("subject"), find("patient")};
    }
    return made;
  }();
  return sources;
}

void add_identifier(TypeNumber type, std::string_view item, Keys& keys) {
  const std::string_view value = member_value(item, "value");
  if (value.empty()) return;
  const std::string_view system = member_value(item, "system");
  keys.unique.push_back(identifier_hash(type, json_text(system), json_text(value)));
}

void add_reference(ReferenceParameter parameter, std::string_view item, Keys& keys) {
  const std::string text = json_text(member_value(item, "reference"));
  if (text.empty() || text[0] == '#') return;
  const RelativeReference reference = parse_reference(text);
  keys.references.push_back(
      {parameter, reference.type, reference.type == 0 ? text : std::string(reference.id)});
}

constexpr std::string_view kTestSystem = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

// Calls `add` for the value, or for each item if it is a list.
template <class Add>
void each_item(std::string_view value, Add add) {
  if (value.starts_with('{')) return add(value);
  for (const auto item : split_array(value)) add(item);
}

bool is_tagged_test(std::string_view meta) {
  bool found = false;
  each_item(member_value(meta, "tag"), [&](std::string_view tag) {
    found = found || (json_text(member_value(tag, "code")) == "HTEST" &&
                      json_text(member_value(tag, "system")) == kTestSystem);
  });
  return found;
}

bool answers(const ReferenceQuestion& question, std::string_view item) {
  const std::string text = json_text(member_value(item, "reference"));
  const RelativeReference reference = parse_reference(text);
  if (question.types.empty()) return reference.type == 0 && text == question.id;
  const bool right_type =
      std::find(question.types.begin(), question.types.end(), reference.type) != question.types.end();
  return right_type && reference.id == question.id;
}

}  // namespace

ReferenceSource reference_source(std::string_view resource_type, std::string_view parameter_code) {
  const TypeSources& sources = all_sources()[type_number(resource_type)];
  if (parameter_code == "subject") return {ReferenceParameter::Subject, sources.subject};
  if (parameter_code != "patient") return {};
  if (sources.patient == sources.subject) return {ReferenceParameter::Subject, sources.patient};
  return {ReferenceParameter::Patient, sources.patient};
}

Keys extract_keys(std::string_view resource_type, std::span<const Element> elements) {
  Keys keys;
  const TypeNumber type = type_number(resource_type);
  const ReferenceSource subject = reference_source(resource_type, "subject");
  const ReferenceSource patient = reference_source(resource_type, "patient");
  for (const Element& element : elements) {
    if (element.group == "meta") {
      keys.test = is_tagged_test(element.value);
    } else if (element.group == "identifier") {
      each_item(element.value, [&](std::string_view item) { add_identifier(type, item, keys); });
    } else if (element.group == subject.element) {
      each_item(element.value, [&](std::string_view item) { add_reference(subject.parameter, item, keys); });
    } else if (element.group == patient.element) {
      each_item(element.value, [&](std::string_view item) { add_reference(patient.parameter, item, keys); });
    }
  }
  std::sort(keys.unique.begin(), keys.unique.end());
  keys.unique.erase(std::unique(keys.unique.begin(), keys.unique.end()), keys.unique.end());
  return keys;
}

std::uint64_t identifier_hash(TypeNumber type, std::string_view system, std::string_view value) noexcept {
  const std::uint64_t high = XXH3_64bits_withSeed(value.data(), value.size(), type);
  const std::uint64_t low = system.empty() ? 0 : XXH3_64bits(system.data(), system.size());
  return (high & ~kSystemBits) | (low & kSystemBits);
}

bool states_identifier(std::string_view body, const IdentifierQuestion& question) {
  bool found = false;
  each_item(member_value(body, "identifier"), [&](std::string_view item) {
    if (found || json_text(member_value(item, "value")) != question.value) return;
    found = question.any_system || json_text(member_value(item, "system")) == question.system;
  });
  return found;
}

bool states_reference(std::string_view body, const ReferenceQuestion& question) {
  bool found = false;
  each_item(member_value(body, question.element),
            [&](std::string_view item) { found = found || answers(question, item); });
  return found;
}

RelativeReference parse_reference(std::string_view text) noexcept {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const TypeNumber type = type_number(text.substr(0, slash));
  std::string_view id = text.substr(slash + 1);
  id = id.substr(0, id.find('/'));
  return type == 0 || id.empty() || id.size() > 64 ? RelativeReference{} : RelativeReference{type, id};
}

std::string json_text(std::string_view value) {
  const std::string_view inner = unquoted(value);
  if (inner.find('\\') == std::string_view::npos) return std::string(inner);
  const PaddedBytes padded(value);
  fhir::Document document;
  if (!fhir::read_json(padded.view(), document)) return {};
  return std::string(document.root().text());
}

std::string encode_keys(const StoredKeys& keys) {
  if (keys.unique.empty() && keys.references.empty()) return {};
  ByteWriter out;
  out.number(keys.references.size());
  for (const auto& reference : keys.references) {
    out.number(static_cast<std::uint64_t>(reference.parameter));
    out.signed_number(reference.target);
  }
  std::string bytes = out.take();
  for (const auto hash : keys.unique) {
    std::array<char, 8> raw;
    std::memcpy(raw.data(), &hash, raw.size());
    bytes.append(raw.data(), raw.size());
  }
  return bytes;
}

StoredKeys decode_keys(std::string_view bytes) {
  StoredKeys keys;
  if (bytes.empty()) return keys;
  ByteReader in(bytes);
  keys.references.resize(in.count());
  for (auto& reference : keys.references) {
    reference.parameter = static_cast<ReferenceParameter>(in.number());
    reference.target = in.signed_number();
  }
  const std::string_view hashes = in.rest();
  keys.unique.resize(hashes.size() / sizeof(std::uint64_t));
  if (!keys.unique.empty())
    std::memcpy(keys.unique.data(), hashes.data(), keys.unique.size() * sizeof(std::uint64_t));
  return keys;
}

}  // namespace lienthong::repository::sqlite
