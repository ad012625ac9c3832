// bench repository: transaction Bundles are loaded over HTTP into a new store, then resources are read by id
// and searched by token, all with the load on the same cores. Prints a line a figure.

#include <fmt/format.h>
#include <time.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <functional>
#include <semaphore>
#include <string>
#include <vector>

#include "fhir-model/document/document.h"
#include "fhir-model/document/json_reader.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/app/bench.h"
#include "gateway/app/bench_folder.h"
#include "gateway/app/migrations.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/serve_executor.h"
#include "gateway/base/bytes.h"
#include "gateway/net/http_client.h"
#include "gateway/net/http_server.h"

namespace lienthong::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kSeconds = 5;
constexpr unsigned kConnections = 64, kBundlesInHand = 4, kIoThreads = 2;

void print_figure(std::string_view what, std::string_view name, double value) {
  std::fputs(
      fmt::format("{{\"bench\":\"repository\",\"what\":\"{}\",\"{}\":{:.0f}}}\n", what, name, value).c_str(),
      stdout);
  std::fflush(stdout);
}

// Of all threads: other work on the machine does not count.
double process_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A rate by the clock, and what each cost all cores together.
class Rate {
 public:
  void print(std::string_view what, std::uint64_t count) const {
    const auto number = static_cast<double>(count);
    print_figure(what, "per_second", number / seconds_since(start_));
    print_figure(what, "processor_microseconds_each", (process_seconds() - used_) / number * 1e6);
  }
  double seconds() const { return seconds_since(start_); }

 private:
  Clock::time_point start_ = Clock::now();
  double used_ = process_seconds();
};

// Resident memory of this process, bytes.
double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * 4096;
}

// A province's gateway with nothing but its repository, and a client beside it.
class Server {
 public:
  // `checks`: what is written is validated first.
  Server(const std::string& folder, bool checks) : folder_(folder) {
    if (checks) validator_ = std::make_unique<const fhir::validate::Validator>();
  }
  ~Server() {
    client_.reset();
    if (http_) http_->stop_accepting();
    threads_.stop(std::chrono::milliseconds(500));
    http_.reset();
    if (store_) store_->stop();
  }

  Result<void> start() {
    store::StoreOptions options;
    options.path = folder_ + "/bench.db";
    auto opened = store::Store::open(std::move(options), all_migrations());
    if (!opened) return forward(opened);
    store_ = std::move(*opened);
    store_->add_hook(&repository_->batch_hook());
    for (unsigned i = 0; i < kIoThreads; ++i)
      executors_.push_back(std::make_unique<IoThreadExecutor>(threads_, i));
    api::ApiServices services{*store_, *repository_,           clock_,     metrics_, "bench", "",
                              {},      std::size_t{100} << 20, kIoThreads, 2,        {},      {},
                              {}};
    services.validator = validator_.get();
    services.check = validator_ == nullptr ? api::CheckMode::Off : api::CheckMode::Warn;
    services.executor = [this](unsigned io_thread) { return executors_[io_thread].get(); };
    auto handler = api::FhirHandler::make(std::move(services), "/fhir");
    if (!handler) return forward(handler);
    net::HttpServerOptions server;
    server.endpoint = {"127.0.0.1", 0};
    auto http = net::HttpServer::start(threads_, std::move(server), *handler);
    if (!http) return forward(http);
    http_ = std::move(*http);
    net::HttpClientOptions client;
    client.base_url = "http://" + net::to_string(http_->endpoint()) + "/fhir";
    client.max_connections = kConnections;
    auto made = net::HttpClient::make(threads_, std::move(client));
    if (!made) return forward(made);
    client_ = std::move(*made);
    return {};
  }

  net::HttpClient& client() { return *client_; }
  store::Store& store() { return *store_; }
  std::uint64_t versions() const { return repository_->versions_made(); }
  std::string file() const { return folder_ + "/bench.db"; }

 private:
  std::string folder_;
  std::unique_ptr<const fhir::validate::Validator> validator_;
  SystemClock clock_;
  Metrics metrics_;
  std::unique_ptr<repository::Repository> repository_ = repository::sqlite::make_repository();
  std::unique_ptr<store::Store> store_;
  net::IoThreads threads_{kIoThreads};
  std::vector<std::unique_ptr<IoThreadExecutor>> executors_;
  std::unique_ptr<net::HttpServer> http_;
  std::unique_ptr<net::HttpClient> client_;
};

// Requests in hand until `more` gives no other; waits for all answers. How many were answered well.
std::uint64_t drive(Server& server, unsigned in_hand, const std::function<bool(net::ClientRequest&)>& more) {
  std::counting_semaphore<> room(in_hand);
  std::atomic<std::uint64_t> good{0};
  for (net::ClientRequest request; more(request); request = {}) {
    room.acquire();
    server.client().send(std::move(request), [&](Result<net::ClientResponse> answer) {
      if (answer && answer->status == 200) ++good;
      room.release();
    });
  }
  for (unsigned i = 0; i < in_hand; ++i) room.acquire();
  return good;
}

