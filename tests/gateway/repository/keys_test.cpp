// The tables of search keys hold what the resources say and nothing else.
#include <map>
#include <random>

#include "fhir-model/document/document.h"
#include "fhir-model/document/json_reader.h"
#include "fhir-model/search/key_extractor.h"
#include "fhir-model/search/search_match.h"
#include "gateway/base/bytes.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/posting_reader.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/sqlite/stored_id.h"
#include "searching.h"

using namespace testing;
using namespace lienthong::repository::sqlite;

namespace {

const store::Sql kPostings("SELECT count(*) FROM post");
const store::Sql kUniques("SELECT count(*) FROM uniq");
const store::Sql kStrings("SELECT count(*) FROM str");

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t end) { return engine_() % end; }
  template <class List>
  auto one_of(const List& list) {
    return *(std::begin(list) + below(std::size(list)));
  }

 private:
  std::mt19937 engine_;
};

constexpr std::string_view kCodes[] = {"1", "2", "é", "dài quá"};
constexpr std::string_view kSystems[] = {"", "urn:a", "urn:b"};
constexpr std::string_view kDates[] = {
    "2024",       "2025-02", "2025-02-28", "2025-03-01T08:00:00+07:00", "2025-03-01T01:00:00.5Z",
    "1961-01-01", "2100-12"};
constexpr std::string_view kNumbers[] = {"0", "1", "1.0", "-4.25", "99.5", "100", "1e3", "0.004"};
constexpr std::string_view kUnits[] = {"", "mg", "g", "lạ"};
constexpr std::string_view kTargets[] = {"Patient/p1", "Patient/p2", "Group/p1",
                                         "https://o.example/Patient/p1",
                                         "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f"};
constexpr std::string_view kNames[] = {"Nguyễn", "nguyen an", "Trần Thị Bưởi", "Ô", "an"};

std::string text(std::string_view value) {
  return '"' + std::string(value) + '"';
}

std::string concept_of(Random& random) {
  std::string json = R"({"coding":[{"code":)" + text(random.one_of(kCodes));
  if (const auto system = random.one_of(kSystems); !system.empty()) json += ",\"system\":" + text(system);
  return json + "}]}";
}

std::string quantity_of(Random& random) {
  std::string json = "{\"value\":" + std::string(random.one_of(kNumbers));
  if (const auto unit = random.one_of(kUnits); !unit.empty())
    json += ",\"system\":\"http://unitsofmeasure.org\",\"code\":" + text(unit);
  return json + "}";
}

std::string period_of(Random& random) {
  const std::string start = "\"start\":" + text(random.one_of(kDates)),
                    end = "\"end\":" + text(random.one_of(kDates));
  const std::string periods[] = {start, end, start + "," + end};
  return "{" + random.one_of(periods) + "}";
}

std::string observation(Random& random) {
  std::string json = R"("status":"final","code":)" + concept_of(random);
  if (random.below(4) != 0) json += R"(,"subject":{"reference":)" + text(random.one_of(kTargets)) + "}";
  const std::string values[] = {"\"valueQuantity\":" + quantity_of(random),
                                "\"valueCodeableConcept\":" + concept_of(random),
                                "\"valueString\":" + text(random.one_of(kNames))};
  if (random.below(4) != 0) json += "," + random.one_of(values);
  const std::string moments[] = {"\"effectiveDateTime\":" + text(random.one_of(kDates)),
                                 "\"effectivePeriod\":" + period_of(random)};
  if (random.below(4) != 0) json += "," + random.one_of(moments);
  if (random.below(2) == 0)
    json +=
        R"(,"component":[{"code":)" + concept_of(random) + ",\"valueQuantity\":" + quantity_of(random) + "}]";
  return json;
}

