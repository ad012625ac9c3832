#include <catch2/catch.hpp>
#include <chrono>

#include "judged.h"

using namespace judged;

namespace {

std::string bundle(const std::string& type, const std::string& entries, const std::string& more = "") {
  return R"({"resourceType":"Bundle","type":")" + type + "\"," + more + R"("entry":[)" + entries + "]}";
}

const std::string kDocument =
    R"("identifier":{"system":"urn:s","value":"1"},"timestamp":"2024-01-01T00:00:00Z",)";

std::string composition(const std::string& author) {
  return R"({"fullUrl":"http://a.vn/fhir/Composition/c","resource":{"resourceType":"Composition","id":"c","status":"final",
    "type":{"text":"t"},"date":"2024","title":"T","author":[{"reference":")" +
         author + R"("}]}})";
}

const std::string kDoctor =
    R"(,{"fullUrl":"http://a.vn/fhir/Practitioner/d","resource":{"resourceType":"Practitioner","id":"d"}})";

}  // namespace

TEST_CASE("entries have absolute fullUrls that fit their resources") {
  CHECK(said(judge(bundle("collection", R"({"resource":{"resourceType":"Patient"}})"))) ==
        Lines{"error full-url-missing Bundle.entry[0]"});
  CHECK(said(judge(bundle("collection",
                          R"({"fullUrl":"Patient/1","resource":{"resourceType":"Patient","id":"1"}})"))) ==
        Lines{"error full-url-relative Bundle.entry[0]"});
  CHECK(said(judge(
            bundle("collection",
                   R"({"fullUrl":"http://a/Patient/1","resource":{"resourceType":"Patient","id":"2"}})"))) ==
        Lines{"error full-url-mismatch Bundle.entry[0]"});
  CHECK(said(judge(bundle(
                 "transaction",
                 R"({"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}})")))
            .empty());
}

TEST_CASE("requests and responses belong to their kinds of Bundle; a fullUrl occurs once") {
  CHECK(said(judge(bundle("transaction", R"({"resource":{"resourceType":"Patient"}})"))) ==
        Lines{"error invariant Bundle"});
  CHECK(
      said(judge(bundle(
          "collection",
          R"({"fullUrl":"urn:uuid:0c7ab8c4-9f5c-4b13-9a59-8f7ef7f2d1aa","resource":{"resourceType":"Patient"}},
    {"fullUrl":"urn:uuid:0c7ab8c4-9f5c-4b13-9a59-8f7ef7f2d1aa","resource":{"resourceType":"Patient"}})"))) ==
      Lines{"error invariant Bundle"});
}

TEST_CASE("a document begins with a Composition, and all hangs together") {
  CHECK(said(judge(bundle("document", composition("Practitioner/d") + kDoctor, kDocument))).empty());
  CHECK(said(judge(bundle("document", composition("Practitioner/e") + kDoctor, kDocument))) ==
        Lines{"error reference-not-in-bundle Bundle.entry[0].resource.author[0]",
              "error entry-unreachable Bundle.entry[1]"});
  CHECK(said(judge(bundle("document", kDoctor.substr(1), kDocument))) ==
        Lines{"error document-first Bundle.entry[0]"});
  CHECK(said(judge(bundle("message", kDoctor.substr(1)))) == Lines{"error message-first Bundle.entry[0]"});
}

TEST_CASE("references inside of a Bundle lead to entries of a fitting type") {
  const std::string organization =
      R"(,{"fullUrl":"urn:uuid:0c7ab8c4-9f5c-4b13-9a59-8f7ef7f2d1aa","resource":{"resourceType":"Organization","name":"A"}})";
  const std::string patient =
      R"({"fullUrl":"urn:uuid:1c7ab8c4-9f5c-4b13-9a59-8f7ef7f2d1aa","resource":{"resourceType":"Encounter",
    "status":"planned","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
    "subject":{"reference":"urn:uuid:0c7ab8c4-9f5c-4b13-9a59-8f7ef7f2d1aa"}}})";
  CHECK(said(judge(bundle("collection", patient + organization))) ==
        Lines{"error reference-target Bundle.entry[0].resource.subject"});
}

TEST_CASE("large Bundles with references of every entry are judged without quadratic work") {
  std::string entries;
  const int count = 10000;
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    if (i != 0) entries += ',';
    entries += R"({"fullUrl":"http://a.vn/fhir/Patient/)" + id +
               R"(","resource":{"resourceType":"Patient","id":")" + id +
               R"(","link":[{"type":"seealso","other":{"reference":"Patient/)" +
               std::to_string((i * 7919) % count) + R"("}}]}})";
  }
  CHECK(said(judge(bundle("collection", entries))).empty());
}
