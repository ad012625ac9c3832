#include "tests/integration/support/content.h"

#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"
#include "tests/integration/support/peers.h"

namespace lienthong::test {
namespace {

std::string text_of(const fhir::Node& node, std::string_view name) {
  const auto* member = node.find(name);
  return member == nullptr ? std::string() : std::string(member->text());
}

void append_member(std::string& out, const fhir::Node& member) {
  if (out.back() != '{') out += ',';
  fhir::append_json_string(member.json_name(), out);
  out += ':';
}

std::string without_origin(const fhir::Node& meta) {
  std::string out = "{";
  for (const auto& member : meta.children()) {
    const auto name = member.json_name();
    if (name == "versionId" || name == "lastUpdated" || name == "source") continue;
    append_member(out, member);
    fhir::write_json(member, out);
  }
  return out + '}';
}

std::string normal_form(const fhir::Node& resource) {
  std::string out = "{";
  for (const auto& member : resource.children()) {
    append_member(out, member);
    if (member.json_name() == "meta") {
      out += without_origin(member);
    } else {
      fhir::write_json(member, out);
    }
  }
  return out + '}';
}

// Adds a page's versions, newest first as a history has them; returns the next page's target.
std::string add_page(const std::string& json, Content& content) {
  const std::string padded = json + std::string(fhir::kPadding, '\0');
  fhir::Document document;
  REQUIRE(fhir::read_json(std::string_view(padded).substr(0, json.size()), document));
  if (const auto* entries = document.root().find("entry")) {
    for (const auto& entry : entries->children()) {
      const auto* resource = entry.find("resource");
      const auto url = text_of(*entry.find("request"), "url");
      const auto id =
          resource == nullptr ? url : text_of(*resource, "resourceType") + '/' + text_of(*resource, "id");
      content[id].push_back(resource == nullptr ? "deleted" : normal_form(*resource));
    }
  }
  for (const auto& link : document.root().find("link")->children()) {
    if (text_of(link, "relation") != "next") continue;
    const auto url = text_of(link, "url");
    return url.substr(url.find("/fhir"));
  }
  return {};
}

}  // namespace

Content read_content(const net::Endpoint& endpoint, const std::string& token) {
  std::vector<net::HeaderPair> headers;
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  Content content;
  for (std::string next = "/fhir/_history?_count=1000"; !next.empty();) {
    const auto page = http(endpoint, "GET", next, {}, headers);
    INFO(page.body.substr(0, 500));
    REQUIRE(page.status == 200);
    next = add_page(page.body, content);
  }
  for (auto& [id, versions] : content) std::reverse(versions.begin(), versions.end());
  return content;
}

std::map<std::string, std::string> newest(const Content& content) {
  std::map<std::string, std::string> last;
  for (const auto& [id, versions] : content) last[id] = versions.back();
  return last;
}

std::size_t version_count(const Content& content) {
  std::size_t count = 0;
  for (const auto& [id, versions] : content) count += versions.size();
  return count;
}

std::vector<std::string> query(const std::string& data_folder, const std::string& sql) {
  sqlite3* raw = nullptr;
  const auto file = data_folder + "/lienthong.db";
  REQUIRE(sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(raw, sqlite3_close);
  sqlite3_busy_timeout(raw, 10'000);
  sqlite3_stmt* prepared = nullptr;
  INFO(sql);
  REQUIRE(sqlite3_prepare_v2(raw, sql.c_str(), -1, &prepared, nullptr) == SQLITE_OK);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  std::vector<std::string> rows;
  int step = 0;
  while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, i));
      row += (i == 0 ? "" : "|") + std::string(text == nullptr ? "" : text);
    }
    rows.push_back(std::move(row));
  }
  REQUIRE(step == SQLITE_DONE);
  return rows;
}

std::int64_t number(const std::string& data_folder, const std::string& sql) {
  const auto rows = query(data_folder, sql);
  REQUIRE(rows.size() == 1);
  return std::stoll(rows.front());
}

}  // namespace lienthong::test
