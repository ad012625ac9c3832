#pragma once
// A store with resources that were written by REST, and questions to it.

#include <set>

#include "repository_store.h"

namespace testing {

struct SearchStore : RepositoryStore {
  void put(std::string_view type, std::string_view id, std::string_view members) {
    const std::string body = R"({"resourceType":")" + std::string(type) + R"(","id":")" + std::string(id) +
                             '"' + (members.empty() ? "" : ",") + std::string(members) + "}";
    RestRequest request;
    request.interaction = Interaction::Update;
    request.type = type;
    request.id = id;
    request.body = body;
    const auto written = write(request);
    INFO(body << (written ? "" : to_string(written.error())));
    REQUIRE(written);
  }
  void remove(std::string_view type, std::string_view id) {
    RestRequest request;
    request.interaction = Interaction::Delete;
    request.type = type;
    request.id = id;
    REQUIRE(write(request));
  }
  Result<SearchPage> search(std::string_view type, std::string_view query, std::string_view cursor = {},
                            bool lenient = false) {
    SearchRequest request;
    request.type = type;
    request.terms = parse_query(query);
    request.cursor = cursor;
    request.lenient = lenient;
    return repository->search(*reader, request);
  }
  // "a b c": the ids in the order of their texts, over all pages; each must come once.
  std::string found(std::string_view type, const std::string& query) {
    std::set<std::string> ids;
    std::string cursor;
    do {
      const auto page = search(type, query, cursor);
      INFO(query << (page ? "" : to_string(page.error())));
      REQUIRE(page);
      for (const auto& resource : page->resources) CHECK(ids.insert(resource.id).second);
      cursor = page->next;
    } while (!cursor.empty());
    std::string text;
    for (const auto& id : ids) text += (text.empty() ? "" : " ") + id;
    return text;
  }
  // Rows of a table.
  std::int64_t rows(const store::Sql& count) {
    store::Statement row = reader->statement(count);
    REQUIRE(row.step().value_or(false));
    return row.integer(0);
  }
  // Makes the keys anew until nothing is left; how many jobs that took.
  int renew_keys() {
    int jobs = 0;
    for (bool more = true; more; ++jobs) {
      REQUIRE(store->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
        const auto left = repository->renew_keys(transaction);
        if (!left) return forward(left);
        more = *left;
        return {};
      }));
    }
    return jobs;
  }
};

}  // namespace testing