std::string patient(Random& random) {
  std::string json =
      R"("name":[{"family":)" + text(random.one_of(kNames)) + "}],\"birthDate\":\"1961-01-01\"";
  if (random.below(2) == 0)
    json += R"(,"identifier":[{"value":)" + text(random.one_of(kCodes)) + ",\"system\":\"urn:a\"}]";
  if (random.below(2) == 0)
    json += R"(,"telecom":[{"system":"email","value":)" + text(random.one_of(kCodes)) + "}]";
  if (random.below(3) == 0) json += R"(,"generalPractitioner":[{"identifier":{"value":"2"}}])";
  return json;
}

std::string encoded(std::string_view value) {
  std::string out;
  for (const char c : value) out += c == '+' ? "%2B" : std::string(1, c);
  return out;
}

constexpr std::string_view kPrefixes[] = {"", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};

std::size_t first_character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
  return size;
}

std::string random_value(Random& random, fhir::SearchType type) {
  const std::string prefix(random.one_of(kPrefixes));
  switch (type) {
    case fhir::SearchType::Date:
      return prefix + encoded(random.one_of(kDates));
    case fhir::SearchType::Number:
      return prefix + std::string(random.one_of(kNumbers));
    case fhir::SearchType::Quantity: {
      const std::string_view unit = random.one_of(kUnits);
      const std::string system = random.below(2) == 0 ? "http://unitsofmeasure.org" : "";
      return prefix + std::string(random.one_of(kNumbers)) +
             (unit.empty() ? "" : "|" + system + "|" + std::string(unit));
    }
    case fhir::SearchType::Token: {
      const std::string_view forms[] = {"", "|", "urn:a|", "urn:b|"};
      if (random.below(8) == 0) return "urn:a|";
      return std::string(random.one_of(forms)) + std::string(random.one_of(kCodes));
    }
    case fhir::SearchType::Reference: {
      const std::string_view more[] = {"p1", "p2", "Patient/p2/_history/1"};
      return std::string(random.below(2) == 0 ? random.one_of(kTargets) : random.one_of(more));
    }
    default: {
      const std::string_view name = random.one_of(kNames);
      return std::string(random.below(2) == 0 ? name : name.substr(0, first_character(name)));
    }
  }
}

// One name=value, of any parameter that the type has keys for.
std::string random_term(Random& random, std::string_view type) {
  static const KeyScheme scheme;
  const auto& uses = scheme.of(type_number(type)).uses;
  for (;;) {
    const auto& info = *uses[random.below(uses.size())].info;
    const bool plain =
        !info.expression.empty() && info.code[0] != '_' && info.type != fhir::SearchType::Special;
    if (!plain) continue;
    std::string name(info.code), value;
    if (info.type == fhir::SearchType::Composite) {
      for (const auto& component : info.components) {
        value += (value.empty() ? "" : "$") +
                 random_value(random, scheme.model().parameter(component.parameter).type);
      }
      return name + "=" + value;
    }
    if (random.below(10) == 0) return name + ":missing=" + (random.below(2) == 0 ? "true" : "false");
    if (info.type == fhir::SearchType::Token && random.below(5) == 0) name += ":not";
    if (info.type == fhir::SearchType::String && random.below(3) == 0)
      name += random.below(2) == 0 ? ":exact" : ":contains";
    value = random_value(random, info.type);
    if (random.below(4) == 0) value += "," + random_value(random, info.type);
    return name + "=" + value;
  }
}

// What a resource as read answers, by the library's own rules.
bool answers(const std::string& json, std::string_view type, const std::string& query) {
  const auto& model = fhir::search::SearchModel::r4();
  const auto id = model.definitions().find_type(type)->id;
  const PaddedBytes padded(json);
  fhir::Document document;
  REQUIRE(fhir::read_json(padded.view(), document));
  fhir::search::KeyExtractor extractor(model);
  fhir::search::SearchKeys keys;
  REQUIRE(extractor.extract(document.root(), keys));
  fhir::search::ValueOptions options;
  options.now = std::chrono::duration_cast<std::chrono::microseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  for (const auto& term : parse_query(query)) {
    const auto colon = term.name.find(':');
    const auto* info = model.find(id, term.name.substr(0, colon));
    const auto values = fhir::search::parse_values(
        model, *info, colon == std::string::npos ? "" : term.name.substr(colon + 1), term.value, options);
    REQUIRE(values);
    if (!fhir::search::matches(*values, keys)) return false;
  }
  return true;
}

