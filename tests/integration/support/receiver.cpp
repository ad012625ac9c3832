#include "tests/integration/support/receiver.h"

#include <catch2/catch.hpp>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"

namespace lienthong::test {
namespace {

// Every "reference" below a node; an explicit stack, as everywhere.
void collect_references(const fhir::Node& top, std::vector<std::string>& out) {
  std::vector<const fhir::Node*> open = {&top};
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    if (node->json_name() == "reference" && node->is_string()) out.emplace_back(node->text());
    for (const auto& child : node->children()) open.push_back(&child);
  }
}

Delivered read_entry(const fhir::Node& entry) {
  Delivered delivered;
  delivered.target = entry.find("request")->find("url")->text();
  if (const auto* extensions = entry.find("extension")) {
    for (const auto& extension : extensions->children()) {
      if (extension.find("url")->text() == "urn:lienthong:change-sequence")
        delivered.sequence = std::stoll(std::string(extension.find("valueString")->text()));
    }
  }
  if (const auto* resource = entry.find("resource")) {
    collect_references(*resource, delivered.references);
    fhir::write_json(*resource, delivered.resource);
  }
  return delivered;
}

Bundle read_bundle(std::string_view json) {
  const std::string padded = std::string(json) + std::string(fhir::kPadding, '\0');
  fhir::Document document;
  Bundle bundle;
  if (!fhir::read_json(std::string_view(padded).substr(0, json.size()), document)) return bundle;
  for (const auto& entry : document.root().find("entry")->children()) bundle.push_back(read_entry(entry));
  return bundle;
}

}  // namespace

class Receiver::Handler final : public net::HttpHandler {
 public:
  explicit Handler(Judge judge) : judge_(std::move(judge)) {}

  void handle(net::Request&& request, net::Responder responder) override {
    auto bundle = read_bundle(request.body());
    net::Response response;
    {
      const std::lock_guard lock(mutex_);
      everything_.append(request.target()).append("\n").append(request.body()).append("\n");
      if (judge_) response.status = judge_(bundle);
      (response.status == 200 ? taken_ : refused_).push_back(std::move(bundle));
    }
    response.headers.emplace_back("Content-Type", "application/fhir+json");
    response.body = response.status == 200
                        ? R"({"resourceType":"Bundle","type":"transaction-response"})"
                        : R"({"resourceType":"OperationOutcome","issue":[{"code":"business-rule"}]})";
    responder(std::move(response));
  }
  std::size_t body_limit(std::string_view, std::string_view) const override { return std::size_t{64} << 20; }

  mutable std::mutex mutex_;
  std::vector<Bundle> taken_, refused_;
  std::string everything_;

 private:
  Judge judge_;
};

Receiver::Receiver(Judge judge, std::uint16_t port)
    : handler_(std::make_shared<Handler>(std::move(judge))), threads_(1) {
  net::HttpServerOptions options;
  options.endpoint = {"127.0.0.1", port};
  auto server = net::HttpServer::start(threads_, std::move(options), handler_);
  REQUIRE(server);
  server_ = std::move(*server);
}

Receiver::~Receiver() {
  server_->stop_accepting();
  threads_.stop(std::chrono::milliseconds(0));
}

std::string Receiver::section(const std::string& more, const std::string& name) const {
  return "[[destination]]\nname = \"" + name + "\"\nurl = \"http://" + net::to_string(endpoint()) +
         "/fhir\"\nretry_first = \"20ms\"\nretry_longest = \"100ms\"\n" + more + "\n";
}

std::vector<Bundle> Receiver::taken() const {
  const std::lock_guard lock(handler_->mutex_);
  return handler_->taken_;
}

std::vector<Bundle> Receiver::refused() const {
  const std::lock_guard lock(handler_->mutex_);
  return handler_->refused_;
}

std::string Receiver::everything() const {
  const std::lock_guard lock(handler_->mutex_);
  return handler_->everything_;
}

std::size_t Receiver::calls() const {
  const std::lock_guard lock(handler_->mutex_);
  return handler_->taken_.size() + handler_->refused_.size();
}

}  // namespace lienthong::test
