#pragma once
// What a gateway holds, in a form that two gateways can be compared by.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/net/endpoint.h"

namespace lienthong::test {

// All versions of each resource ("Patient/…"), the first one first. A version is its JSON without what says
// when and by which message it was written: meta.versionId, meta.lastUpdated and meta.source, which differ
// between two runs of the same morning. A deletion is "deleted".
using Content = std::map<std::string, std::vector<std::string>>;

// By the system's history, page by page.
Content read_content(const net::Endpoint& http, const std::string& token = {});

// The newest version of each.
std::map<std::string, std::string> newest(const Content& content);
std::size_t version_count(const Content& content);

// Rows of a gateway's database, each column as text, columns separated by '|'. The gateway may be running.
std::vector<std::string> query(const std::string& data_folder, const std::string& sql);
// The one number a query gives.
std::int64_t number(const std::string& data_folder, const std::string& sql);

}  // namespace lienthong::test
