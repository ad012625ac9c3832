// Each type of search parameter with real rows.
#include "gateway/identity/merges.h"
#include "searching.h"

using namespace testing;

TEST_CASE("search: tokens by code, by system, by both, without system, and all but one") {
  SearchStore store;
  store.put("Observation", "a",
            R"("status":"final","code":{"coding":[{"system":"urn:l","code":"1"}],"text":"Glucose"})");
  store.put("Observation", "b", R"("status":"final","code":{"coding":[{"system":"urn:m","code":"1"}]})");
  store.put("Observation", "c",
            R"("status":"amended","code":{"coding":[{"code":"1"},{"system":"urn:l","code":"2"}]})");
  CHECK(store.found("Observation", "code=1") == "a b c");
  CHECK(store.found("Observation", "code=urn:l|1") == "a");
  CHECK(store.found("Observation", "code=|1") == "c");
  CHECK(store.found("Observation", "code=urn:l|") == "a c");
  CHECK(store.found("Observation", "code=urn:l|1,urn:l|2") == "a c");
  CHECK(store.found("Observation", "code:not=urn:l|1") == "b c");
  CHECK(store.found("Observation", "code:text=gluc") == "a");
  CHECK(store.found("Observation", "status=final&code=urn:m|1") == "b");
  CHECK(store.found("Observation", "status=|final") == "a b");
  CHECK(store.found("Observation", "combo-code=2") == "c");
  CHECK(store.found("Observation", "category:missing=true&code=1") == "a b c");
  CHECK(store.found("Observation", "code=3") == "");
}

TEST_CASE("search: identifiers and contact points, also all of one system") {
  SearchStore store;
  store.put(
      "Patient", "a",
      R"("identifier":[{"system":"urn:cccd","value":"001"}],"telecom":[{"system":"email","value":"a@x.vn"}])");
  store.put(
      "Patient", "b",
      R"("identifier":[{"system":"urn:mrn","value":"001"}],"telecom":[{"system":"phone","value":"0901"}])");
  CHECK(store.found("Patient", "identifier=urn:cccd|001") == "a");
  CHECK(store.found("Patient", "identifier=001") == "a b");
  CHECK(store.found("Patient", "identifier=urn:mrn|") == "b");
  CHECK(store.found("Patient", "email=a@x.vn") == "a");
  CHECK(store.found("Patient", "phone=a@x.vn") == "");
  CHECK(store.found("Patient", "telecom=a@x.vn") == "a");
  CHECK(store.found("Patient", "phone=0901&identifier=001") == "b");
}

TEST_CASE("search: strings fold marks and case, and know their beginnings, wholes and parts") {
  SearchStore store;
  store.put("Patient", "a", R"("name":[{"family":"Nguyễn","given":["Văn","Đức"],"text":"Nguyễn Văn Đức"}])");
  store.put("Patient", "b", R"("name":[{"family":"NGUYEN","given":["An"]}])");
  store.put("Patient", "c", R"("name":[{"family":")" + std::string(200, 'x') + R"(y"}])");
  CHECK(store.found("Patient", "family=nguyen") == "a b");
  CHECK(store.found("Patient", "family=ngu") == "a b");
  CHECK(store.found("Patient", "family:exact=Nguyễn") == "a");
  CHECK(store.found("Patient", "family:exact=Nguy") == "");
  CHECK(store.found("Patient", "name=van duc") == "");
  CHECK(store.found("Patient", "name:contains=van duc") == "a");
  CHECK(store.found("Patient", "given=duc,an") == "a b");
  CHECK(store.found("Patient", "phonetic=ng") == "a b");
  const std::string ends = std::string(200, 'x');
  CHECK(store.found("Patient", "family=" + ends + "y") == "c");
  CHECK(store.found("Patient", "family=" + ends + "z") == "");
  CHECK(store.found("Patient", "family:contains=xxy") == "c");
  CHECK(store.found("Patient", "family:exact=" + ends + "y") == "c");
}

