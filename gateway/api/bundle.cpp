#include "gateway/api/bundle.h"

#include "gateway/api/http_time.h"
#include "gateway/api/outcome.h"
#include "gateway/base/json_text.h"

namespace lienthong::api {
namespace {

constexpr std::size_t kLongestName = 64;

void begin(std::string& out, std::string_view type, const std::optional<std::uint64_t>& total) {
  out += R"({"resourceType":"Bundle","type":")";
  out += type;
  out += '"';
  if (total) out += ",\"total\":" + std::to_string(*total);
}

void append_link(std::string& out, std::string_view relation, std::string_view url) {
  out += "{\"relation\":\"";
  out += relation;
  out += "\",\"url\":";
  append_json_string(out, url);
  out += '}';
}

void append_links(std::string& out, std::string_view self, std::string_view next) {
  out += ",\"link\":[";
  append_link(out, "self", self);
  if (!next.empty()) {
    out += ',';
    append_link(out, "next", next);
  }
  out += ']';
}

std::string status_line(int status) {
  return std::to_string(status) + " " + std::string(net::http_reason(status));
}

void append_full_url(std::string& out, std::string_view base, const repository::StoredVersion& version) {
  out += "\"fullUrl\":";
  append_json_string(out, std::string(base) + "/" + std::string(version.type) + "/" + version.id);
}

// What a lenient search left out (R4 §3.1.1.3), by name.
std::string ignored_outcome(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name.substr(0, kLongestName);
  return operation_outcome("not-supported", "Ignored search parameters: " + list, "warning");
}

void append_history_entry(std::string& out, std::string_view base, const repository::StoredVersion& version) {
  out += '{';
  append_full_url(out, base, version);
  if (!version.deleted) out += ",\"resource\":" + version.json;
  const std::string_view method = version.deleted ? "DELETE" : version.created ? "POST" : "PUT";
  out += ",\"request\":{\"method\":\"" + std::string(method) + "\",\"url\":";
  append_json_string(
      out, version.created ? std::string(version.type) : std::string(version.type) + "/" + version.id);
  const int status = version.deleted ? 204 : version.created ? 201 : 200;
  out += "},\"response\":{\"status\":\"" + status_line(status) + "\",\"etag\":";
  append_json_string(out, etag(version));
  out += ",\"lastModified\":\"" + fhir_instant(version.updated) + "\"}}";
}

void append_result(std::string& out, const repository::RestResult& result, bool minimal) {
  out += '{';
  if (result.status >= 400) {
    const auto& meaning = meaning_of(result.error.category);
    out += "\"response\":{\"status\":\"" + status_line(result.status) +
           "\",\"outcome\":" + operation_outcome(meaning.fhir_issue_code, to_string(result.error)) + "}}";
    return;
  }
  const auto& version = result.resource;
  if (!result.outcome_bundle.empty()) {
    out += "\"resource\":" + result.outcome_bundle + ",";
  } else if (!minimal && !version.json.empty()) {
    out += "\"resource\":" + version.json + ",";
  }
  out += "\"response\":{\"status\":\"" + status_line(result.status) + "\"";
  if (!version.id.empty() && version.version > 0) {
    out += ",\"location\":";
    append_json_string(out, versioned_path(version));
    out += ",\"etag\":";
    append_json_string(out, etag(version));
    out += ",\"lastModified\":\"" + fhir_instant(version.updated) + "\"";
  }
  out += "}}";
}

}  // namespace

std::string versioned_path(const repository::StoredVersion& version) {
  return std::string(version.type) + "/" + version.id + "/_history/" + std::to_string(version.version);
}

std::string etag(const repository::StoredVersion& version) {
  return "W/\"" + std::to_string(version.version) + "\"";
}

std::string searchset(const repository::SearchPage& page, std::string_view base, std::string_view self,
                      std::string_view next) {
  std::string out;
  begin(out, "searchset", page.total);
  append_links(out, self, next);
  bool first = true;
  if (!page.count_only) {
    for (const auto& version : page.resources) {
      out += first ? ",\"entry\":[{" : ",{";
      first = false;
      append_full_url(out, base, version);
      out += ",\"resource\":" + version.json + ",\"search\":{\"mode\":\"match\"}}";
    }
  }
  if (!page.ignored.empty()) {
    out += first ? ",\"entry\":[{" : ",{";
    first = false;
    out += "\"resource\":" + ignored_outcome(page.ignored) + ",\"search\":{\"mode\":\"outcome\"}}";
  }
  out += first ? "}" : "]}";
  return out;
}

std::string history_bundle(const repository::HistoryPage& page, std::string_view base, std::string_view self,
                           std::string_view next) {
  std::string out;
  begin(out, "history", page.total);
  append_links(out, self, next);
  bool first = true;
  for (const auto& version : page.versions) {
    out += first ? ",\"entry\":[" : ",";
    first = false;
    append_history_entry(out, base, version);
  }
  out += first ? "}" : "]}";
  return out;
}

std::string bundle_response(const repository::RestOutcome& outcome, bool minimal) {
  std::string out;
  begin(out, outcome.is_batch ? "batch-response" : "transaction-response", std::nullopt);
  bool first = true;
  for (const auto& result : outcome.results) {
    out += first ? ",\"entry\":[" : ",";
    first = false;
    append_result(out, result, minimal);
  }
  out += first ? "}" : "]}";
  return out;
}

}  // namespace lienthong::api
