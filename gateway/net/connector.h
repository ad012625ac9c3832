#pragma once
// Internal to net: from an endpoint to a connected socket, with a time limit.

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/net/connection.h"
#include "gateway/net/io_thread.h"

namespace lienthong::net {

// Tries the addresses of a name one after the other. Io thread only.
class Connector final : public SocketOwner, public Drainable, public std::enable_shared_from_this<Connector> {
 public:
  struct Connected {
    UniqueFd fd;
    SocketAddress remote;
    std::chrono::milliseconds time_left;  // of the limit, for the TLS handshake
  };
  using Done = MoveFunction<void(Result<Connected>)>;

  // `done` is called once, on the thread; before start() returns only if the program is stopping.
  static void start(const std::shared_ptr<IoThread>& thread, const Endpoint& endpoint,
                    std::chrono::milliseconds limit, Done done);
  Connector(std::shared_ptr<IoThread> thread, const Endpoint& endpoint, std::chrono::milliseconds limit,
            Done done);

  void on_readable() override {}
  void on_writable() override;
  void begin_drain() override {}
  void cut_off() override;

 private:
  void take_addresses(Result<std::vector<SocketAddress>> addresses);
  void try_next();
  void finish(Result<Connected> result);
  Failure failure(int error) const;

  std::shared_ptr<IoThread> thread_;
  const Endpoint endpoint_;
  const Steady::time_point deadline_;
  Done done_;
  std::vector<SocketAddress> addresses_;  // the next one is the last
  SocketAddress current_;
  std::optional<Socket> socket_;
  int last_error_ = 0;
};

// Gives a connected socket its TLS session, if any, and the rest that a connection is made of.
Result<ConnectionParts> make_parts(const std::shared_ptr<IoThread>& thread, Connector::Connected connected,
                                   const TlsClient* tls, const std::string& host, Timeouts timeouts);

}  // namespace lienthong::net
