#include <catch2/catch.hpp>

#include "repository_store.h"

using namespace testing;
using Catch::Contains;

namespace {

RestRequest put(std::string_view id, std::string_view body) {
  RestRequest request;
  request.interaction = Interaction::Update;
  request.type = "Patient";
  request.id = id;
  request.body = body;
  return request;
}

RestRequest bundle(std::string_view body) {
  RestRequest request;
  request.interaction = Interaction::Bundle;
  request.body = body;
  return request;
}

constexpr std::string_view kAn = R"({"resourceType":"Patient","id":"an","name":[{"text":"An"}]})";
constexpr std::string_view kBinh =
    R"({ "resourceType" : "Patient", "id" : "an", "name" : [ { "text" : "Bình" } ] })";

std::uint16_t number_of(const Result<RestOutcome>& result) {
  return result ? std::uint16_t{0} : result.error().number;
}

}  // namespace

TEST_CASE("rest: create mints an id, update makes versions, the same content makes none") {
  RepositoryStore fixture;
  RestRequest create;
  create.type = "Observation";
  create.body = R"({"resourceType":"Observation","status":"final","valueQuantity":{"value":1.500}})";
  const auto created = fixture.write(create);
  REQUIRE(created);
  CHECK(created->results[0].status == 201);
  CHECK(created->results[0].resource.id.size() == 36);
  CHECK_THAT(created->results[0].resource.json, Contains("1.500"));
  CHECK(fixture.write(put("an", kAn))->results[0].status == 201);
  CHECK(fixture.write(put("an", kAn))->results[0].resource.version == 1);
  const auto updated = fixture.write(put("an", kBinh));
  CHECK(updated->results[0].status == 200);
  CHECK(updated->results[0].resource.version == 2);
  CHECK(updated->changes.size() == 1);
  CHECK_THAT(fixture.repository->read_version(*fixture.reader, "Patient", "an", "1")->json,
             Contains("\"An\""));
  CHECK_THAT(fixture.repository->read(*fixture.reader, "Patient", "an")->json, Contains("Bình"));
}

TEST_CASE("rest: If-Match guards against another's change") {
  RepositoryStore fixture;
  REQUIRE(fixture.write(put("an", kAn)));
  auto request = put("an", kBinh);
  request.if_match = "W/\"2\"";
  const auto refused = fixture.write(request);
  CHECK(number_of(refused) == kVersionMismatch);
  CHECK(http_status(refused.error()) == 412);
  request.if_match = "W/\"1\"";
  CHECK(fixture.write(request));
  request.if_match = "nonsense";
  CHECK(number_of(fixture.write(request)) == kBadPrecondition);
}

TEST_CASE("rest: a deleted resource is gone, its versions stay, and it can come back") {
  RepositoryStore fixture;
  REQUIRE(fixture.write(put("an", kAn)));
  RestRequest remove;
  remove.interaction = Interaction::Delete;
  remove.type = "Patient";
  remove.id = "an";
  CHECK(fixture.write(remove)->results[0].status == 204);
  const auto gone = fixture.repository->read(*fixture.reader, "Patient", "an");
  REQUIRE(!gone);
  CHECK(http_status(gone.error()) == 410);
  CHECK(fixture.repository->read_version(*fixture.reader, "Patient", "an", "1"));
  CHECK(!fixture.repository->read_version(*fixture.reader, "Patient", "an", "2"));
  CHECK(*fixture.repository->count(*fixture.reader, "Patient") == 0);
  const auto back = fixture.write(put("an", kAn));
  CHECK(back->results[0].status == 201);
  CHECK(back->results[0].resource.version == 3);
  CHECK(fixture.write(remove)->results[0].status == 204);
  CHECK(fixture.write(remove)->changes.empty());
}

TEST_CASE("rest: what is no resource, or another's, is refused") {
  RepositoryStore fixture;
  CHECK(number_of(fixture.write(put("an", "{"))) == kNotAResource);
  CHECK(number_of(fixture.write(put("an", "[]"))) == kNotAResource);
  CHECK(number_of(fixture.write(put("an", R"({"resourceType":"Observation","id":"an"})"))) == kNotAResource);
  const auto twice = fixture.write(put("an", R"({"resourceType":"Patient","id":"an",
"name":[{"family":"An","family":"Binh"}]})"));
  CHECK(number_of(twice) == kNotAResource);
  CHECK(twice.error().text.find("line 2, column 24") != std::string::npos);
  CHECK(number_of(fixture.write(put("other", kAn))) == kIdMismatch);
  CHECK(number_of(fixture.write(put("a b", kAn))) == kBadId);
  auto nonsense = put("an", kAn);
  nonsense.type = "Nonsense";
  CHECK(number_of(fixture.write(nonsense)) == kUnknownType);
}

