#pragma once
// Internal to net: the acceptor of one endpoint. Hands each connection to the least loaded io thread, where
// it stays.

#include <functional>
#include <memory>
#include <optional>

#include "gateway/base/result.h"
#include "gateway/net/connection.h"
#include "gateway/net/io_thread.h"
#include "gateway/net/stream_server.h"

namespace lienthong::net {

// Counts of one listener and how many connections each address has; shared with the connections' tickets.
class ListenerState;

// Held by a connection while it is open.
class ListenerTicket {
 public:
  ListenerTicket(std::shared_ptr<ListenerState> state, const AddressBytes& address) noexcept;
  ~ListenerTicket();
  ListenerTicket(const ListenerTicket&) = delete;
  ListenerTicket& operator=(const ListenerTicket&) = delete;
  void note_failed_handshake() noexcept;
  void note_timed_out() noexcept;

 private:
  std::shared_ptr<ListenerState> state_;
  AddressBytes address_;
};

struct ListenerOptions {
  Endpoint endpoint;
  std::optional<TlsServer> tls;
  AllowList allow;
  ConnectionLimits connections;
  Timeouts timeouts;
};

// Makes and starts the connection; called on the io thread it belongs to.
using ConnectionStarter = std::function<void(ConnectionParts)>;

class Listener final : public SocketOwner, public Drainable, public std::enable_shared_from_this<Listener> {
 public:
  static Result<std::shared_ptr<Listener>> open(IoThreads& threads, ListenerOptions options,
                                                ConnectionStarter starter);
  Listener(IoThreads& threads, ListenerOptions options, ConnectionStarter starter, UniqueFd fd);
  ~Listener() override;

  Endpoint endpoint() const { return actual_; }
  ListenerCounts counts() const noexcept;
  void stop_accepting();  // waits for it, unless on an io thread

  void on_readable() override;
  void on_writable() override {}
  void begin_drain() override;
  void cut_off() override { begin_drain(); }

 private:
  bool accept_one();
  void hand_over(UniqueFd fd, const SocketAddress& remote);
  bool drop_one_for_lack_of_descriptors();

  IoThreads& threads_;
  std::shared_ptr<IoThread> home_;  // the thread that accepts
  const ListenerOptions options_;
  const std::shared_ptr<const ConnectionStarter> starter_;
  const std::shared_ptr<ListenerState> state_;
  Endpoint actual_;
  UniqueFd fd_;       // until the socket is made on its thread
  UniqueFd reserve_;  // given up to accept and close a connection when no descriptor is left
  std::optional<Socket> socket_;
};

}  // namespace lienthong::net
