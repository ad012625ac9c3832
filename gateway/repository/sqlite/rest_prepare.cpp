// REST requests on the caller's thread: read, checked as far as possible without the database, split and
// compressed.
#include <algorithm>
#include <charconv>
#include <chrono>

#include "fhir-model/document/document.h"
#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"
#include "gateway/base/bytes.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/rest_content.h"
#include "gateway/repository/sqlite/sqlite_repository.h"

namespace lienthong::repository::sqlite {
namespace {

void mint(RestEntry& entry) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  entry.id = to_string(new_uuid_v7(static_cast<std::uint64_t>(milliseconds)));
  entry.minted = true;
}

Failure bad_bundle(std::string text) {
  return fail(Category::Incorrect, kBadBundle, std::move(text));
}

std::string_view text_of(const fhir::Node& object, std::string_view name) {
  const fhir::Node* member = object.find(name);
  return member == nullptr ? std::string_view() : member->text();
}

// W/"3" → 3 (R4 §3.1.0.5).
Result<std::optional<std::uint32_t>> parse_if_match(std::string_view text) {
  if (text.empty()) return std::optional<std::uint32_t>();
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  std::uint32_t version = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), version);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return fail(Category::Incorrect, kBadPrecondition, "If-Match must be W/\"n\" with a version number n.");
  }
  return std::optional<std::uint32_t>(version);
}

// Takes the resource into the entry: its type must be the entry's, its id that of an update's URL.
Result<void> take_resource(const fhir::Node& resource, RestEntry& entry) {
  const TypeNumber type = type_number(resource.resource_type());
  if (type == 0) return fail(Category::Incorrect, kNotAResource, "The content is no resource of FHIR R4.");
  if (type != entry.type) {
    return fail(Category::Incorrect, kNotAResource, "The content's resourceType is not that of the address.");
  }
  const std::string_view id = text_of(resource, "id");
  if (entry.kind == RestEntry::Kind::Update) {
    if (entry.id.empty() && is_valid_id(id)) entry.id = id;  // conditional update that may create
    if (!entry.id.empty() && id != entry.id) {
      return fail(Category::Incorrect, kIdMismatch, "The content's id is not that of the address.");
    }
  }
  fhir::write_json(resource, entry.json);
  return {};
}

Result<void> form_entry(RestEntry& entry, KeyMaker& maker) {
  if (entry.json.empty() || !find_conditional_reference(entry.json).empty()) return {};
  auto form = make_stored_form(entry.type, entry.json, maker);
  if (!form) return forward(form);
  entry.form = std::move(*form);
  return {};
}

Result<void> set_single(const RestRequest& request, RestEntry& entry) {
  entry.type = type_number(request.type);
  if (entry.type == 0) return fail(Category::NotFound, kUnknownType, "FHIR R4 has no such resource type.");
  entry.id = request.id;
  entry.query = request.query;
  entry.if_none_exist = request.if_none_exist;
  const bool by_id = request.interaction == Interaction::Update || request.interaction == Interaction::Delete;
  if (by_id && !is_valid_id(entry.id)) return fail(Category::Incorrect, kBadId, "This is no valid FHIR id.");
  switch (request.interaction) {
    case Interaction::Create:
      entry.kind = RestEntry::Kind::Create;
      break;
    case Interaction::Update:
    case Interaction::ConditionalUpdate:
      entry.kind = RestEntry::Kind::Update;
      break;
    default:
      entry.kind = RestEntry::Kind::Delete;
      break;
  }
  auto if_match = parse_if_match(request.if_match);
  if (!if_match) return forward(if_match);
  entry.if_match = *if_match;
  if (request.feed) entry.sequence = request.feed->sequence;
  return {};
}

std::optional<std::int64_t> sequence_of(const fhir::Node& entry) {
  const fhir::Node* list = entry.find("extension");
  if (list == nullptr) return std::nullopt;
  for (const fhir::Node& extension : list->children()) {
    if (text_of(extension, "url") != kSequenceExtension) continue;
    const std::string_view text = text_of(extension, "valueString");
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return value;
  }
  return std::nullopt;
}

Result<RestEntry::Kind> kind_of_method(std::string_view method) {
  if (method == "GET" || method == "HEAD") return RestEntry::Kind::Read;
  if (method == "POST") return RestEntry::Kind::Create;
  if (method == "PUT") return RestEntry::Kind::Update;
  if (method == "DELETE") return RestEntry::Kind::Delete;
  return fail(Category::Unsupported, kBadBundle,
              "An entry's request.method is not GET, POST, PUT or DELETE.");
}

