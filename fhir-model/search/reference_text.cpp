#include "fhir-model/search/reference_text.h"

#include <algorithm>

namespace fhir::search {
namespace {

constexpr std::string_view kHistory = "/_history/";

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

bool is_logical_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_id_character);
}

ReferenceKey parse_reference(std::string_view text, const KeyOptions& options,
                             const Definitions& definitions) {
  ReferenceKey whole{{}, text, {}, kNoType, ReferenceForm::Url};
  const std::size_t history = text.find(kHistory);
  ReferenceKey key;
  if (history != std::string_view::npos) {
    key.version = text.substr(history + kHistory.size());
    text = text.substr(0, history);
  }
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || !is_logical_id(text.substr(slash + 1))) return whole;
  key.id = text.substr(slash + 1);
  std::string_view head = text.substr(0, slash);
  const std::size_t before = head.rfind('/');
  const std::string_view name = before == std::string_view::npos ? head : head.substr(before + 1);
  const Type* type = definitions.find_type(name);
  if (type == nullptr || type->kind != TypeKind::Resource) return whole;
  key.type = type->id;
  key.base = before == std::string_view::npos ? std::string_view() : head.substr(0, before);
  const auto& own = options.server_bases;
  const bool local = key.base.empty() || std::find(own.begin(), own.end(), key.base) != own.end();
  if (!local && key.base.find("://") == std::string_view::npos) return whole;
  key.form = local ? ReferenceForm::Local : ReferenceForm::Absolute;
  if (local) key.base = {};
  return key;
}

ReferenceKey parse_canonical(std::string_view text) {
  ReferenceKey key;
  key.form = ReferenceForm::Canonical;
  text = text.substr(0, text.find('#'));
  const std::size_t bar = text.find('|');
  key.id = text.substr(0, bar);
  if (bar != std::string_view::npos) key.version = text.substr(bar + 1);
  return key;
}

}  // namespace fhir::search
