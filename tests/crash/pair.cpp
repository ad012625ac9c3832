#include "tests/crash/pair.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "gateway/app/mllp_sender.h"

namespace lienthong::test {
namespace {

using namespace std::chrono_literals;

std::uint64_t messages_of(const app::MorningOptions& options) {
  app::Morning morning(options);
  app::MorningMessage message;
  std::uint64_t count = 0;
  while (morning.next(message)) ++count;
  return count;
}

}  // namespace

// First on any free ports; then the configurations are written again with the ports that were found, because
// who is killed must come back where the others look for it.
Pair::Pair() {
  folder_.write("token", kToken);
  write_province("127.0.0.1:0");
  province_ = std::make_unique<GatewayProcess>(folder_.file("province.toml"));
  write_province(net::to_string(province_->ready().address("http")));
  write_hospital("127.0.0.1:0", "127.0.0.1:0");
  hospital_ = std::make_unique<GatewayProcess>(folder_.file("hospital.toml"));
  hospital_->ready();
  write_hospital(net::to_string(hospital_->address("http")), net::to_string(hospital_->address("mllp his")));
}

void Pair::write_province(const std::string& http) {
  folder_.write("province.toml", R"([gateway]
name = "province"
data_dir = "province"
[http]
listen = ")" + http + R"("
[[http.token]]
name = "hospital-79999"
file = "token"
facility = "79999"
access = "write"
)");
}

// Small bundles and short waits: many deliveries are on their way when a kill comes.
void Pair::write_hospital(const std::string& http, const std::string& mllp) {
  HospitalOptions options;
  options.http_listen = http;
  options.mllp_listen = mllp;
  options.sections = R"([[destination]]
name = "province"
url = "http://)" + net::to_string(province_->address("http")) +
                     R"(/fhir"
token.file = "token"
maximum_entries = 20
retry_first = "20ms"
retry_longest = "200ms"
)";
  test::write_hospital(folder_, options);
}

void Pair::kill_and_restart(Victim victim) {
  auto& process = victim == Victim::Hospital ? hospital_ : province_;
  const auto config = folder_.file(victim == Victim::Hospital ? "hospital.toml" : "province.toml");
  process->kill();
  process = std::make_unique<GatewayProcess>(config);
  process->ready();
}

void Pair::play(const Round& round, bool with_kills) {
  app::MllpSenderOptions options;
  options.stream.endpoint = hospital_->address("mllp his");
  options.stream.timeouts.idle = 0ms;
  options.connections = 4;
  options.retry = 120s;
  options.answer_limit = 120s;
  std::atomic<std::uint64_t> answered = 0;
  std::atomic<bool> over = false;
  std::set<std::string> refused;  // read when the sender is done
  auto sending = std::async(std::launch::async, [&] {
    auto report = app::send_messages(options, app::supply_from_morning(round.morning),
                                     [&](const app::SenderAnswer& answer) {
                                       if (answer.code != "AA") refused.emplace(answer.control_id);
                                       acknowledged_.emplace(answer.control_id);
                                       answered.fetch_add(1);
                                     });
    over = true;
    return report;
  });
  const auto messages = static_cast<double>(messages_of(round.morning));
  for (const auto& kill : round.kills) {
    if (!with_kills) break;
    const auto after = static_cast<std::uint64_t>(kill.share * messages);
    eventually([&] { return over || answered.load() >= after; });
    std::this_thread::sleep_for(kill.later);
    kill_and_restart(kill.victim);
  }
  const auto report = sending.get();
  REQUIRE(report);
  CHECK(report->sent == static_cast<std::uint64_t>(messages));
  CHECK(refused.empty());
}

void Pair::drain() const {
  const auto data = hospital_data();
  REQUIRE(eventually([&] { return number(data, "SELECT count(*) FROM outbox_resource") == 0; }));
}

void Pair::stop() {
  CHECK(hospital_->stop() == 0);
  CHECK(province_->stop() == 0);
}

}  // namespace lienthong::test
