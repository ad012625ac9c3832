#pragma once
// Internal to net: one kept-alive connection of an HttpClient.

#include <memory>
#include <optional>

#include "gateway/net/connection.h"
#include "gateway/net/http_client_pool.h"
#include "gateway/net/http_response_parser.h"

namespace lienthong::net {

class ClientConnection final : public Connection {
 public:
  ClientConnection(ConnectionParts parts, std::shared_ptr<ClientPool> pool);
  void begin(ClientJob job);
  void fail_job(const Error& error);

 private:
  void opened() override;
  void received(std::string_view bytes) override;
  bool ended_by_peer() override;
  void draining() override;
  void ended(CloseReason reason, const Error* error) override;
  void ticked(Steady::time_point now) override;
  void deliver();

  std::shared_ptr<ClientPool> pool_;
  std::optional<ClientJob> job_;
  std::unique_ptr<ResponseParser> parser_;
  bool opened_ = false;
  bool reused_ = false;  // the job is not the first on this connection
};

}  // namespace lienthong::net
