#pragma once
// Internal to net: the connections of one HttpClient and what waits for them. Io thread only.

#include <deque>
#include <memory>
#include <vector>

#include "gateway/net/base_url.h"
#include "gateway/net/connector.h"
#include "gateway/net/http_client.h"
#include "gateway/net/io_thread.h"

namespace lienthong::net {

class ClientConnection;

// One request on its way.
struct ClientJob {
  std::string head;  // request line and headers
  std::shared_ptr<const std::string> body;
  ClientCallback callback;
  Steady::time_point deadline;
  bool repeatable = false;
  bool answers_head = false;
  bool repeated = false;
};

class ClientPool final : public Drainable, public std::enable_shared_from_this<ClientPool> {
 public:
  ClientPool(std::shared_ptr<IoThread> thread, HttpClientOptions options, BaseUrl base);

  void open();  // once, on the thread
  void submit(ClientJob job);
  void shut(const Error& why);  // fails what is open; nothing is taken after it

  // From the connections.
  void ready(const std::shared_ptr<ClientConnection>& connection);  // it is free
  void gone(ClientConnection& connection, const Error* connect_error);
  void repeat(ClientJob job);

  void begin_drain() override;
  void cut_off() override;
  const HttpClientOptions& options() const noexcept { return options_; }
  std::string head_of(const ClientRequest& request) const;

 private:
  void connect();
  void connected(Result<Connector::Connected> result);
  void connect_failed(const Error& error);
  void serve_waiting();
  void expire();

  const std::shared_ptr<IoThread> thread_;
  const HttpClientOptions options_;
  const BaseUrl base_;
  std::deque<ClientJob> waiting_;
  std::vector<std::shared_ptr<ClientConnection>> idle_;
  std::vector<ClientConnection*> all_;
  std::size_t connecting_ = 0;
  bool shut_ = false;
};

}  // namespace lienthong::net