TEST_CASE("search: dates with all prefixes on days, moments, and periods open at an end") {
  SearchStore store;
  store.put("Encounter", "day", R"("status":"finished","period":{"start":"2026-03-02","end":"2026-03-02"})");
  store.put("Encounter", "long", R"("status":"finished","period":{"start":"2026-01-01","end":"2026-06-30"})");
  store.put("Encounter", "open", R"("status":"in-progress","period":{"start":"2026-03-05T08:00:00+07:00"})");
  store.put("Encounter", "late", R"("status":"finished","period":{"end":"2025-12-31"})");
  CHECK(store.found("Encounter", "date=2026-03-02") == "day");
  CHECK(store.found("Encounter", "date=2026") == "day long");
  CHECK(store.found("Encounter", "date=ne2026") == "late open");
  CHECK(store.found("Encounter", "date=gt2026-03-02") == "long open");
  CHECK(store.found("Encounter", "date=ge2026-03-02") == "day long open");
  CHECK(store.found("Encounter", "date=lt2026-03-02") == "late long");
  CHECK(store.found("Encounter", "date=le2026-03-02") == "day late long");
  CHECK(store.found("Encounter", "date=sa2026-03-02") == "open");
  CHECK(store.found("Encounter", "date=eb2026-03-02") == "late");
  CHECK(store.found("Encounter", "date=ge2026-01-01&date=le2026-12-31") == "day long open");
  CHECK(store.found("Encounter", "date=eb2026,sa2026-03-02") == "late open");
}

TEST_CASE("search: numbers by their precision, quantities by their units") {
  SearchStore store;
  store.put(
      "RiskAssessment", "r",
      R"("status":"final","subject":{"reference":"Patient/p"},"prediction":[{"probabilityDecimal":0.75}])");
  CHECK(store.found("RiskAssessment", "probability=0.75") == "r");
  CHECK(store.found("RiskAssessment", "probability=0.8") == "r");
  CHECK(store.found("RiskAssessment", "probability=gt0.75") == "");
  CHECK(store.found("RiskAssessment", "probability=ge0.75") == "r");
  const std::string ucum = R"("system":"http://unitsofmeasure.org")";
  store.put("Observation", "g",
            R"("status":"final","valueQuantity":{"value":5.4,"unit":"g","code":"g",)" + ucum + "}");
  store.put("Observation", "mg",
            R"("status":"final","valueQuantity":{"value":5400,"unit":"mg","code":"mg",)" + ucum + "}");
  store.put("Observation", "neg", R"("status":"final","valueQuantity":{"value":-3,"unit":"u"})");
  CHECK(store.found("Observation", "value-quantity=5.4|http://unitsofmeasure.org|g") == "g mg");
  CHECK(store.found("Observation", "value-quantity=5.4") == "g");
  CHECK(store.found("Observation", "value-quantity=lt0") == "neg");
  CHECK(store.found("Observation", "value-quantity=gt5") == "g mg");
  CHECK(store.found("Observation", "value-quantity=-3||u") == "neg");
  CHECK(store.found("Observation", "combo-value-quantity=gt5||mg") == "mg");
}

