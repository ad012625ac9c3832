#pragma once
// The FHIR REST API (FHIR R4 §3.1): one file an interaction; this is what they share.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/api/api_services.h"
#include "gateway/api/exchange.h"
#include "gateway/api/read_pool.h"
#include "gateway/net/http_server.h"

namespace lienthong::api {

// Serves every path below the base it is mounted on. Called on all io threads at once.
class FhirHandler final : public net::HttpHandler {
 public:
  // `mount`: the path of the FHIR base, "/fhir". Errors: as Store::open_reader.
  static Result<std::shared_ptr<FhirHandler>> make(ApiServices services, std::string mount);

  void handle(net::Request&& request, net::Responder responder) override;
  std::size_t body_limit(std::string_view method, std::string_view path) const override;
  net::Response refuse(int status, std::string_view text) const override;

 private:
  FhirHandler(ApiServices services, std::string mount);

  // One an interaction; each answers through answer(). Those that read the database get the connection to
  // use.
  void capabilities(Exchange exchange) const;
  void read(Exchange exchange, store::Connection& connection) const;
  void search(Exchange exchange, store::Reader& reader) const;
  void history(Exchange exchange, store::Reader& reader) const;
  void write(Exchange exchange);

  void answer(Exchange& exchange, net::Response&& response) const;
  void in_pool(Exchange exchange, void (FhirHandler::*interaction)(Exchange, store::Reader&) const) const;
  void committed(Exchange& exchange, const repository::RestOutcome& outcome,
                 const std::string& findings) const;
  std::string base_of(const net::Request& request) const;

  ApiServices services_;
  const std::string mount_;
  std::unique_ptr<ReadPool> pool_;
  std::unique_ptr<WriteCheck> check_;
  std::vector<std::unique_ptr<store::Reader>> readers_;  // one an io thread, for reads by id
  mutable std::once_flag listed_;
  mutable std::string resources_;  // of the CapabilityStatement: the same as long as the program runs
  mutable std::map<std::string, Histogram*, std::less<>> took_;  // by interaction; filled at start
};

}  // namespace lienthong::api
