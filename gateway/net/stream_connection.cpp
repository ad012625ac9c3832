#include "gateway/net/stream_connection.h"

namespace lienthong::net {

StreamConnection::StreamConnection(ConnectionParts parts, MakeHandler make_handler)
    : Connection(std::move(parts)), make_handler_(std::move(make_handler)) {}

void StreamConnection::opened() {
  handler_ = make_handler_(peer_ref());
  make_handler_ = nullptr;
  if (!handler_) return end(CloseReason::ByUs);
  handler_->on_open(std::static_pointer_cast<StreamConnection>(shared_from_this()));
}

void StreamConnection::received(std::string_view bytes) {
  progress().since = Steady::now();
  handler_->on_bytes(bytes);
}

void StreamConnection::sent_all() {
  handler_->on_writable();
}

bool StreamConnection::ended_by_peer() {
  return handler_->on_end_of_input();
}

void StreamConnection::draining() {
  handler_->on_drain();
}

void StreamConnection::pause_reading() {
  progress().phase = Phase::Working;
  pause();
}

void StreamConnection::resume_reading() {
  progress().phase = Phase::Idle;
  progress().since = Steady::now();
  resume();
}

void StreamConnection::ended(CloseReason reason, const Error* error) {
  if (!handler_ && make_handler_) handler_ = make_handler_(peer_ref());
  make_handler_ = nullptr;
  if (const auto handler = std::move(handler_)) handler->on_closed(reason, error);
}

}  // namespace lienthong::net
