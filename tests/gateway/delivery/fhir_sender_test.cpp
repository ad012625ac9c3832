#include "gateway/delivery/fhir_sender.h"

#include <catch2/catch.hpp>

using namespace lienthong;
using namespace lienthong::delivery;
using Kind = SendResult::Kind;

namespace {
SendResult judge(int status, std::string body = {}, std::vector<net::HeaderPair> headers = {}) {
  return judge_response({status, std::move(headers), std::move(body)});
}
}  // namespace

TEST_CASE("2xx confirms; 408, 425, 429 and 5xx are tried again; other 4xx are final") {
  for (const int status : {200, 201, 204}) CHECK(judge(status).kind == Kind::Confirmed);
  for (const int status : {408, 425, 429, 500, 502, 503}) CHECK(judge(status).kind == Kind::Transient);
  for (const int status : {400, 409, 410, 412, 413, 422}) CHECK(judge(status).kind == Kind::Permanent);
}

TEST_CASE("A wrong token or path buries nothing: the bundle waits until the set-up is put right") {
  for (const int status : {401, 403, 404}) CHECK(judge(status).kind == Kind::Transient);
}

TEST_CASE("The reason has the status and the issue's code, never its text") {
  const auto result = judge(
      422,
      R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invariant","diagnostics":"Nguyễn Văn A"}]})");
  CHECK(result.reason == "HTTP 422 invariant");
}

TEST_CASE("Retry-After is heard") {
  CHECK(judge(503, "", {{"Retry-After", "17"}}).retry_after_seconds == 17);
  CHECK(judge(503, "", {{"Retry-After", "soon"}}).retry_after_seconds == 0);
}