struct Keyed : SearchStore {
  std::map<std::string, std::string, std::less<>> present;  // "Patient/p1" → nothing, of what is not deleted

  void change_something(Random& random) {
    const std::string type = random.below(3) == 0 ? "Patient" : "Observation";
    const std::string id = (type == "Patient" ? "p" : "o") + std::to_string(random.below(40));
    if (random.below(5) == 0) {
      present.erase(type + "/" + id);
      return remove(type, id);
    }
    put(type, id, type == "Patient" ? patient(random) : observation(random));
    present[type + "/" + id] = type;
  }

  std::string expected(std::string_view type, const std::string& query) {
    std::string ids;
    for (const auto& [name, of_type] : present) {
      if (of_type != type) continue;
      const auto id = name.substr(name.find('/') + 1);
      if (answers(repository->read(*reader, type, id)->json, type, query))
        ids += (ids.empty() ? "" : " ") + id;
    }
    return ids;
  }
};

}  // namespace

TEST_CASE("keys: whatever was written, changed and deleted, each search finds what the resources say") {
  for (const unsigned seed : {1u, 2u, 3u}) {
    Random random(seed);
    Keyed store;
    for (int round = 0; round < 4; ++round) {
      for (int i = 0; i < 60; ++i) store.change_something(random);
      for (int i = 0; i < 60; ++i) {
        const std::string type = random.below(3) == 0 ? "Patient" : "Observation";
        std::string query = random_term(random, type);
        if (random.below(3) == 0) query += "&" + random_term(random, type);
        INFO("seed " << seed << ": " << type << "?" << query);
        CHECK(store.found(type, query + "&_count=7") == store.expected(type, query));
        if (i % 4 == 0)
          CHECK(store.found(type, query + "&_count=5&_sort=-_lastUpdated") == store.expected(type, query));
      }
    }
    for (const auto& [name, type] : store.present) store.remove(type, name.substr(name.find('/') + 1));
    CHECK(store.rows(kPostings) == 0);
    CHECK(store.rows(kUniques) == 0);
    CHECK(store.rows(kStrings) == 0);
  }
}

TEST_CASE("keys: a refused job and a refused entry of a batch leave none") {
  SearchStore store;
  store.put("Patient", "kept", R"("gender":"male")");
  const auto before = store.rows(kPostings);
  RestRequest transaction;
  transaction.interaction = Interaction::Bundle;
  transaction.body = R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"resource":{"resourceType":"Patient","gender":"female"},"request":{"method":"POST","url":"Patient"}},
    {"resource":{"resourceType":"Patient","id":"kept"},"request":{"method":"PUT","url":"Patient/kept","ifMatch":"W/\"9\""}}]})";
  CHECK_FALSE(store.write(transaction));
  CHECK(store.rows(kPostings) == before);
  std::string batch(transaction.body);
  batch.replace(batch.find("transaction"), 11, "batch");
  RestRequest second = transaction;
  second.body = batch;
  REQUIRE(store.write(second));
  CHECK(store.found("Patient", "gender=male") == "kept");
  CHECK(store.search("Patient", "gender=female")->total == 1u);
}