TEST_CASE("search: references in all their forms, and by the identifier they state") {
  SearchStore store;
  store.put("Patient", "p", R"("active":true)");
  store.put("Group", "p", R"("type":"person","actual":true)");
  store.put(
      "Observation", "a",
      R"("status":"final","subject":{"reference":"Patient/p"},"encounter":{"reference":"Encounter/e/_history/2"})");
  store.put("Observation", "b", R"("status":"final","subject":{"reference":"Group/p"})");
  store.put("Observation", "c",
            R"("status":"final","subject":{"reference":"https://o.example/fhir/Patient/p"})");
  store.put("Observation", "d",
            R"("status":"final","subject":{"identifier":{"system":"urn:cccd","value":"001"}})");
  CHECK(store.found("Observation", "subject=Patient/p") == "a");
  CHECK(store.found("Observation", "subject=p") == "a b");
  CHECK(store.found("Observation", "subject:Group=p") == "b");
  CHECK(store.found("Observation", "patient=p") == "a");
  CHECK(store.found("Observation", "subject=https://o.example/fhir/Patient/p") == "c");
  CHECK(store.found("Observation", "subject:identifier=urn:cccd|001") == "d");
  CHECK(store.found("Observation", "subject:identifier=urn:mrn|001") == "");
  CHECK(store.found("Observation", "encounter=e") == "a");
  CHECK(store.found("Observation", "encounter=Encounter/e/_history/2") == "a");
  CHECK(store.found("Observation", "encounter=Encounter/e/_history/3") == "");
  CHECK(store.found("Observation", "subject:missing=false&encounter:missing=true") == "b c d");
}

TEST_CASE("search: URIs, profiles, tags, and what a composite's parts say together") {
  SearchStore store;
  store.put("ValueSet", "v", R"("status":"active","url":"https://x.vn/fhir/ValueSet/a")");
  CHECK(store.found("ValueSet", "url=https://x.vn/fhir/ValueSet/a") == "v");
  CHECK(store.found("ValueSet", "url:below=https://x.vn/fhir") == "v");
  CHECK(store.found("ValueSet", "url:below=https://x.vn/fh") == "");
  CHECK(store.found("ValueSet", "url:above=https://x.vn/fhir/ValueSet/a/b") == "v");
  store.put(
      "Observation", "o",
      R"("meta":{"profile":["https://x.vn/p"],"tag":[{"system":"urn:t","code":"z"}],"security":[{"code":"R"}]},
            "status":"final","component":[{"code":{"coding":[{"code":"sys"}]},"valueQuantity":{"value":120}},
            {"code":{"coding":[{"code":"dia"}]},"valueQuantity":{"value":80}}])");
  CHECK(store.found("Observation", "_profile=https://x.vn/p&_tag=urn:t|z&_security=R") == "o");
  CHECK(store.found("Observation", "_tag=y") == "");
  CHECK(store.found("Observation", "component-code-value-quantity=sys$gt100") == "o");
  CHECK(store.found("Observation", "component-code-value-quantity=dia$gt100") == "");
  CHECK(store.found("Observation", "combo-code-value-quantity=dia$lt100") == "o");
}

TEST_CASE("search: by the message that made the version") {
  SearchStore store;
  store.apply(Message(at("08:00")).say("Patient", "P", R"("active":true)"));
  const std::string first = to_string(store.read("Patient", "P").source.value);
  CHECK(store.found("Patient", "_source=urn:uuid:" + first) == id_of("P"));
  store.apply(Message(at("09:00")).say("Patient", "P", R"("active":false)"));
  CHECK(store.found("Patient", "_source=urn:uuid:" + first) == "");
  CHECK(store.found("Patient", "_source=" + to_string(store.read("Patient", "P").source.value)) ==
        id_of("P"));
}

TEST_CASE("search: a merged patient's resources are the survivor's too, until the merge is undone") {
  SearchStore store;
  for (const std::string name : {"OLD", "NEW"}) {
    store.put("Patient", id_of(name), R"("active":true)");
    store.put("Observation", name == "OLD" ? "o" : "n",
              R"("status":"final","subject":{"reference":"Patient/)" + id_of(name) + "\"}");
  }
  const auto merged = [&](auto change) {
    REQUIRE(store.store->submit_and_wait([&](store::Transaction& t) { return change(t); }));
  };
  merged([](auto& t) -> Result<void> {
    const auto done =
        identity::merge(t, {uuid_from_key("OLD"), uuid_from_key("NEW"), at("10:00")}, at("12:00"));
    return done ? Result<void>() : forward(done);
  });
  CHECK(store.found("Observation", "patient=" + id_of("NEW")) == "n o");
  CHECK(store.found("Observation", "subject=Patient/" + id_of("NEW")) == "n o");
  CHECK(store.found("Observation", "patient=" + id_of("OLD")) == "o");
  merged([](auto& t) -> Result<void> {
    const auto done = identity::undo_merge(t, uuid_from_key("OLD"), uuid_from_key("NEW"), at("13:00"));
    return done ? Result<void>() : forward(done);
  });
  CHECK(store.found("Observation", "patient=" + id_of("NEW")) == "n");
}

TEST_CASE("search: totals, counts and lenience") {
  SearchStore store;
  for (int i = 0; i < 30; ++i)
    store.put("Observation", "o" + std::to_string(i),
              i % 3 == 0 ? R"("status":"final")" : R"("status":"amended")");
  CHECK(store.search("Observation", "status=final&_total=accurate&_count=3")->total == 10u);
  CHECK(store.search("Observation", "status=final&_summary=count")->total == 10u);
  CHECK(store.search("Observation", "status=final,amended&_count=0")->total == 30u);
  CHECK_FALSE(store.search("Observation", "status=final&_count=3")->total);
  CHECK(store.search("Observation", "status=final")->total == 10u);
  CHECK(store.search("Observation", "status:not=final&_summary=count")->total == 20u);
  CHECK(store.search("Observation", "_summary=count")->total == 30u);
  const auto page = store.search("Observation", "status=final&colour=red", {}, true);
  REQUIRE(page);
  CHECK(page->resources.size() == 10);
  CHECK(page->ignored == std::vector<std::string>{"colour"});
  CHECK(page->used.size() == 1);
  CHECK(store.search("Observation", "status=final&colour=red").error().number == kUnknownParameter);
}

TEST_CASE("search: conditions of writes and conditional references by any parameter") {
  SearchStore store;
  store.put(
      "Practitioner", "bs",
      R"("name":[{"family":"Trần","given":["Bích"]}],"identifier":[{"system":"urn:cchn","value":"001"}])");
  store.put("Organization", "bv", R"("name":"Bệnh viện Mẫu","active":true)");
  RestRequest transaction;
  transaction.interaction = Interaction::Bundle;
  transaction.body = R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f","resource":{"resourceType":"Patient","birthDate":"1985-04-12",
      "generalPractitioner":[{"reference":"Practitioner?family=tran&given=bich"}],
      "managingOrganization":{"reference":"Organization?name=benh vien mau"}},
     "request":{"method":"POST","url":"Patient","ifNoneExist":"birthdate=1985-04-12"}},
    {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"1"}]},
      "subject":{"reference":"urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f"},
      "performer":[{"reference":"Practitioner?identifier=urn:cchn|001"}]},
     "request":{"method":"PUT","url":"Observation?code=1&performer:Practitioner.identifier=x"}}]})";
  CHECK_FALSE(store.write(transaction));  // chains are refused, and nothing is written
  CHECK(store.found("Patient", "") == "");
  std::string body(transaction.body);
  const std::string_view chain = "&performer:Practitioner.identifier=x";
  body.erase(body.find(chain), chain.size());
  transaction.body = body;
  for (int round = 0; round < 2; ++round) {
    const auto done = store.write(transaction);
    INFO((done ? std::string() : to_string(done.error())));
    REQUIRE(done);
    CHECK(done->results[0].status == (round == 0 ? 201 : 200));
    CHECK(store.search("Patient", "general-practitioner=bs&organization=bv")->total == 1u);
    CHECK(store.search("Observation", "performer=Practitioner/bs")->total == 1u);
  }
  RestRequest gone;
  gone.interaction = Interaction::ConditionalDelete;
  gone.type = "Observation";
  gone.query = "code=1&status=final";
  REQUIRE(store.write(gone));
  CHECK(store.found("Observation", "code=1") == "");
}