TEST_CASE("rest: feed-owned resources refuse REST writes") {
  RepositoryStore fixture;
  fixture.apply(Message(at("08:00")).say("Patient", "P1", R"("gender":"male")"));
  const std::string id = id_of("P1");
  const std::string body = R"({"resourceType":"Patient","id":")" + id + R"(","gender":"female"})";
  const auto refused = fixture.write(put(id, body));
  CHECK(number_of(refused) == kFeedOwned);
  CHECK(http_status(refused.error()) == 409);
  RestRequest remove;
  remove.interaction = Interaction::Delete;
  remove.type = "Patient";
  remove.id = id;
  CHECK(number_of(fixture.write(remove)) == kFeedOwned);
}

TEST_CASE("rest: a delivery must be of the owner and above the stored sequence, unless it says the same") {
  RepositoryStore fixture;
  const auto deliver = [&](std::uint32_t facility, std::int64_t sequence, std::string_view body) {
    auto request = put("an", body);
    request.feed = FeedDelivery{{facility}, sequence};
    return fixture.write(request);
  };
  CHECK(deliver(1, 10, kAn)->results[0].status == 201);
  CHECK(number_of(deliver(2, 99, kBinh)) == kOtherOwner);
  CHECK(number_of(deliver(1, 10, kBinh)) == kOldSequence);
  CHECK(number_of(deliver(1, 9, kBinh)) == kOldSequence);
  CHECK(deliver(1, 9, kAn)->results[0].resource.version == 1);
  CHECK(deliver(1, 20, kAn)->results[0].resource.version == 1);
  CHECK(number_of(deliver(1, 15, kBinh)) == kOldSequence);
  CHECK(deliver(1, 21, kBinh)->results[0].resource.version == 2);
  CHECK(number_of(fixture.write(put("an", kAn))) == kFeedOwned);
  auto without = put("an", kAn);
  without.feed = FeedDelivery{{1}, std::nullopt};
  CHECK(number_of(fixture.write(without)) == kNoSequence);
}

TEST_CASE("rest: what is tagged HTEST is known as test data, also when it is deleted") {
  RepositoryStore fixture;
  const std::string tagged =
      R"({"resourceType":"Patient","id":"t","meta":{"tag":[{"system":"urn:x","code":"y"},)"
      R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]}})";
  CHECK(fixture.write(put("t", tagged))->changes.front().test);
  CHECK(fixture.repository->read(*fixture.reader, "Patient", "t")->test);
  const auto made = fixture.repository->versions_made();
  RestRequest remove;
  remove.interaction = Interaction::Delete;
  remove.type = "Patient";
  remove.id = "t";
  CHECK(fixture.write(remove)->changes.front().test);
  CHECK(fixture.repository->versions_made() == made + 1);
  CHECK_FALSE(fixture.write(put("an", kAn))->changes.front().test);
  const std::string other = R"({"resourceType":"Patient","id":"t","meta":{"tag":[{"code":"HTEST"}]}})";
  CHECK_FALSE(fixture.write(put("t", other))->changes.front().test);
}

TEST_CASE("rest: a gateway restored from an older backup gives change numbers above all it gave before") {
  RepositoryStore province, hospital;
  const auto deliver = [&](std::int64_t sequence, std::string_view body) {
    auto request = put("an", body);
    request.feed = FeedDelivery{{1}, sequence};
    return province.write(request);
  };
  const auto change = [&](std::string_view body) {
    const auto written = hospital.write(put("an", body));
    REQUIRE(written);
    return written->changes.front().change;
  };
  const auto restart = [&] {
    hospital.close();
    hospital.open();
  };
  REQUIRE(deliver(change(kAn), kAn));
  hospital.close();
  std::filesystem::copy_file(hospital.folder + "/store.db", hospital.folder + "/backup.db");
  hospital.open();
  for (const auto body : {kBinh, kAn, kBinh, kAn}) REQUIRE(deliver(change(body), body));
  hospital.close();
  std::filesystem::rename(hospital.folder + "/backup.db", hospital.folder + "/store.db");
  std::filesystem::remove(hospital.folder + "/store.db-wal");
  std::filesystem::remove(hospital.folder + "/store.db-shm");
  hospital.open();
  const auto first = change(kBinh);
  CHECK(deliver(first, kBinh));
  // A clock that went back takes nothing back.
  restart();
  hospital.now -= std::chrono::hours(24);
  CHECK(change(kAn) > first);
}

TEST_CASE("rest: a transaction replaces urn:uuid references and keeps its answers in the entries' order") {
  RepositoryStore fixture;
  const auto outcome = fixture.write(bundle(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"request":{"method":"GET","url":"Patient?identifier=urn:x|7"}},
    {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000002","request":{"method":"POST","url":"Observation"},
     "resource":{"resourceType":"Observation","status":"final","subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}}},
    {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","request":{"method":"POST","url":"Patient"},
     "resource":{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"7"}]}}]})"));
  REQUIRE(outcome);
  REQUIRE(outcome->results.size() == 3);
  CHECK_THAT(outcome->results[0].outcome_bundle, Contains("\"searchset\"") && Contains("\"value\":\"7\""));
  const std::string patient = outcome->results[2].resource.id;
  const auto observation =
      fixture.repository->read(*fixture.reader, "Observation", outcome->results[1].resource.id);
  CHECK_THAT(observation->json, Contains("\"Patient/" + patient + "\""));
  CHECK(observation->lane == outcome->results[2].resource.row);
}

