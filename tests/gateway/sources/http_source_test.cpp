// POST /ingest/NAME over a real server.
#include "gateway/sources/http_source.h"

#include <catch2/catch.hpp>
#include <future>

#include "gateway/net/http_client.h"
#include "gateway/sources/outcome_report.h"

using namespace lienthong;
using namespace lienthong::sources;
using Catch::Contains;

namespace {

// Gives back what the test has set, for any body.
class SetTaker final : public intake::Taker {
 public:
  std::vector<intake::Outcome> outcomes;
  std::string body;
  void take(unsigned, std::string_view, intake::Completion completion) override {
    completion(outcomes.front());
  }
  void take_beginning(unsigned worker, std::string_view beginning, intake::Completion completion) override {
    take(worker, beginning, std::move(completion));
  }
  void take_all(unsigned, std::string_view bytes, std::shared_ptr<const void>,
                MoveFunction<void(std::vector<intake::Outcome>)> completion) override {
    body = bytes;
    completion(outcomes);
  }
  void take_file(unsigned, intake::FileTake take) override { take.done({}, {}); }
};

struct Ingest {
  SetTaker taker;
  int access = 200;
  net::IoThreads threads{1};
  std::unique_ptr<net::HttpServer> server;
  std::unique_ptr<net::HttpClient> client;

  Ingest() {
    IngestOptions options;
    options.catalogue = &Catalogue::gateway();
    options.body_limit = 1000;
    options.may_write = [this](const net::Request&, std::string_view) { return access; };
    auto handler = std::make_shared<IngestHandler>(std::move(options));
    handler->add("his", taker);
    net::HttpServerOptions listen;
    listen.endpoint = {"127.0.0.1", 0};
    auto started = net::HttpServer::start(threads, std::move(listen), handler);
    REQUIRE(started.has_value());
    server = std::move(*started);
    net::HttpClientOptions to_server;
    to_server.base_url = "http://" + net::to_string(server->endpoint());
    auto made = net::HttpClient::make(threads, std::move(to_server));
    REQUIRE(made.has_value());
    client = std::move(*made);
  }

  net::ClientResponse send(std::string body, std::string method = "POST", std::string path = "/ingest/his") {
    net::ClientRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    auto answered = std::make_shared<std::promise<Result<net::ClientResponse>>>();
    auto future = answered->get_future();
    client->send(std::move(request),
                 [answered](Result<net::ClientResponse> got) { answered->set_value(std::move(got)); });
    auto response = future.get();
    REQUIRE(response.has_value());
    return std::move(*response);
  }
};

intake::Outcome outcome(intake::Fate fate, std::vector<Problem> problems = {}) {
  intake::Outcome made;
  made.fate = fate;
  if (fate != intake::Fate::Busy) made.number = MessageNumber{uuid_from_key("an example")};
  made.problems = std::move(problems);
  return made;
}

}  // namespace

TEST_CASE("ingest: messages that were taken are 200, each with its number") {
  Ingest ingest;
  auto repeated = outcome(intake::Fate::Stored);
  repeated.duplicate = true;
  ingest.taker.outcomes = {outcome(intake::Fate::Stored), repeated};
  const auto answer = ingest.send("MSH|^~\\&|HIS\r");
  CHECK(answer.status == 200);
  CHECK(ingest.taker.body == "MSH|^~\\&|HIS\r");
  CHECK_THAT(answer.body, Contains("\"OperationOutcome\"") &&
                              Contains("message 1 " + to_string(uuid_from_key("an example")) + ": stored") &&
                              Contains(": repeated"));
}

TEST_CASE("ingest: one refused message makes it 422; its problems stand with their places, without values") {
  Ingest ingest;
  Problem problem;
  problem.number = 1702;
  problem.arguments = {"T"};
  problem.where_input = "MSH-11";
  problem.value = "Lê Thị Mẫu";
  ingest.taker.outcomes = {outcome(intake::Fate::Stored), outcome(intake::Fate::Refused, {problem})};
  const auto answer = ingest.send("x");
  CHECK(answer.status == 422);
  CHECK_THAT(answer.body, Contains("LT-1702") && Contains("message 2, MSH-11") && Contains(": refused") &&
                              !Contains("Mẫu"));
  ingest.taker.outcomes = {outcome(intake::Fate::Quarantined)};
  CHECK(ingest.send("x").status == 422);
}

