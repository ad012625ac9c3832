#pragma once
// Internal to net: one HTTP/1.1 connection of the server. One request at a time; what is pipelined waits.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/net/connection.h"
#include "gateway/net/http_body.h"
#include "gateway/net/http_request_parser.h"
#include "gateway/net/http_server.h"

namespace lienthong::net {

// What all connections of a server share.
struct HttpShared {
  std::shared_ptr<HttpHandler> handler;
  std::size_t header_limit = 0;
  std::size_t memory_body = 0;
  std::string spool_folder;
  ByteBudget* budget = nullptr;
};

class HttpConnection final : public Connection {
 public:
  HttpConnection(ConnectionParts parts, std::shared_ptr<const HttpShared> shared);

 private:
  // A request as it comes; an idle connection has none.
  struct Incoming {
    Incoming(std::size_t header_limit) : parser(header_limit), body({}) {}
    RequestParser parser;
    Request request;
    BodySink body;
    bool head_taken = false;
  };

  void opened() override {}
  void received(std::string_view bytes) override;
  bool ended_by_peer() override;
  void limit_broken(TimeoutReason reason) override;
  void draining() override;
  void ended(CloseReason reason, const Error* error) override;

  void parse_pending();
  std::size_t parse(std::string_view input);
  bool step(std::string_view input, std::size_t& used);
  bool take_head(bool more_is_here);
  void dispatch();
  void answer(Response&& response);    // any thread
  void complete(Response&& response);  // io thread
  void refuse(Refusal refusal);
  void write(Response&& response, bool close);

  std::shared_ptr<const HttpShared> shared_;
  std::unique_ptr<Incoming> incoming_;
  std::string pending_;  // received, not yet parsed
  bool parsing_ = false;
  bool working_ = false;     // a request is with the handler
  bool close_next_ = false;  // after the answer in hand
  bool head_only_ = false;
  bool http_1_0_ = false;
  bool refused_ = false;
};

}  // namespace lienthong::net
