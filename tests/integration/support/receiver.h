#pragma once
// A destination: an HTTP server in the test's own process that keeps the bundles it is sent and answers as
// the test says.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/net/http_server.h"

namespace lienthong::test {

// One entry of a delivered Bundle.
struct Delivered {
  std::string target;                   // request.url: "Patient/…"
  std::int64_t sequence = 0;            // its change sequence number
  std::vector<std::string> references;  // what its resource refers to
  std::string resource;                 // as JSON
};
using Bundle = std::vector<Delivered>;

// Any thread.
class Receiver {
 public:
  // What to answer to a Bundle; 200 when it is empty.
  using Judge = std::function<int(const Bundle&)>;
  // `port` 0: any free one.
  explicit Receiver(Judge judge = {}, std::uint16_t port = 0);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  net::Endpoint endpoint() const { return server_->endpoint(); }
  // A [[destination]] of kind fhir that leads here, with short waits.
  std::string section(const std::string& more = {}, const std::string& name = "registry") const;
  // Bundles in the order in which they came; those that were answered 200, and the others.
  std::vector<Bundle> taken() const;
  std::vector<Bundle> refused() const;
  std::size_t calls() const;
  // Every byte that was sent here: paths and bodies.
  std::string everything() const;

 private:
  class Handler;
  std::shared_ptr<Handler> handler_;
  net::IoThreads threads_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace lienthong::test