TEST_CASE("ingest: when anything could not be kept it is 503 and when to try again") {
  Ingest ingest;
  ingest.taker.outcomes = {outcome(intake::Fate::Stored), outcome(intake::Fate::Refused),
                           outcome(intake::Fate::Busy)};
  const auto answer = ingest.send("x");
  CHECK(answer.status == 503);
  CHECK(answer.header("Retry-After") == "5");
  CHECK_THAT(answer.body, Contains("message 3: not kept"));
}

TEST_CASE("ingest: who may not is refused before anything is read") {
  Ingest ingest;
  ingest.taker.outcomes = {outcome(intake::Fate::Stored)};
  ingest.access = 401;
  const auto unknown = ingest.send("x");
  CHECK(unknown.status == 401);
  CHECK(unknown.header("WWW-Authenticate") == "Bearer");
  ingest.access = 403;
  const auto forbidden = ingest.send("x");
  CHECK(forbidden.status == 403);
  CHECK_THAT(forbidden.body, Contains("OperationOutcome"));
  CHECK(ingest.taker.body.empty());
}

TEST_CASE("ingest: other sources are 404, other methods 405, larger bodies 413") {
  Ingest ingest;
  ingest.taker.outcomes = {outcome(intake::Fate::Stored)};
  CHECK(ingest.send("x", "POST", "/ingest/none").status == 404);
  CHECK(ingest.send("x", "POST", "/ingest").status == 404);
  CHECK(ingest.send("x", "POST", "/ingest/his/more").status == 404);
  const auto put = ingest.send("x", "PUT");
  CHECK(put.status == 405);
  CHECK(put.header("Allow") == "POST");
  CHECK(ingest.send("", "GET").status == 405);
  CHECK(ingest.send(std::string(1001, 'x')).status == 413);
  CHECK(ingest.taker.body.empty());
}

TEST_CASE("ingest: of very many messages the first thousand are named") {
  Ingest ingest;
  ingest.taker.outcomes.assign(1500, outcome(intake::Fate::Stored));
  const auto answer = ingest.send("x");
  CHECK(answer.status == 200);
  CHECK_THAT(answer.body, Contains("message 1000 ") && !Contains("message 1001 "));
}

TEST_CASE("a report speaks the gateway's language and names an adapter's problems by its name") {
  Catalogue catalogue;
  REQUIRE(
      catalogue.add("hl7v2", "12\tvalue\t102\tThe text is damaged\tĐoạn chữ bị hỏng\tAsk\tHỏi bên gửi\n"));
  OutcomeReport report(catalogue, Language::Vietnamese, "tệp mẫu");
  Problem problem;
  problem.catalogue = "hl7v2";
  problem.number = 12;
  problem.where_input = "PID[1]-5";
  report.add(0, outcome(intake::Fate::Refused, {problem}));
  CHECK_THAT(report.json(), Contains("bản tin 1 ") && Contains(": bị từ chối") &&
                                Contains("hl7v2-12: Đoạn chữ bị hỏng") && Contains("bản tin 1, PID[1]-5"));
  CHECK_THAT(report.text(), Contains("Hỏi bên gửi"));
}

TEST_CASE(
    "what is wrong with a body or file as a whole names it and what is wrong, and is no message of it") {
  OutcomeReport report(Catalogue::gateway(), Language::English, "file dossiers.xml");
  Problem problem;
  problem.number = 1707;
  problem.arguments = {"bhyt"};
  auto of_whole = outcome(intake::Fate::Refused, {problem});
  of_whole.of_whole = true;
  SECTION("with something that was kept raw") {
    report.add(0, of_whole);
    CHECK_THAT(report.text(),
               Contains("file dossiers.xml " + to_string(of_whole.number.value) + ": refused"));
    CHECK(report.counts().refused == 1);
  }
  SECTION("behind its messages") {
    of_whole.number = {};
    report.add(0, outcome(intake::Fate::Stored));
    report.add(1, of_whole);
    CHECK_THAT(report.text(), Contains("file dossiers.xml:\n  error: LT-1707"));
    CHECK(report.counts().messages() == 1);
  }
  CHECK_THAT(report.json(),
             Contains("file dossiers.xml: LT-1707: ") && Contains("\"location\":[\"file dossiers.xml\"]"));
  CHECK_THAT(report.json() + report.text(), !Contains("message 2") && !Contains("message 1: refused"));
}
