#include "gateway/repository/sqlite/render.h"

#include <algorithm>
#include <optional>

#include "gateway/identity/links.h"
#include "gateway/identity/merges.h"
#include "gateway/identity/result_ties.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/elements.h"
#include "gateway/repository/sqlite/fhir_time.h"

namespace lienthong::repository::sqlite {
namespace {

// The object's text between its braces, without the member given.
std::string without_member(std::string_view object, std::string_view name, std::string_view& value) {
  std::vector<fhir::TopLevelMember> members;
  std::string rest;
  if (!fhir::split_top_level(object, members)) return rest;
  for (const auto& member : members) {
    if (member.name == name) {
      value = member.value;
      continue;
    }
    if (!rest.empty()) rest += ',';
    rest.append("\"").append(member.name).append("\":").append(member.value);
  }
  return rest;
}

std::string_view inner(std::string_view container) {
  return container.size() < 2 ? std::string_view() : container.substr(1, container.size() - 2);
}

void append_meta(const Head& head, std::string_view stored, std::string_view source_prefix,
                 std::string& out) {
  out.append("\"meta\":{\"versionId\":\"").append(std::to_string(head.version));
  out.append("\",\"lastUpdated\":\"").append(format_instant(head.updated)).append("\"");
  if (head.source.value != Uuid{}) {
    out.append(",\"source\":\"").append(source_prefix).append(to_string(head.source.value)).append("\"");
  }
  if (const auto rest = inner(stored); !rest.empty()) out.append(",").append(rest);
  out += '}';
}

void append_list(std::string_view stored, const AddedItems& added, std::string& out) {
  out.append(",\"").append(added.member).append("\":[").append(inner(stored));
  if (stored.size() > 2) out += ',';
  out.append(added.items).append("]");
}

bool is_there(std::string_view text, const std::string& reference) {
  return text.find(reference) != std::string_view::npos;
}

void append_item(const std::string& reference, std::string_view type, std::string& items) {
  items.append(items.empty() ? "" : ",").append("{\"other\":{\"reference\":").append(reference);
  items.append("},\"type\":\"").append(type).append("\"}");
}

// The first record on the way from `id` that has been stated: a merge may have been heard of before it.
Result<std::optional<Uuid>> first_live(store::Connection& connection, TypeNumber type, Uuid id,
                                       Instant seen) {
  constexpr int kFarthest = 64;
  for (int steps = 0; steps < kFarthest; ++steps) {
    const auto head = find_head(connection, type, to_string(id));
    if (!head) return forward(head);
    if (*head && (*head)->live()) return std::optional(id);
    const auto merges = identity::merged_with(connection, id, seen);
    if (!merges) return forward(merges);
    const auto next =
        std::find_if(merges->begin(), merges->end(), [](const auto& m) { return m.is_survivor; });
    if (next == merges->end()) break;
    id = next->other;
  }
  return std::optional<Uuid>();
}

// Merges in force when the version was made (semantics 3).
Result<void> merge_items(store::Connection& connection, const Head& head, std::string_view body,
                         std::string& items) {
  const auto id = parse_uuid(head.id);
  if (!id) return {};
  const auto merges = identity::merged_with(connection, *id, head.updated);
  if (!merges) return forward(merges);
  for (const auto& merge : *merges) {
    const auto other = first_live(connection, head.type, merge.other, head.updated);
    if (!other) return forward(other);
    if (!*other || (!merge.is_survivor && **other != merge.other)) continue;
    const std::string reference = "\"Patient/" + to_string(**other) + "\"";
    if (is_there(body, reference) || is_there(items, reference)) continue;
    append_item(reference, merge.is_survivor ? "replaced-by" : "replaces", items);
  }
  return {};
}

// Links in force when the version was made (semantics 2).
Result<void> link_items(store::Connection& connection, const Head& head, std::string_view body,
                        std::string& items) {
  const auto links = identity::links_of(connection, head.row, head.updated);
  if (!links) return forward(links);
  for (const auto& link : *links) {
    const auto other = load_head(connection, link.other);
    if (!other) return forward(other);
    const std::string reference = "\"Patient/" + other->id + "\"";
    if (!other->live() || is_there(body, reference) || is_there(items, reference)) continue;
    append_item(reference, "seealso", items);
  }
  return {};
}

// The result that the copy was tied to when the version was made (semantics 16).
Result<void> tie_item(store::Connection& connection, const Head& head, std::string_view body,
                      std::string& item) {
  const auto original = identity::original_of(connection, head.row, head.updated);
  if (!original || *original == ResourceRow{}) return original ? Result<void>() : forward(original);
  const auto result = load_head(connection, *original);
  if (!result) return forward(result);
  const std::string reference = "\"Observation/" + result->id + "\"";
  if (result->live() && !is_there(body, reference)) item = "{\"reference\":" + reference + "}";
  return {};
}

}  // namespace

std::string render(const Head& head, std::string_view body, std::string_view source_prefix,
                   const AddedItems& added) {
  std::string out;
  out.reserve(body.size() + added.items.size() + 256);
  out.append("{\"resourceType\":\"")
      .append(type_name(head.type))
      .append("\",\"id\":\"")
      .append(head.id)
      .append("\",");
  std::string_view meta, stored;
  std::string rest, others;
  if (body.starts_with("{\"meta\":")) {
    rest = without_member(body, "meta", meta);
    body = rest;
  } else {
    body = inner(body);
  }
  append_meta(head, meta, source_prefix, out);
  if (!added.items.empty()) {
    const std::string object = "{" + std::string(body) + "}";
    others = without_member(object, added.member, stored);
    if (!others.empty()) out.append(",").append(others);
    append_list(stored, added, out);
  } else if (!body.empty()) {
    out.append(",").append(body);
  }
  return out += '}';
}

Result<AddedItems> added_items(store::Connection& connection, const Head& head, std::string_view body) {
  static const TypeNumber kPatient = type_number("Patient");
  AddedItems added;
  if (head.type == kPatient) {
    added.member = "link";
    if (const auto merged = merge_items(connection, head, body, added.items); !merged) return forward(merged);
    if (const auto linked = link_items(connection, head, body, added.items); !linked) return forward(linked);
  } else if ((head.flags & kClaimsCopy) != 0) {
    added.member = "derivedFrom";
    if (const auto tied = tie_item(connection, head, body, added.items); !tied) return forward(tied);
  }
  return added;
}

Result<StoredVersion> make_version(store::Connection& connection, const Head& head, std::string_view packed,
                                   std::string_view source_prefix) {
  StoredVersion version{head.row,
                        type_name(head.type),
                        head.id,
                        head.version,
                        head.updated,
                        head.source,
                        head.deleted(),
                        false,
                        head.lane,
                        head.owner,
                        head.change,
                        false,
                        {}};
  version.created = (head.flags & kCreated) != 0;
  version.test = (head.flags & kTest) != 0;
  if (head.sequence != 0) version.change = head.sequence;
  if (version.deleted) return version;
  const auto body = unpack(packed);
  if (!body) return forward(body);
  const auto added = added_items(connection, head, *body);
  if (!added) return forward(added);
  version.json = render(head, *body, source_prefix, *added);
  return version;
}

}  // namespace lienthong::repository::sqlite
