#pragma once
// Which part of the program answers which HTTP path.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/net/http_server.h"

namespace lienthong::app {

// Longest mount first. Set up before the server starts; then called on all io threads.
class Mux final : public net::HttpHandler {
 public:
  // `mount`: "/fhir" takes "/fhir" and everything below it.
  void mount(std::string path, std::shared_ptr<net::HttpHandler> handler);

  void handle(net::Request&& request, net::Responder responder) override;
  std::size_t body_limit(std::string_view method, std::string_view path) const override;
  net::Response refuse(int status, std::string_view text) const override;

 private:
  net::HttpHandler* find(std::string_view path) const;

  std::vector<std::pair<std::string, std::shared_ptr<net::HttpHandler>>> mounts_;
};

}  // namespace lienthong::app
