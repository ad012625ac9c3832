// A destination with a real store, real connections and a server that answers as the test says.
#include "gateway/delivery/destination.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <thread>

#include "gateway/delivery/fhir_sender.h"
#include "gateway/delivery/folder_sender.h"
#include "tests/gateway/delivery/scripted_server.h"
#include "tests/gateway/delivery/temporary_store.h"

using namespace lienthong;
using namespace lienthong::delivery;
using Catch::Contains;

namespace {

struct Delivering {
  FixedClock clock{Instant(std::chrono::seconds(1'760'000'000))};
  int null_file = ::open("/dev/null", O_WRONLY);
  Log log{[this] {
            LogOptions quiet;
            quiet.descriptor = null_file;
            return quiet;
          }(),
          clock};
  Metrics metrics;
  TemporaryStore kept;
  net::IoThreads threads{2};
  std::shared_ptr<ScriptedServer> server;
  std::unique_ptr<net::HttpServer> listening;
  DestinationOptions options;
  std::unique_ptr<Destination> destination;

  explicit Delivering(ScriptedServer::Script script = [](const std::string&) { return 200; })
      : server(std::make_shared<ScriptedServer>(std::move(script))) {
    net::HttpServerOptions listen;
    listen.endpoint = {"127.0.0.1", 0};
    auto started = net::HttpServer::start(threads, std::move(listen), server);
    REQUIRE(started.has_value());
    listening = std::move(*started);
    options.id = kept.destination;
    options.name = "province";
    options.first_backoff = std::chrono::milliseconds(2);
    options.most_backoff = std::chrono::milliseconds(20);
    kept.outbox.on_added([this] {
      const std::lock_guard lock(mutex);
      if (destination) destination->wake();
    });
  }
  ~Delivering() {
    stop();
    server->release();
    threads.stop(std::chrono::milliseconds(100));
    kept.store->stop();
    destination.reset();
    ::close(null_file);
  }

  std::unique_ptr<Sender> to_server() {
    FhirSenderOptions sender;
    sender.http.base_url = "http://" + net::to_string(listening->endpoint()) + "/fhir";
    sender.token = "a-secret";
    return std::move(make_fhir_sender(threads, std::move(sender)).value());
  }
  void start(std::unique_ptr<Sender> sender = nullptr) {
    DestinationServices services{*kept.store, kept.repository.get(), {}, kept.outbox, clock, log, metrics};
    auto made =
        std::make_unique<Destination>(std::move(services), options, sender ? std::move(sender) : to_server());
    made->start();
    const std::lock_guard lock(mutex);
    retired.push_back(std::move(destination));
    destination = std::move(made);
  }
  void stop() {
    if (destination) destination->stop();
  }

  void write(repository::RestRequest request) {
    auto prepared = kept.repository->prepare_rest(request);
    if (!prepared) FAIL(to_string(prepared.error()));
    kept.run([&](store::Transaction& transaction) -> Result<void> {
      auto outcome = kept.repository->write(transaction, *prepared, clock.now());
      if (!outcome) return forward(outcome);
      std::vector<Change> changes;
      for (const auto& change : outcome->changes) {
        if (change.changed)
          changes.push_back({change.resource, change.type, Lane{change.lane.value}, change.change});
      }
      return kept.outbox.add(transaction, changes, clock.now());
    });
  }
  void put(const std::string& type, const std::string& id, const std::string& members = {}) {
    const auto body = R"({"resourceType":")" + type + R"(","id":")" + id + '"' +
                      (members.empty() ? "" : ",") + members + "}";
    repository::RestRequest request;
    request.interaction = repository::Interaction::Update;
    request.type = type;
    request.id = id;
    request.body = body;
    write(request);
  }
  void put_observation(const std::string& id, const std::string& patient, const std::string& more = {}) {
    put("Observation", id, R"("subject":{"reference":"Patient/)" + patient + "\"}" + more);
  }
  OutboxDepth depth() { return delivery::depth(*kept.reader(), kept.destination).value(); }
  void wait_until_empty() {
    for (int i = 0; i < 20'000 && depth().waiting > 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    REQUIRE(depth().waiting == 0);
  }

  std::mutex mutex;
  std::vector<std::unique_ptr<Destination>> retired;
};

// Where in the order of all entries of all bundles a path stands first.
std::size_t place(const std::vector<std::string>& bundles, const std::string& url) {
  std::size_t at = 0;
  for (const auto& bundle : bundles) {
    for (const auto& one : urls_in(bundle)) {
      if (one == url) return at;
      ++at;
    }
  }
  FAIL(url + " was not sent");
  return 0;
}

}  // namespace

TEST_CASE(
    "destination: what waits is sent as transactions with its change numbers, and leaves when confirmed") {
  Delivering delivering;
  delivering.put("Patient", "a", R"("gender":"female")");
  delivering.start();
  delivering.wait_until_empty();
  const auto bundles = delivering.server->bundles();
  REQUIRE(bundles.size() == 1);
  CHECK_THAT(bundles[0], Contains(R"("type":"transaction")") && Contains(R"("gender":"female")") &&
                             Contains(R"("url":"urn:lienthong:change-sequence","valueString":")"));
  CHECK(urls_in(bundles[0]) == std::vector<std::string>{"Patient/a"});
  CHECK(delivering.server->token() == "Bearer a-secret");
  CHECK(delivering.depth().dead == 0);
}

TEST_CASE("destination: references stand before what refers to them, also when they wait in other lanes") {
  Delivering delivering;
  delivering.put_observation("o", "a", R"(,"performer":[{"reference":"Organization/lab"}])");
  delivering.put("Patient", "a", R"("managingOrganization":{"reference":"Organization/h"})");
  delivering.put("Organization", "h", R"("partOf":{"reference":"Organization/ministry"})");
  delivering.put("Organization", "ministry");
  delivering.put("Organization", "lab");
  delivering.options.max_entries = 1;  // a closure goes as one all the same
  delivering.start();
  delivering.wait_until_empty();
  const auto bundles = delivering.server->bundles();
  CHECK(place(bundles, "Organization/ministry") < place(bundles, "Organization/h"));
  CHECK(place(bundles, "Organization/h") < place(bundles, "Patient/a"));
  CHECK(place(bundles, "Patient/a") < place(bundles, "Observation/o"));
  CHECK(place(bundles, "Organization/lab") < place(bundles, "Observation/o"));
  std::size_t sent = 0;
  for (const auto& bundle : bundles) sent += urls_in(bundle).size();
  CHECK(sent == 5);
}

TEST_CASE("destination: what another bundle carries is waited for, not sent twice") {
  Delivering delivering([](const std::string&) { return 0; });
  delivering.put("Organization", "h");
  delivering.start();
  delivering.server->wait_for(1);
  delivering.put("Patient", "a", R"("managingOrganization":{"reference":"Organization/h"})");
  delivering.put("Patient", "b");
  delivering.server->wait_for(2);
  CHECK(urls_in(delivering.server->bundles()[1]) == std::vector<std::string>{"Patient/b"});
  delivering.server->set([](const std::string&) { return 200; });
  delivering.server->release();
  delivering.wait_until_empty();
  CHECK(urls_in(delivering.server->bundles().back()) == std::vector<std::string>{"Patient/a"});
}

TEST_CASE("destination: patients go in parallel, one patient's changes one after the other") {
  Delivering delivering([](const std::string&) { return 0; });
  delivering.options.max_entries = 1;
  delivering.options.parallel = 4;
  for (const auto* id : {"a", "b", "c", "d", "e", "f"}) delivering.put("Patient", id);
  delivering.put_observation("o", "a");
  delivering.start();
  delivering.server->wait_for(4);
  CHECK(delivering.server->most_open() == 4);
  for (const auto& bundle : delivering.server->bundles()) CHECK_THAT(bundle, !Contains("Observation/o"));
  delivering.server->set([](const std::string&) { return 200; });
  delivering.server->release();
  delivering.wait_until_empty();
  const auto bundles = delivering.server->bundles();
  CHECK(place(bundles, "Patient/a") < place(bundles, "Observation/o"));
}

TEST_CASE(
    "destination: while the other side fails all waits; one bundle at a time asks, then everything drains") {
  Delivering delivering([](const std::string&) { return 503; });
  delivering.options.max_entries = 1;
  for (int i = 0; i < 12; ++i) delivering.put("Patient", "p" + std::to_string(i));
  delivering.start();
  delivering.server->wait_for(12);  // 8 at once, then one by one
  CHECK(delivering.destination->away_since() == delivering.clock.now());
  CHECK(delivering.depth().waiting == 12);
  CHECK(delivering.depth().dead == 0);
  delivering.server->set([](const std::string&) { return 200; });
  delivering.wait_until_empty();
  CHECK(delivering.depth().dead == 0);
  std::set<std::string> arrived;
  for (const auto& bundle : delivering.server->bundles()) {
    for (const auto& url : urls_in(bundle)) arrived.insert(url);
  }
  CHECK(arrived.size() == 12);
  CHECK_FALSE(delivering.destination->away_since());
}

TEST_CASE(
    "destination: several bundles that fail together are one failure, so the wait is the first, not the "
    "longest") {
  Delivering delivering([](const std::string&) { return 0; });
  delivering.options.max_entries = 1;
  delivering.options.first_backoff = std::chrono::milliseconds(1);
  delivering.options.most_backoff = std::chrono::hours(1);
  for (int i = 0; i < 8; ++i) delivering.put("Patient", "p" + std::to_string(i));
  delivering.options.parallel = 8;
  delivering.start();
  delivering.server->wait_for(8);
  delivering.server->set([](const std::string&) { return 200; });
  delivering.server->release(503);
  delivering.wait_until_empty();
  CHECK(delivering.server->count() >= 9);
}

TEST_CASE("destination: a server that is not there holds everything until it is") {
  Delivering delivering;
  delivering.put("Patient", "a");
  const auto sender = [&] {
    FhirSenderOptions options;
    options.http.base_url = "http://127.0.0.1:1/fhir";  // nobody listens
    return std::move(make_fhir_sender(delivering.threads, std::move(options)).value());
  };
  delivering.start(sender());
  std::this_thread::yield();
  CHECK(delivering.depth().waiting == 1);
  delivering.stop();
  CHECK(delivering.depth().dead == 0);
  delivering.start();
  delivering.wait_until_empty();
  CHECK(delivering.server->count() == 1);
}

TEST_CASE("destination: the entry that is refused for good becomes a dead letter, the rest arrives") {
  Delivering delivering(
      [](const std::string& bundle) { return bundle.find("\"bad\"") != std::string::npos ? 422 : 200; });
  for (const auto* id : {"a", "b", "c"}) delivering.put("Patient", id);
  delivering.put_observation("o1", "b");
  delivering.put_observation("o2", "b", R"(,"valueString":"bad")");
  delivering.put_observation("o3", "b");
  delivering.start();
  delivering.wait_until_empty();
  CHECK(delivering.depth().dead == 1);
  std::set<std::string> arrived;
  for (const auto& bundle : delivering.server->bundles()) {
    if (bundle.find("\"bad\"") != std::string::npos) continue;
    for (const auto& url : urls_in(bundle)) arrived.insert(url);
  }
  CHECK(arrived ==
        std::set<std::string>{"Patient/a", "Patient/b", "Patient/c", "Observation/o1", "Observation/o3"});
  delivering.put_observation("o2", "b", R"(,"valueString":"mended")");
  delivering.wait_until_empty();
  CHECK_THAT(delivering.server->bundles().back(), Contains("mended"));
}

TEST_CASE("destination: a resource that changes on its way is sent again, whether it was taken or refused") {
  Delivering delivering([](const std::string&) { return 0; });
  delivering.put("Patient", "a", R"("gender":"male")");
  delivering.start();
  delivering.server->wait_for(1);
  delivering.put("Patient", "a", R"("gender":"female")");
  delivering.server->set([](const std::string&) { return 200; });
  delivering.server->release(GENERATE(200, 422));
  delivering.wait_until_empty();
  const auto bundles = delivering.server->bundles();
  REQUIRE(bundles.size() == 2);
  CHECK_THAT(bundles[1], Contains("female"));
}

TEST_CASE(
    "destination: many changes of one resource while nothing can be sent are one delivery of the newest") {
  Delivering delivering;
  for (int i = 0; i < 10; ++i) delivering.put("Patient", "a", R"("language":"x)" + std::to_string(i) + '"');
  delivering.start();
  delivering.wait_until_empty();
  REQUIRE(delivering.server->count() == 1);
  CHECK_THAT(delivering.server->bundles()[0], Contains("\"x9\""));
}

TEST_CASE("destination: a deleted resource is deleted there") {
  Delivering delivering;
  delivering.put("Patient", "a");
  repository::RestRequest request;
  request.interaction = repository::Interaction::Delete;
  request.type = "Patient";
  request.id = "a";
  delivering.write(request);
  delivering.start();
  delivering.wait_until_empty();
  CHECK_THAT(delivering.server->bundles()[0], Contains(R"("method":"DELETE","url":"Patient/a")"));
}

TEST_CASE("destination: what was on its way at a stop is sent at the next start; what was confirmed is not") {
  Delivering delivering(
      [](const std::string& bundle) { return bundle.find("Patient/b") != std::string::npos ? 0 : 200; });
  delivering.options.max_entries = 1;
  delivering.put("Patient", "a");
  delivering.put("Patient", "b");
  delivering.start();
  delivering.server->wait_for(2);
  while (delivering.depth().waiting > 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  delivering.stop();
  delivering.server->set([](const std::string&) { return 200; });
  delivering.start();
  delivering.wait_until_empty();
  const auto bundles = delivering.server->bundles();
  REQUIRE(bundles.size() == 3);
  CHECK(urls_in(bundles[2]) == std::vector<std::string>{"Patient/b"});
}

TEST_CASE("destination: a resource that can no longer be read is buried, and keeps nothing else back") {
  Delivering delivering;
  static const store::Sql kDamage("UPDATE resource SET body=x'28B52FFD0000' WHERE row=?1");
  delivering.put("Patient", "a");
  delivering.put("Patient", "b");
  const auto row = delivering.kept.repository->read(*delivering.kept.reader(), "Patient", "a").value().row;
  delivering.kept.run([&](store::Transaction& transaction) { return transaction.run(kDamage, row); });
  REQUIRE_FALSE(delivering.kept.repository->read(*delivering.kept.reader(), "Patient", "a").has_value());
  delivering.kept.run([&](store::Transaction& transaction) {
    static const store::Sql kDone("INSERT INTO backfill(destination, next_resource) VALUES(?1, 0)");
    return transaction.run(kDone, delivering.kept.destination);
  });
  delivering.start();
  delivering.wait_until_empty();
  CHECK(delivering.depth().dead == 1);
  REQUIRE(delivering.server->count() == 1);
  CHECK(urls_in(delivering.server->bundles()[0]) == std::vector<std::string>{"Patient/b"});
}

TEST_CASE("destination: a new one gets what was there before it, once") {
  Delivering delivering;
  for (int i = 0; i < 30; ++i) delivering.put("Patient", "p" + std::to_string(i));
  delivering.put("Patient", "p7", R"("gender":"male")");
  DestinationId second;
  delivering.kept.run([&](store::Transaction& transaction) -> Result<void> {
    second = store::destination_id(transaction, "second").value();
    delivering.kept.outbox.set_routes({{delivering.kept.destination, {}}, {second, {}}});
    return {};
  });
  delivering.options.id = second;
  delivering.options.name = "second";
  delivering.start();
  std::set<std::string> arrived;
  for (int i = 0; i < 20'000 && arrived.size() < 30; ++i) {
    for (const auto& bundle : delivering.server->bundles()) {
      for (const auto& url : urls_in(bundle)) arrived.insert(url);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(arrived.size() == 30);
  while (delivery::depth(*delivering.kept.reader(), second).value().waiting > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto before = delivering.server->count();
  delivering.stop();
  delivering.start();
  delivering.put("Patient", "new");
  delivering.server->wait_for(before + 1);
  CHECK(urls_in(delivering.server->bundles()[before]) == std::vector<std::string>{"Patient/new"});
}

TEST_CASE("destination: a folder gets complete files whose names sort in the order of delivery") {
  Delivering delivering;
  const auto folder = delivering.kept.folder + "/out";
  CHECK_FALSE(make_folder_sender(folder, delivering.clock).has_value());
  std::filesystem::create_directory(folder);
  delivering.options.max_entries = 1;
  for (const auto* id : {"a", "b", "c"}) delivering.put("Patient", id);
  delivering.start(std::move(make_folder_sender(folder, delivering.clock).value()));
  delivering.wait_until_empty();
  std::set<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.insert(file.path());
  REQUIRE(files.size() == 3);
  std::vector<std::string> order;
  for (const auto& file : files) {
    std::ifstream in(file);
    const std::string bundle{std::istreambuf_iterator<char>(in), {}};
    CHECK(bundle.back() == '}');
    for (const auto& url : urls_in(bundle)) order.push_back(url);
  }
  CHECK(order == std::vector<std::string>{"Patient/a", "Patient/b", "Patient/c"});
}
