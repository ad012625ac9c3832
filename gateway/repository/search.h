#pragma once
// Questions about many resources: search and history. Links to the next page are opaque texts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/repository/stored_version.h"

namespace lienthong::repository {

// One name=value of the query, percent-decoded.
struct SearchTerm {
  std::string name;  // "identifier", "_lastUpdated", with its modifier ("identifier:not") if any
  std::string value;
};

struct SearchRequest {
  std::string_view type;          // "Patient"
  std::vector<SearchTerm> terms;  // filters and result parameters (_count, _sort, _total, _summary) alike
  std::string_view cursor;        // from SearchPage::next; empty = first page
  std::uint32_t default_count = 50, most = 1000;
  bool lenient = false;  // leave out terms that are not known instead of refusing them (R4 §3.1.1.3)
};

struct SearchPage {
  std::vector<StoredVersion> resources;
  std::optional<std::uint64_t> total;  // when asked for (_total=accurate, _summary=count) or known
  std::string next;                    // empty: the last page
  bool count_only = false;             // _summary=count or _count=0
  // The parameters that were used, for the self link; result parameters included.
  std::vector<SearchTerm> used;
  std::vector<std::string> ignored;  // names of terms left out (SearchRequest::lenient)
};

struct HistoryRequest {
  std::string_view type;  // empty: the whole system
  std::string_view id;    // empty: all of the type
  std::optional<Instant> since;
  std::uint32_t count = 50;
  std::string_view cursor;
};

struct HistoryPage {
  std::vector<StoredVersion> versions;  // newest first
  std::optional<std::uint64_t> total;   // of one resource
  std::string next;
};

// A search parameter that search() can answer, for the CapabilityStatement.
struct SupportedParameter {
  std::string_view name;  // "identifier"
  std::string_view type;  // "token"
  std::string_view url;   // of its definition
};

// Splits "a=b&c=d", percent-decodes; "+" is a space. Any thread.
std::vector<SearchTerm> parse_query(std::string_view query);

}  // namespace lienthong::repository
