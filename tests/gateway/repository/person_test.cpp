// One person from several feeds of one facility: links, decoys, and whose identifiers stay (semantics 2, 9).
#include "searching.h"

using namespace testing;
using Catch::Contains;

namespace {

constexpr std::string_view kCitizen =
    R"({"type":{"coding":[{"code":"NI"}]},"system":"urn:cccd","value":"001085012345"})";

std::string patient(std::string_view system, std::string_view number, std::string_view name,
                    std::string_view birth, bool with_citizen_id = true) {
  return R"("identifier":[{"system":")" + std::string(system) + R"(","value":")" + std::string(number) +
         "\"}" + (with_citizen_id ? "," + std::string(kCitizen) : "") + R"(],"name":[{"text":")" +
         std::string(name) + R"("}],"gender":"male","birthDate":")" + std::string(birth) + "\"";
}

// The same man as three systems of one hospital know him, each by its own number; and another with his card.
struct Hospital : SearchStore {
  Hospital() {
    apply(Message(at("08:00"), 1)
              .say("Patient", "HIS", patient("urn:his", "H1", "Nguyễn Văn An", "1985-04-12")));
    apply(Message(at("08:10"), 2)
              .say("Patient", "XML", patient("urn:xml", "X7", "NGUYEN VAN AN", "1985-04-12")));
    apply(Message(at("08:20"), 3)
              .say("Patient", "LIS", patient("urn:lis", "L3", "Nguyễn Văn An", "1985-04-12")));
    apply(Message(at("08:30"), 3)
              .say("Patient", "DECOY", patient("urn:lis", "L9", "Trần Văn Bình", "1961-01-01")));
  }
  bool linked(std::string_view one, std::string_view other) {
    const std::string json = read("Patient", one).json;
    const auto links = json.find("\"link\":");
    return links != std::string::npos && json.find(id_of(other), links) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("person: three numbers of one hospital are three patients, linked when read, in whatever order") {
  Hospital hospital;
  for (const char* one : {"HIS", "XML", "LIS"}) {
    for (const char* other : {"HIS", "XML", "LIS"}) {
      INFO(one << " " << other);
      CHECK(hospital.linked(one, other) == (std::string_view(one) != other));
    }
    CHECK_FALSE(hospital.linked(one, "DECOY"));
    CHECK_FALSE(hospital.linked("DECOY", one));
  }
}

TEST_CASE("person: a search by the citizen id finds all who state it, one by its own number finds one") {
  Hospital hospital;
  CHECK(hospital.search("Patient", "identifier=urn:cccd|001085012345")->total == 4u);
  CHECK(hospital.search("Patient", "identifier=urn:cccd|001085012345&birthdate=1985-04-12")->total == 3u);
  CHECK(hospital.search("Patient", "identifier=urn:cccd|001085012345&name=tran")->total == 1u);
  CHECK(hospital.found("Patient", "identifier=urn:xml|X7") == id_of("XML"));
}

TEST_CASE("person: results of each feed stay with the patient of that feed") {
  Hospital hospital;
  hospital.apply(Message(at("09:00"), 3)
                     .mention("Patient", "LIS", R"("active":true)")
                     .say("Observation", "O", R"("status":"final","subject":{"reference":"Patient/@LIS@"})"));
  CHECK(hospital.found("Observation", "patient=" + id_of("LIS")) == id_of("O"));
  CHECK(hospital.found("Observation", "patient=" + id_of("HIS")) == "");
  CHECK(hospital.found("Observation", "patient=" + id_of("DECOY")) == "");
}

TEST_CASE("person: a later list replaces its own source's identifiers, not another's") {
  SearchStore store;
  store.apply(Message(at("08:00"), 1).say("Patient", "P", patient("urn:mrn", "1", "An", "1985-04-12")));
  store.apply(
      Message(at("08:10"), 2).say("Patient", "P", patient("urn:lab", "77", "An", "1985-04-12", false)));
  CHECK(store.found("Patient", "identifier=urn:cccd|001085012345") == id_of("P"));
  store.apply(
      Message(at("09:00"), 2).say("Patient", "P", patient("urn:lab", "78", "An", "1985-04-12", false)));
  CHECK(store.found("Patient", "identifier=urn:cccd|001085012345") == id_of("P"));
  CHECK(store.found("Patient", "identifier=urn:mrn|1") == id_of("P"));
  CHECK(store.found("Patient", "identifier=urn:lab|77") == "");
  CHECK(store.found("Patient", "identifier=urn:lab|78") == id_of("P"));
  store.apply(
      Message(at("10:00"), 1).say("Patient", "P", patient("urn:mrn", "1", "An", "1985-04-12", false)));
  CHECK(store.found("Patient", "identifier=urn:cccd|001085012345") == "");
  CHECK(store.found("Patient", "identifier=urn:lab|78") == id_of("P"));
}

TEST_CASE("person: who states the citizen id no more is linked no more") {
  Hospital hospital;
  hospital.apply(Message(at("09:00"), 2)
                     .say("Patient", "XML", patient("urn:xml", "X7", "Nguyễn Văn An", "1985-04-12", false)));
  CHECK_FALSE(hospital.linked("HIS", "XML"));
  CHECK(hospital.linked("HIS", "LIS"));
  CHECK(hospital.search("Patient", "identifier=urn:cccd|001085012345")->total == 3u);
}
