// lienthong send: plays a sender.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/mllp_sender.h"
#include "gateway/app/morning_options.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/progress.h"

namespace lienthong::app {
namespace {

double milliseconds_at(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[index] / 1000.0;
}

void print_summary(SenderReport& report) {
  std::sort(report.latencies.begin(), report.latencies.end());
  const auto seconds = std::chrono::duration<double>(report.took).count();
  std::fputs(
      fmt::format(
          "{{\"sent\":{},\"accepted\":{},\"refused\":{},\"reconnects\":{},\"seconds\":{:.3f},"
          "\"messages_per_second\":{:.0f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"longest_ms\":{:.3f}}}\n",
          report.sent, report.accepted, report.refused, report.reconnects, seconds,
          static_cast<double>(report.sent) / std::max(seconds, 1e-9), milliseconds_at(report.latencies, 0.5),
          milliseconds_at(report.latencies, 0.99), milliseconds_at(report.latencies, 1.0))
          .c_str(),
      stdout);
}

// Nothing when the call is wrong, which has been said.
std::optional<MllpSenderOptions> options_of(const Invocation& call) {
  MllpSenderOptions options;
  const auto endpoint = net::parse_endpoint(call.text("--mllp"));
  if (!endpoint) return call.say(endpoint.error()), std::nullopt;
  options.stream.endpoint = *endpoint;
  options.stream.timeouts.idle = std::chrono::milliseconds(0);
  const auto connections = call.number("--connections", 1, 10'000, 1);
  const auto rate = call.number("--rate", 0, 1'000'000, 0);
  const auto retry = call.number("--retry", 0, 86'400, 0);
  const auto limit = call.number("--timeout", 1, 86'400, 30);
  if (!connections || !rate || !retry || !limit) return std::nullopt;
  options.connections = static_cast<unsigned>(*connections);
  options.rate = static_cast<std::uint32_t>(*rate);
  options.retry = std::chrono::seconds(*retry);
  options.answer_limit = std::chrono::seconds(*limit);
  if (!call.has("--tls-ca")) return options;
  auto tls = net::make_tls_client({call.text("--tls-ca"), call.text("--tls-certificate"),
                                   call.text("--tls-key"), options.stream.endpoint.host});
  if (!tls) return call.say(tls.error()), std::nullopt;
  options.stream.tls = std::move(*tls);
  return options;
}

std::optional<MessageSupply> supply_of(const Invocation& call) {
  if (call.has("--morning")) {
    const auto options = morning_options_of(call, "--morning");
    if (!options) return std::nullopt;
    return supply_from_morning(*options);
  }
  if (call.arguments.empty()) return call.say(kTooFewArguments, {call.command}), std::nullopt;
  auto supply = supply_from_files(call.arguments);
  if (!supply) return call.say(supply.error()), std::nullopt;
  return std::move(*supply);
}

int run(const Invocation& call) {
  const auto options = options_of(call);
  if (!options) return kCallWrong;
  auto supply = supply_of(call);
  if (!supply) return kCallWrong;

  const bool lines = !call.has("--summary");
  Progress progress(0);
  std::uint64_t answers = 0;
  auto report = send_messages(*options, std::move(*supply), [&](const SenderAnswer& answer) {
    progress.update(++answers);
    if (!lines) return;
    std::fputs(fmt::format("{}\t{}\t{}\n", answer.code, answer.control_id, answer.text).c_str(), stdout);
  });
  if (!report) return call.say(report.error()), kInputRefused;
  if (!lines) print_summary(*report);
  return report->refused > 0 ? kInputRefused : kAllDone;
}

}  // namespace

Command send_command() {
  Command command = {"send",
                     "[FILE…]",
                     0,
                     kAnyNumber,
                     {"plays a sender of HL7 v2: sends, prints one line an ACK",
                      "đóng vai bên gửi HL7 v2: gửi rồi in mỗi bản tin trả lời một dòng"},
                     "lienthong send --mllp 127.0.0.1:2575 adt.hl7",
                     {},
                     run};
  command.options = {
      {"--mllp", "HOST:PORT", {"where to send", "gửi tới đâu"}, true},
      {"--connections",
       "N",
       {"connections at the same time; one patient's messages stay on one",
        "số kết nối cùng lúc; bản tin của một người bệnh đi trên một kết nối"}},
      {"--rate",
       "N",
       {"messages a second over all connections; else as fast as answers come",
        "số bản tin mỗi giây trên mọi kết nối; nếu không thì nhanh theo bản tin trả lời"}},
      {"--retry",
       "SECONDS",
       {"how long to try again when the receiver is away", "thử lại trong bao lâu khi bên nhận vắng mặt"}},
      {"--timeout",
       "SECONDS",
       {"how long to wait for an answer (30)", "chờ bản tin trả lời trong bao lâu (30)"}},
      {"--summary",
       "",
       {"print one JSON line of figures instead of the ACKs",
        "in một dòng JSON số liệu thay cho các bản tin trả lời"}},
      {"--morning",
       "N",
       {"instead of files: an invented morning of N patients",
        "thay cho tệp: một buổi sáng tưởng tượng với N người bệnh"}},
      {"--tls-ca",
       "FILE",
       {"use TLS, and trust certificates signed by these (PEM)",
        "dùng TLS và tin các chứng thư do các CA này ký (PEM)"}},
      {"--tls-certificate", "FILE", {"our own certificate (PEM)", "chứng thư của bên gửi (PEM)"}},
      {"--tls-key", "FILE", {"its private key (PEM)", "khóa riêng tương ứng (PEM)"}}};
  for (const auto& option : morning_option_list()) command.options.push_back(option);
  return command;
}

}  // namespace lienthong::app
