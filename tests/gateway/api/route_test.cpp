#include "gateway/api/route.h"

#include <catch2/catch.hpp>

using namespace lienthong::api;

namespace {
Ask ask(std::string_view method, std::string_view path, bool has_query = false) {
  const auto routed = route_of(method, path, has_query);
  REQUIRE(routed.route.has_value());
  return routed.route->ask;
}
}  // namespace

TEST_CASE("Each interaction has its method and path") {
  CHECK(ask("GET", "/metadata") == Ask::Capabilities);
  CHECK(ask("GET", "/Patient/1") == Ask::Read);
  CHECK(ask("HEAD", "/Patient/1") == Ask::Read);
  CHECK(ask("GET", "/Patient/1/_history/2") == Ask::VRead);
  CHECK(ask("GET", "/Patient/1/_history") == Ask::HistoryInstance);
  CHECK(ask("GET", "/Patient/_history") == Ask::HistoryType);
  CHECK(ask("GET", "/_history") == Ask::HistorySystem);
  CHECK(ask("GET", "/Patient") == Ask::Search);
  CHECK(ask("POST", "/Patient/_search") == Ask::Search);
  CHECK(ask("POST", "/Patient") == Ask::Create);
  CHECK(ask("PUT", "/Patient/1") == Ask::Update);
  CHECK(ask("PUT", "/Patient", true) == Ask::ConditionalUpdate);
  CHECK(ask("DELETE", "/Patient/1") == Ask::Delete);
  CHECK(ask("DELETE", "/Patient", true) == Ask::ConditionalDelete);
  CHECK(ask("POST", "") == Ask::Bundle);
  CHECK(ask("POST", "/") == Ask::Bundle);
}

TEST_CASE("What does not exist is 404, what is not done with a method is 405") {
  CHECK(route_of("GET", "/Patient/1/2/3/4", false).status == 404);
  CHECK(route_of("GET", "/Patient/1/name", false).status == 404);
  CHECK(route_of("GET", "/Patient/$everything", false).status == 404);
  CHECK(route_of("GET", "/%zz", false).status == 404);
  CHECK(route_of("PATCH", "/Patient/1", false).status == 405);
  CHECK(route_of("PUT", "/Patient", false).status == 405);
  CHECK(route_of("DELETE", "/Patient", false).status == 405);
  CHECK(route_of("GET", "", false).status == 405);
}

TEST_CASE("Segments are percent-decoded after they are split") {
  const auto routed = route_of("GET", "/Patient/a%2Fb", false);
  REQUIRE(routed.route.has_value());
  CHECK(routed.route->id == "a/b");
}