TEST_CASE("keys: a job sees what it and the jobs before it wrote") {
  SearchStore store;
  RestRequest batch;
  batch.interaction = Interaction::Bundle;
  batch.body = R"({"resourceType":"Bundle","type":"batch","entry":[
    {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"7"}]}},"request":{"method":"POST","url":"Observation"}},
    {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"7"}]}},"request":{"method":"POST","url":"Observation","ifNoneExist":"code=7&status=final"}},
    {"request":{"method":"DELETE","url":"Observation?code=7"}},
    {"request":{"method":"GET","url":"Observation?code=7"}}]})";
  const auto done = store.write(batch);
  REQUIRE(done);
  CHECK(done->results[0].status == 201);
  CHECK(done->results[1].status == 200);
  CHECK(done->results[2].status == 204);
  CHECK(done->results[3].outcome_bundle.find("\"total\":0") != std::string::npos);
  CHECK(store.found("Observation", "code=7") == "");
}

TEST_CASE("keys: long lists are split into blocks and lose rows anywhere") {
  SearchStore store;
  PostingWriter writer;
  const PostingKey key{7, 1};
  Rows wanted;
  for (std::int64_t row = 1; row <= 5000; ++row) wanted.push_back(row * 300);
  const auto flush = [&](auto edit) {
    REQUIRE(store.store->submit_and_wait([&](store::Transaction& transaction) {
      edit();
      return writer.flush(transaction);
    }));
  };
  const auto stored = [&] {
    Rows rows;
    REQUIRE(sqlite::read_postings(*store.reader, key.parameter, {key.value, key.value}, rows));
    return rows;
  };
  flush([&] {
    for (const auto row : wanted) writer.add(key, row);
  });
  CHECK(stored() == wanted);
  CHECK(store.rows(kPostings) > 5);
  Random random(5);
  for (int round = 0; round < 20; ++round) {
    flush([&] {
      for (int i = 0; i < 50; ++i) {
        const auto row = static_cast<std::int64_t>(random.below(1'500'000) + 1);
        const auto place = std::lower_bound(wanted.begin(), wanted.end(), row);
        const bool present = place != wanted.end() && *place == row;
        if (!present) {
          wanted.insert(place, row);
          writer.add(key, row);
        }
        const std::size_t gone = random.below(wanted.size());
        writer.remove(key, wanted[gone]);
        wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(gone));
      }
    });
    REQUIRE(stored() == wanted);
  }
  PostingSource source(*store.reader, key);
  for (std::size_t i = 0; i < wanted.size(); i += 97) {
    CHECK(source.seek(i == 0 ? 0 : wanted[i - 1] + 1).value() == wanted[i]);
  }
  flush([&] {
    for (const auto row : wanted) writer.remove(key, row);
  });
  CHECK(store.rows(kPostings) == 0);
}

TEST_CASE("keys: other options make them anew, and meanwhile searches wait") {
  SearchStore store;
  store.renew_keys();
  store.put("Encounter", "e",
            R"("status":"finished","period":{"start":"2026-03-02T00:30:00Z","end":"2026-03-02T00:40:00Z"})");
  store.put("Patient", "p", R"("birthDate":"1961-01-01")");
  CHECK(store.found("Patient", "birthdate=1961-01-01") == "p");
  CHECK(store.found("Encounter", "date=lt2026-03-01T20:00:00") == "");
  store.close();
  RepositoryOptions options;
  options.zone_minutes = -600;
  store.open(options);
  CHECK(store.search("Encounter", "status=finished").error().number == kKeysAreMade);
  store.renew_keys();
  CHECK(store.found("Encounter", "date=lt2026-03-01T20:00:00") == "e");
  CHECK(store.found("Patient", "birthdate=1961-01-01") == "p");
}

