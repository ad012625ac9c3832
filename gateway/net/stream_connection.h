#pragma once
// Internal to net: a connection whose bytes go to a StreamHandler, and the Stream the handler sees.

#include <functional>
#include <memory>

#include "gateway/net/connection.h"
#include "gateway/net/stream.h"

namespace lienthong::net {

class StreamConnection final : public Connection, public Stream {
 public:
  // Makes the handler once the peer is known; nullptr ends the connection.
  using MakeHandler = MoveFunction<std::shared_ptr<StreamHandler>(const Peer&)>;
  StreamConnection(ConnectionParts parts, MakeHandler make_handler);

  void write(std::string_view bytes) override { send(bytes); }
  std::size_t unsent() const noexcept override { return Connection::unsent(); }
  void pause_reading() override;
  void resume_reading() override;
  void close() override { end(CloseReason::ByUs); }
  void close_after_write() override { Connection::close_after_write(); }
  bool is_open() const noexcept override { return Connection::is_open(); }
  const Peer& peer() const noexcept override { return peer_ref(); }
  unsigned io_thread() const noexcept override { return thread().index(); }

 private:
  void opened() override;
  void received(std::string_view bytes) override;
  void sent_all() override;
  bool ended_by_peer() override;
  void draining() override;
  void ended(CloseReason reason, const Error* error) override;

  MakeHandler make_handler_;
  std::shared_ptr<StreamHandler> handler_;
};

}  // namespace lienthong::net
