#include "gateway/repository/sqlite/rest_content.h"

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::string_view kReference = "\"reference\":\"";
constexpr std::string_view kUrn = "urn:uuid:";

// The text of the JSON string whose first character is at `at`, as written.
std::string_view string_at(std::string_view json, std::size_t at) {
  std::size_t end = at;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return json.substr(at, std::min(end, json.size()) - at);
}

}  // namespace

Result<StoredForm> make_stored_form(TypeNumber type, std::string_view json, KeyMaker& maker) {
  ElementSplitter splitter;
  const auto elements = splitter.split(*definition_of(type_name(type)), json, true);
  if (!elements) return forward(elements);
  StoredForm form;
  // The meta is first, so that reading finds it without a search.
  std::vector<Element> ordered = **elements;
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const Element& element) { return element.group == "meta"; });
  form.body = join_elements(ordered);
  form.keys = maker.make(type, form.body);
  form.packed = pack(form.body);
  return form;
}

Result<std::string> replace_references(std::string_view json, const ReferenceMap& map) {
  std::string out;
  out.reserve(json.size());
  std::size_t done = 0;
  for (std::size_t at = json.find('"'); at != std::string_view::npos; at = json.find('"', at)) {
    const std::string_view text = string_at(json, at + 1);
    const bool is_reference = at + 1 >= kReference.size() &&
                              json.substr(at + 1 - kReference.size(), kReference.size()) == kReference;
    const bool is_urn = text.starts_with(kUrn);
    if (is_reference || is_urn) {
      const auto found = map.find(text);
      if (found != map.end()) {
        out.append(json.substr(done, at + 1 - done)).append(found->second);
        done = at + 1 + text.size();
      } else if (is_reference && is_urn) {
        return fail(Category::Incorrect, kBadReference,
                    "A reference to an entry (urn:uuid:…) names none of the Bundle's.");
      }
    }
    at += text.size() + 2;
    if (at > json.size()) break;
  }
  return out.append(json.substr(done));
}

std::string_view find_conditional_reference(std::string_view json, std::size_t at) {
  while ((at = json.find(kReference, at)) != std::string_view::npos) {
    at += kReference.size();
    const std::string_view text = string_at(json, at);
    const std::size_t mark = text.find('?');
    if (mark != std::string_view::npos && type_number(text.substr(0, mark)) != 0) return text;
  }
  return {};
}

Result<void> parse_entry_url(std::string_view url, RestEntry& entry) {
  if (url.starts_with('/')) url.remove_prefix(1);
  const std::size_t mark = url.find('?');
  if (mark != std::string_view::npos) entry.query = url.substr(mark + 1);
  std::string_view path = url.substr(0, mark);
  const std::size_t slash = path.find('/');
  entry.type = type_number(path.substr(0, slash));
  if (entry.type == 0)
    return fail(Category::NotFound, kUnknownType, "An entry's request.url names no resource type of R4.");
  if (slash == std::string_view::npos) return {};
  path.remove_prefix(slash + 1);
  const std::size_t next = path.find('/');
  entry.id = path.substr(0, next);
  constexpr std::string_view kHistory = "_history/";
  if (next != std::string_view::npos && path.substr(next + 1).starts_with(kHistory)) {
    entry.version = path.substr(next + 1 + kHistory.size());
  } else if (next != std::string_view::npos) {
    return fail(Category::Incorrect, kBadBundle, "An entry's request.url is none that a Bundle may hold.");
  }
  if (!is_valid_id(entry.id))
    return fail(Category::Incorrect, kBadId, "An entry's request.url holds no valid id.");
  return {};
}

bool is_valid_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace lienthong::repository::sqlite

namespace lienthong::repository {

PreparedRest::PreparedRest() = default;
PreparedRest::PreparedRest(std::unique_ptr<Content> content) : content_(std::move(content)) {}
PreparedRest::PreparedRest(PreparedRest&&) noexcept = default;
PreparedRest& PreparedRest::operator=(PreparedRest&&) noexcept = default;
PreparedRest::~PreparedRest() = default;

std::size_t PreparedRest::bytes() const noexcept {
  std::size_t sum = 0;
  if (content_ == nullptr) return sum;
  for (const auto& entry : content_->entries) sum += sizeof entry + entry.json.size() * 3;
  return sum;
}

int http_status(const Error& error) noexcept {
  if (error.number == kGone) return 410;
  if (error.number == kVersionMismatch || error.number == kSeveralMatches) return 412;
  return meaning_of(error.category).http_status;
}

}  // namespace lienthong::repository