// Loads all Bundles `rounds` times; each Bundle's resources get new ids, so each round is other patients.
bool load(Server& server, const std::string& path, std::int64_t rounds) {
  for (std::int64_t round = 0; round < rounds; ++round) {
    const Rate rate;
    const std::uint64_t before = server.versions();
    std::uint64_t bundles = 0;
    std::ifstream file(path);
    const auto good = drive(server, kBundlesInHand, [&](net::ClientRequest& request) {
      if (!std::getline(file, request.body)) return false;
      ++bundles;
      request.method = "POST";
      request.path = "/";
      request.headers = {{"Content-Type", "application/fhir+json"}, {"Prefer", "return=minimal"}};
      return true;
    });
    rate.print(fmt::format("load up to {} resources", server.versions()), server.versions() - before);
    if (good != bundles) return false;
  }
  return true;
}

// What the measurements ask for: some Observations with their codes and patients.
struct Sample {
  std::vector<std::string> reads, searches;
};

void add_sample(const fhir::Node& observation, Sample& sample) {
  const auto* id = observation.find("id");
  const auto* code = observation.find("code");
  const auto* coding = code == nullptr ? nullptr : code->find("coding");
  const auto* subject = observation.find("subject");
  const auto* reference = subject == nullptr ? nullptr : subject->find("reference");
  if (id == nullptr || coding == nullptr || reference == nullptr) return;
  sample.reads.push_back("/Observation/" + std::string(id->text()));
  for (const fhir::Node& one : coding->children()) {
    const auto* text = one.find("code");
    if (text == nullptr) continue;
    sample.searches.push_back("/Observation?code=" + std::string(text->text()) +
                              "&patient=" + std::string(reference->text()) + "&_count=10");
  }
}

Sample take_sample(Server& server) {
  Sample sample;
  std::string path = "/Observation?_count=1000";
  for (int page = 0; page < 20 && !path.empty(); ++page) {
    std::string body;
    std::binary_semaphore done(0);
    net::ClientRequest request;
    request.path = path;
    server.client().send(std::move(request), [&](Result<net::ClientResponse> answer) {
      if (answer) body = std::move(answer->body);
      done.release();
    });
    done.acquire();
    const PaddedBytes padded(body);
    fhir::Document document;
    path.clear();
    if (!fhir::read_json(padded.view(), document)) return sample;
    if (const auto* entries = document.root().find("entry")) {
      for (const fhir::Node& entry : entries->children()) {
        if (const auto* resource = entry.find("resource")) add_sample(*resource, sample);
      }
    }
    if (const auto* links = document.root().find("link")) {
      for (const fhir::Node& link : links->children()) {
        const std::string url(link.find("url")->text());
        if (link.find("relation")->text() == "next") path = url.substr(url.find("/Observation"));
      }
    }
  }
  return sample;
}

void measure(Server& server, std::string_view what, const std::vector<std::string>& paths) {
  const Rate rate;
  std::size_t next = 0;
  const auto good = drive(server, kConnections, [&](net::ClientRequest& request) {
    if (paths.empty() || rate.seconds() > kSeconds) return false;
    request.path = paths[next++ * 7919 % paths.size()];
    return true;
  });
  rate.print(what, good);
}

Result<void> run(Server& server, const std::string& path, std::int64_t rounds) {
  if (auto started = server.start(); !started) return started;
  if (!load(server, path, rounds)) return fail(Category::Incorrect, kCannotRead, "a Bundle was refused");
  print_figure("resident memory", "bytes", resident_bytes());
  const Sample sample = take_sample(server);
  measure(server, "read by id", sample.reads);
  measure(server, "search by code and patient", sample.searches);
  print_figure("resident memory at the end", "bytes", resident_bytes());
  server.store().stop();  // everything is in the file
  const double versions = static_cast<double>(server.versions());
  const auto bytes = static_cast<double>(std::filesystem::file_size(server.file()));
  print_figure("on disk", "bytes_per_resource", bytes / versions);
  return {};
}

}  // namespace

int bench_repository(const Invocation& call) {
  const auto rounds = call.number("--runs", 1, 1'000, 5);
  const auto path = call.text("--file");
  if (!rounds) return kCallWrong;
  if (path.empty()) return call.say(kTooFewArguments, {"--file"}), kCallWrong;
  if (!std::filesystem::is_regular_file(path)) return call.say(kCannotRead, {path, "no file"}), kCallWrong;
  const BenchFolder folder(call.text("--folder", "."));
  if (folder.path().empty()) return call.say(kCannotWrite, {call.text("--folder", ".")}), kCallWrong;
  Server server(folder.path(), call.has("--check"));
  const auto done = run(server, path, *rounds);
  if (!done) return call.say(done.error()), kInputRefused;
  return kAllDone;
}

}  // namespace lienthong::app