Result<void> fill_entry(const fhir::Node& node, RestEntry& entry) {
  const fhir::Node* request = node.find("request");
  if (request == nullptr) return bad_bundle("An entry has no request.");
  const auto kind = kind_of_method(text_of(*request, "method"));
  if (!kind) return forward(kind);
  entry.kind = *kind;
  if (const auto parsed = parse_entry_url(text_of(*request, "url"), entry); !parsed) return parsed;
  entry.full_url = text_of(node, "fullUrl");
  entry.if_none_exist = text_of(*request, "ifNoneExist");
  const auto if_match = parse_if_match(text_of(*request, "ifMatch"));
  if (!if_match) return forward(if_match);
  entry.if_match = *if_match;
  entry.sequence = sequence_of(node);
  const bool addressed = !entry.id.empty() || !entry.query.empty();
  if (entry.kind == RestEntry::Kind::Create) entry.id.clear();
  if (entry.kind == RestEntry::Kind::Read) return {};
  if (entry.kind != RestEntry::Kind::Create && !addressed)
    return bad_bundle("An entry's request.url names no resource.");
  if (entry.kind == RestEntry::Kind::Delete) return {};
  const fhir::Node* resource = node.find("resource");
  if (resource == nullptr || !resource->is_object()) return bad_bundle("An entry has no resource.");
  return take_resource(*resource, entry);
}

// Ids are minted here; only what a condition may find on the writer stays open.
Result<void> finish_transaction(PreparedRest::Content& content, KeyMaker& maker) {
  ReferenceMap map;
  bool open = false;
  for (auto& entry : content.entries) {
    if (entry.kind == RestEntry::Kind::Create) mint(entry);
    open |= entry.conditional() && entry.kind != RestEntry::Kind::Delete;
    if (!entry.full_url.empty() && !entry.id.empty()) {
      map[entry.full_url] = std::string(type_name(entry.type)).append("/").append(entry.id);
    }
  }
  for (auto& entry : content.entries) {
    if (open || entry.json.empty()) continue;
    auto replaced = replace_references(entry.json, map);
    if (!replaced) return forward(replaced);
    entry.json = std::move(*replaced);
    if (const auto formed = form_entry(entry, maker); !formed) return formed;
  }
  return {};
}

Result<void> prepare_bundle(const fhir::Node& bundle, PreparedRest::Content& content, KeyMaker& maker) {
  const std::string_view type = text_of(bundle, "type");
  if (bundle.resource_type() != "Bundle" || (type != "transaction" && type != "batch")) {
    return bad_bundle("The content is no Bundle of type transaction or batch.");
  }
  content.is_bundle = true;
  content.is_batch = type == "batch";
  const fhir::Node* entries = bundle.find("entry");
  if (entries == nullptr) return {};
  for (const fhir::Node& node : entries->children()) {
    RestEntry& entry = content.entries.emplace_back();
    auto filled = fill_entry(node, entry);
    if (filled && content.is_batch) {
      if (entry.kind == RestEntry::Kind::Create) mint(entry);
      filled = form_entry(entry, maker);
    }
    if (filled) continue;
    if (!content.is_batch) return filled;
    entry.error = filled.error();
  }
  return content.is_batch ? Result<void>() : finish_transaction(content, maker);
}

// Of two members of one name each reader would take another one: what was stored would not be certain.
Result<void> members_stand_once(const fhir::Document& document, std::string_view text) {
  for (std::size_t i = 0; i < document.node_count(); ++i) {
    const fhir::Node& node = document.node(i);
    if (!node.is_duplicate()) continue;
    const auto before = text.substr(0, node.name_position());
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;
    return fail(Category::Incorrect, kNotAResource,
                "A member of this name stands in the object already (line " + std::to_string(line) +
                    ", column " + std::to_string(column) + ")");
  }
  return {};
}

}  // namespace

Result<PreparedRest> SqliteRepository::prepare_rest(const RestRequest& request) const {
  KeyMaker& maker = thread_key_maker(scheme_);
  auto content = std::make_unique<PreparedRest::Content>();
  content->feed = request.feed;
  const bool bundle = request.interaction == Interaction::Bundle;
  const bool without_body =
      request.interaction == Interaction::Delete || request.interaction == Interaction::ConditionalDelete;
  RestEntry single;
  if (!bundle) {
    if (const auto set = set_single(request, single); !set) return forward(set);
  }
  const PaddedBytes padded(without_body ? std::string_view("{}") : request.body);
  fhir::Document document;
  if (const auto read = fhir::read_json(padded.view(), document); !read) {
    return fail(Category::Incorrect, kNotAResource,
                "The content is not JSON: " + std::string(read.error().message) + " (line " +
                    std::to_string(read.error().line) + ", column " + std::to_string(read.error().column) +
                    ")");
  }
  if (!document.root().is_object())
    return fail(Category::Incorrect, kNotAResource, "The content is no JSON object.");
  if (const auto once = members_stand_once(document, padded.view()); !once) return forward(once);
  if (bundle) {
    if (const auto prepared = prepare_bundle(document.root(), *content, maker); !prepared)
      return forward(prepared);
    return PreparedRest(std::move(content));
  }
  if (!without_body) {
    if (const auto taken = take_resource(document.root(), single); !taken) return forward(taken);
    if (single.kind == RestEntry::Kind::Create) mint(single);
    if (const auto formed = form_entry(single, maker); !formed) return forward(formed);
  }
  content->entries.push_back(std::move(single));
  return PreparedRest(std::move(content));
}

}  // namespace lienthong::repository::sqlite
