#include "gateway/delivery/fhir_sender.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace lienthong::delivery {
namespace {

// The first issue's code of an OperationOutcome. Diagnostics may quote patients' data, so they are not kept.
std::string issue_code(std::string_view body) {
  const auto issue = body.find("\"issue\"");
  if (issue == std::string_view::npos) return {};
  const auto code = body.find("\"code\"", issue);
  if (code == std::string_view::npos) return {};
  const auto open = body.find('"', body.find(':', code));
  if (open == std::string_view::npos) return {};
  const auto close = body.find('"', open + 1);
  const auto text =
      close == std::string_view::npos ? std::string_view() : body.substr(open + 1, close - open - 1);
  return text.size() <= 32 ? std::string(text) : std::string();
}

class FhirSender final : public Sender {
 public:
  FhirSender(std::unique_ptr<net::HttpClient> client, std::string token)
      : client_(std::move(client)), token_(std::move(token)) {}

  void send(std::string bundle, SendCallback callback) override {
    net::ClientRequest request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/fhir+json"},
                       {"Accept", "application/fhir+json"},
                       {"Prefer", "return=minimal"}};
    if (!token_.empty()) request.headers.push_back({"Authorization", "Bearer " + token_});
    request.body = std::move(bundle);
    client_->send(std::move(request),
                  [done = std::move(callback)](Result<net::ClientResponse> response) mutable {
                    if (response) return done(judge_response(*response));
                    done(SendResult{SendResult::Kind::Transient, 0, to_string(response.error()), 0});
                  });
  }

 private:
  std::unique_ptr<net::HttpClient> client_;
  std::string token_;
};

}  // namespace

SendResult judge_response(const net::ClientResponse& response) {
  SendResult result;
  result.status = response.status;
  result.reason = "HTTP " + std::to_string(response.status);
  if (response.status >= 200 && response.status < 300) {
    result.kind = SendResult::Kind::Confirmed;
    return result;
  }
  if (const auto code = issue_code(response.body); !code.empty()) result.reason += " " + code;
  const auto wait = response.header("Retry-After");
  std::from_chars(wait.data(), wait.data() + wait.size(), result.retry_after_seconds);
  // 401, 403 and 404 are the destination's set-up, not this bundle's fault: a corrected token must find it
  // waiting.
  const int status = response.status;
  const bool set_up = status == 401 || status == 403 || status == 404;
  const bool later = status == 408 || status == 425 || status == 429;
  const bool refused = status >= 400 && status < 500 && !set_up && !later;
  result.kind = refused ? SendResult::Kind::Permanent : SendResult::Kind::Transient;
  return result;
}

Result<std::unique_ptr<Sender>> make_fhir_sender(net::IoThreads& threads, FhirSenderOptions options) {
  auto client = net::HttpClient::make(threads, std::move(options.http));
  if (!client) return forward(client);
  return std::make_unique<FhirSender>(std::move(*client), std::move(options.token));
}

}  // namespace lienthong::delivery
