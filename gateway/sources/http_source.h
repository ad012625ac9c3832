#pragma once
// POST /ingest/{source}: raw vendor bytes in, an OperationOutcome with the message numbers out.

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/catalogue.h"
#include "gateway/intake/take.h"
#include "gateway/net/http_server.h"

namespace lienthong::sources {

struct IngestOptions {
  std::string mount = "/ingest";
  std::size_t body_limit = std::size_t{100} << 20;
  Language language = Language::English;
  const Catalogue* catalogue = nullptr;  // texts of problems; outlives the handler
  // Whether the request may write to the source: 200, 401 or 403. Empty: everyone who can connect.
  std::function<int(const net::Request&, std::string_view source)> may_write;
};

// Answers (docs: the command line, "HTTP"): 200 when all messages were taken, 422 when any was refused (each
// named; the good ones are kept, resending is harmless), 503 with Retry-After when the gateway is full.
// Called on all io threads.
class IngestHandler final : public net::HttpHandler {
 public:
  explicit IngestHandler(IngestOptions options) : options_(std::move(options)) {}

  // Before the server starts. `taker` outlives the io threads' stop.
  void add(std::string source, intake::Taker& taker) { takers_[std::move(source)] = &taker; }

  void handle(net::Request&& request, net::Responder responder) override;
  std::size_t body_limit(std::string_view, std::string_view) const override { return options_.body_limit; }

 private:
  IngestOptions options_;
  std::map<std::string, intake::Taker*, std::less<>> takers_;
};

}  // namespace lienthong::sources
