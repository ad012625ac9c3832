// The HTTP side of the running program: who may what, /ingest, /health, /metrics.
#include <catch2/catch.hpp>

#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

std::vector<net::HeaderPair> bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}, {"Content-Type", "application/fhir+json"}};
}

const std::string kHttpSource = R"(
[[source]]
name = "portal"
kind = "http"
profile = "hl7v2"
facility = "79999"
[[source]]
name = "other"
kind = "http"
profile = "hl7v2"
facility = "78888"
)";

// A token's file has to be there before the start.
struct Guarded {
  Guarded() {
    for (const auto* name : {"reader", "writer", "own"}) folder.write(name, std::string("secret-of-") + name);
    HospitalOptions options;
    for (const std::string name : {"reader", "writer", "own"}) {
      options.sections += "[[http.token]]\nname = \"" + name + "\"\nfile = \"" + name + "\"\naccess = \"" +
                          (name == "reader" ? "read" : "write") + "\"\n" +
                          (name == "own" ? "facility = \"79999\"\n" : "");
    }
    options.source = kHttpSource;
    process = std::make_unique<GatewayProcess>(write_hospital(folder, options));
    at = process->ready().address("http");
  }
  TempFolder folder;
  std::unique_ptr<GatewayProcess> process;
  net::Endpoint at;
};

}  // namespace

TEST_CASE("HTTP: tokens decide who reads and who writes") {
  const Guarded gateway;
  const std::string patient = R"({"resourceType":"Patient","gender":"female"})";
  CHECK(http(gateway.at, "GET", "/fhir/Patient").status == 401);
  CHECK(http(gateway.at, "GET", "/fhir/Patient", "", bearer("wrong")).status == 401);
  CHECK(http(gateway.at, "GET", "/fhir/Patient", "", bearer("secret-of-reader")).status == 200);
  const auto forbidden = http(gateway.at, "POST", "/fhir/Patient", patient, bearer("secret-of-reader"));
  CHECK(forbidden.status == 403);
  CHECK_THAT(forbidden.body, Contains("OperationOutcome"));
  CHECK(http(gateway.at, "POST", "/fhir/Patient", patient, bearer("secret-of-writer")).status == 201);
  CHECK(http(gateway.at, "GET", "/fhir/metadata").status == 200);
}

TEST_CASE("HTTP: /ingest needs a token that may write to the source's facility") {
  const Guarded gateway;
  const auto post = [&](const std::string& source, const std::vector<net::HeaderPair>& headers) {
    return http(gateway.at, "POST", "/ingest/" + source, admission("c1", "BN1"), headers).status;
  };
  CHECK(post("portal", {}) == 401);
  CHECK(post("portal", bearer("secret-of-reader")) == 403);
  CHECK(post("other", bearer("secret-of-own")) == 403);
  CHECK(post("portal", bearer("secret-of-own")) == 200);
  CHECK(post("other", bearer("secret-of-writer")) == 200);
  CHECK(post("nobody", bearer("secret-of-writer")) == 404);
}

TEST_CASE("HTTP: /health is for everyone, /metrics for who has a token") {
  const Guarded gateway;
  const auto health = http(gateway.at, "GET", "/health");
  CHECK(health.status == 200);
  CHECK_THAT(health.body, Contains(R"("status":"ok")") && Contains(R"("store":"ready")"));
  CHECK(http(gateway.at, "GET", "/metrics").status == 401);
  const auto metrics = http(gateway.at, "GET", "/metrics", "", bearer("secret-of-reader"));
  CHECK(metrics.status == 200);
  CHECK_THAT(metrics.body, Contains("# TYPE lienthong_messages_total counter"));
}

TEST_CASE("HTTP: /ingest names what became of each message of a body") {
  HospitalOptions options;
  options.source = kHttpSource;
  Hospital hospital(options);
  const auto first = admission("c1", "BN1"), second = admission("c2", "BN2");

  const auto good = http(hospital.http(), "POST", "/ingest/portal", first + second);
  CHECK(good.status == 200);
  CHECK_THAT(good.body, Contains("message 1 ") && Contains("message 2 ") && Contains("stored"));

  auto for_test = admission("c3", "BN3");
  for_test.replace(for_test.find("|P|2.5.1"), 2, "|T");
  const auto mixed =
      http(hospital.http(), "POST", "/ingest/portal", first + for_test + admission("c4", "BN4"));
  INFO(mixed.body);
  CHECK(mixed.status == 422);
  CHECK_THAT(mixed.body, Contains("repeated") && Contains("message 2 ") && Contains("refused") &&
                             Contains("LT-1702") && Contains("message 3 "));
  CHECK(query(hospital.data(), "SELECT control_id, fate FROM message ORDER BY row") ==
        std::vector<std::string>{"c1|0", "c2|0", "c3|1", "c4|0"});

  CHECK(http(hospital.http(), "POST", "/ingest/portal", "no message at all").status == 422);
  CHECK(http(hospital.http(), "POST", "/ingest/portal", "").status == 422);
  CHECK(http(hospital.http(), "GET", "/ingest/portal").status == 405);
}