TEST_CASE("keys: a store of the former version reads at once, and finds when its keys are made") {
  SearchStore store;
  store.close();
  std::filesystem::remove_all(store.folder);
  std::filesystem::create_directory(store.folder);
  std::vector<store::Migration> former;
  for (const auto& migration : repository::sqlite::migrations()) {
    if (migration.room != "repository" || migration.version == 1) former.push_back(migration);
  }
  store::StoreOptions options;
  options.path = store.folder + "/store.db";
  {
    auto opened = store::Store::open(options, former);
    REQUIRE(opened);
    static const store::Sql kRow(
        "INSERT INTO resource(row, type, id, version, updated, change, flags, lane, owner, sequence, claim, "
        "keys, body) "
        "VALUES (?1, ?2, ?3, 1, 1000, ?1, 0, 0, 0, 0, 0, x'00', ?4)");
    static const store::Sql kId("INSERT INTO ids(hash, row) VALUES (?1, ?2)");
    static const store::Sql kTotal("INSERT INTO type_total(type, live) VALUES (?1, 2000)");
    REQUIRE((*opened)->submit_and_wait([&](store::Transaction& t) -> Result<void> {
      const TypeNumber type = type_number("Patient");
      for (std::int64_t row = 1; row <= 2000; ++row) {
        const std::string id = to_string(new_uuid_v7(1'770'000'000'000));
        const std::string body =
            pack(R"({"gender":"female","identifier":[{"value":")" + std::to_string(row) + "\"}]}");
        store::Statement insert = t.query(kRow, row, type, "", store::Blob{body});
        const StoredId stored(id);
        stored.bind(insert, 3);
        if (auto done = insert.run(); !done) return done;
        if (auto done = t.run(kId, static_cast<std::int64_t>(plain_id_hash(type, id)), row); !done)
          return done;
      }
      return t.run(kTotal, type);
    }));
  }
  store.open();
  const auto first = store.repository->read_row(*store.reader, {1});
  REQUIRE(first);
  CHECK(store.repository->read(*store.reader, "Patient", first->id));
  CHECK(store.search("Patient", "gender=female").error().number == kKeysAreMade);
  store.put("Patient", first->id, R"("gender":"male","identifier":[{"value":"1"}])");
  CHECK(store.renew_keys() > 1);
  CHECK(store.search("Patient", "gender=female&_summary=count")->total == 1999u);
  CHECK(store.found("Patient", "gender=male") == first->id);
  CHECK(store.search("Patient", "identifier=1777")->total == 1u);
  CHECK(store.repository->read(*store.reader, "Patient", first->id));
}

TEST_CASE("keys: the numbers of parameters in the tables never change") {
  const KeyScheme scheme;
  std::uint64_t all = 1469598103934665603ull;
  for (TypeNumber type = 1; type <= type_count(); ++type) {
    std::set<ParameterNumber> numbers;
    for (const auto& use : scheme.of(type).uses) {
      CHECK(numbers.insert(use.number).second);
      for (const char c : std::string(use.info->code) + "=" + std::to_string(use.number)) {
        all = (all ^ static_cast<unsigned char>(c)) * 1099511628211ull;
      }
    }
  }
  CHECK(all == 14686342636837074752u);
}

TEST_CASE("keys: a condition that would hold up the writer is refused, a search by it is not") {
  SearchStore store;
  for (int i = 0; i < 21; ++i) {
    std::string batch = R"({"resourceType":"Bundle","type":"batch","entry":[)";
    for (int k = 0; k < 100; ++k)
      batch +=
          std::string(k == 0 ? "" : ",") +
          R"({"resource":{"resourceType":"Basic","code":{"text":"x"}},"request":{"method":"POST","url":"Basic"}})";
    const std::string body = batch + "]}";
    RestRequest request;
    request.interaction = Interaction::Bundle;
    request.body = body;
    REQUIRE(store.write(request));
  }
  RestRequest broad;
  broad.interaction = Interaction::ConditionalDelete;
  broad.type = "Basic";
  broad.query = "code:text=nobody";
  const auto refused = store.write(broad);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().number == kBadParameter);
  CHECK(store.found("Basic", "code:text=nobody") == "");
  CHECK(store.search("Basic", "code:text=x&_total=accurate&_count=1")->total == 2100u);
  broad.query = "code:text=nobody&identifier=urn:x|1";
  CHECK(store.write(broad));
}