TEST_CASE("rest: a transaction is all or nothing") {
  RepositoryStore fixture;
  REQUIRE(fixture.write(put("an", kAn)));
  const auto refused = fixture.write(bundle(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"request":{"method":"PUT","url":"Patient/new"},"resource":{"resourceType":"Patient","id":"new"}},
    {"request":{"method":"PUT","url":"Patient/an","ifMatch":"W/\"9\""},"resource":{"resourceType":"Patient","id":"an"}}]})"));
  CHECK(number_of(refused) == kVersionMismatch);
  CHECK(!fixture.exists("Patient", "new"));
  CHECK(*fixture.repository->count(*fixture.reader, "Patient") == 1);
  const auto unknown = fixture.write(bundle(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation",
     "subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000009"}}}]})"));
  CHECK(number_of(unknown) == kBadReference);
  const auto twice = fixture.write(bundle(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"request":{"method":"PUT","url":"Patient/b"},"resource":{"resourceType":"Patient","id":"b"}},
    {"request":{"method":"DELETE","url":"Patient/b"}}]})"));
  CHECK(number_of(twice) == kSameResourceTwice);
}

TEST_CASE("rest: ifNoneExist finds what is there, and references follow") {
  RepositoryStore fixture;
  constexpr std::string_view kBundle = R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","request":{"method":"POST","url":"Organization","ifNoneExist":"identifier=urn:o|1"},
     "resource":{"resourceType":"Organization","identifier":[{"system":"urn:o","value":"1"}]}},
    {"request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient",
     "managingOrganization":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}}}]})";
  const auto first = fixture.write(bundle(kBundle));
  const auto second = fixture.write(bundle(kBundle));
  REQUIRE(second);
  CHECK(first->results[0].status == 201);
  CHECK(second->results[0].status == 200);
  CHECK(second->results[0].resource.id == first->results[0].resource.id);
  CHECK_THAT(fixture.repository->read(*fixture.reader, "Patient", second->results[1].resource.id)->json,
             Contains("Organization/" + first->results[0].resource.id));
  CHECK(*fixture.repository->count(*fixture.reader, "Organization") == 1);
}

TEST_CASE("rest: conditional update and delete act on the one match and refuse several") {
  RepositoryStore fixture;
  RestRequest request;
  request.interaction = Interaction::ConditionalUpdate;
  request.type = "Patient";
  request.query = "identifier=urn%3Ax%7C7";
  request.body = R"({"resourceType":"Patient","identifier":[{"system":"urn:x","value":"7"}]})";
  const auto created = fixture.write(request);
  CHECK(created->results[0].status == 201);
  request.body =
      R"({"resourceType":"Patient","identifier":[{"system":"urn:x","value":"7"}],"gender":"male"})";
  const auto updated = fixture.write(request);
  CHECK(updated->results[0].resource.id == created->results[0].resource.id);
  CHECK(updated->results[0].resource.version == 2);
  REQUIRE(fixture.write(put(
      "twin", R"({"resourceType":"Patient","id":"twin","identifier":[{"system":"urn:x","value":"7"}]})")));
  CHECK(number_of(fixture.write(request)) == kSeveralMatches);
  RestRequest remove;
  remove.interaction = Interaction::ConditionalDelete;
  remove.type = "Patient";
  remove.query = "_id=twin";
  CHECK(fixture.write(remove)->results[0].status == 204);
  CHECK(!fixture.exists("Patient", "twin"));
}

TEST_CASE("rest: in a batch each entry stands alone") {
  RepositoryStore fixture;
  const auto outcome = fixture.write(bundle(R"({"resourceType":"Bundle","type":"batch","entry":[
    {"request":{"method":"PUT","url":"Patient/a"},"resource":{"resourceType":"Patient","id":"a"}},
    {"request":{"method":"PUT","url":"Patient/b"},"resource":{"resourceType":"Patient","id":"c"}},
    {"request":{"method":"GET","url":"Patient/none"}},
    {"request":{"method":"PATCH","url":"Patient/a"}},
    {"request":{"method":"GET","url":"Patient/a"}}]})"));
  REQUIRE(outcome);
  CHECK(outcome->is_batch);
  CHECK(outcome->results[0].status == 201);
  CHECK(outcome->results[1].status == 400);
  CHECK(outcome->results[2].status == 404);
  CHECK(outcome->results[3].status == 422);
  CHECK_THAT(outcome->results[4].resource.json, Contains("\"id\":\"a\""));
}
