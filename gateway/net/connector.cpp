#include "gateway/net/connector.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "gateway/net/net_errors.h"

namespace lienthong::net {

void Connector::start(const std::shared_ptr<IoThread>& thread, const Endpoint& endpoint,
                      std::chrono::milliseconds limit, Done done) {
  auto self = std::make_shared<Connector>(thread, endpoint, limit, std::move(done));
  if (thread->draining()) return self->cut_off();
  thread->add_drainable(self);
  thread->run_after(limit, [weak = std::weak_ptr(self)] {
    const auto connector = weak.lock();
    if (connector)
      connector->finish(fail(Category::Interrupted, kTimedOut,
                             "connecting to " + to_string(connector->endpoint_) + " took too long"));
  });
  if (const auto numeric = numeric_address(endpoint); numeric && !endpoint.host.empty()) {
    thread->post([self, address = *numeric] { self->take_addresses(std::vector{address}); });
    return;
  }
  thread->resolve(endpoint.host, endpoint.port, [self](Result<std::vector<SocketAddress>> found) {
    self->take_addresses(std::move(found));
  });
}

Connector::Connector(std::shared_ptr<IoThread> thread, const Endpoint& endpoint,
                     std::chrono::milliseconds limit, Done done)
    : thread_(std::move(thread)),
      endpoint_(endpoint),
      deadline_(Steady::now() + limit),
      done_(std::move(done)) {}

void Connector::take_addresses(Result<std::vector<SocketAddress>> addresses) {
  if (!done_) return;
  if (!addresses) return finish(forward(addresses));
  addresses_ = std::move(*addresses);
  std::reverse(addresses_.begin(), addresses_.end());
  try_next();
}

void Connector::try_next() {
  while (!addresses_.empty()) {
    current_ = addresses_.back();
    addresses_.pop_back();
    UniqueFd fd(::socket(current_.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    last_error_ = errno;
    if (!fd) continue;
    const int one = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    const bool connected = ::connect(fd.get(), current_.get(), current_.size) == 0;
    last_error_ = connected ? 0 : errno;
    if (!connected && last_error_ != EINPROGRESS) continue;
    socket_.emplace(*thread_, std::move(fd));
    if (!socket_->watched()) continue;
    return socket_->wait_writable(shared_from_this());
  }
  finish(failure(last_error_));
}

void Connector::on_writable() {
  if (!done_ || !socket_) return;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_->fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    last_error_ = error;
    socket_.reset();
    return try_next();
  }
  // A descriptor leaves the reactor by being closed, so the connection gets a duplicate.
  UniqueFd fd(::fcntl(socket_->fd(), F_DUPFD_CLOEXEC, 0));
  if (!fd) return finish(failure(errno));
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Steady::now());
  finish(Connected{std::move(fd), current_, std::max(left, std::chrono::milliseconds(1))});
}

Failure Connector::failure(int error) const {
  return fail(Category::Unavailable, kUnreachable,
              "cannot connect to " + to_string(endpoint_) + ": " + std::strerror(error));
}

void Connector::cut_off() {
  finish(fail(Category::Interrupted, kTimedOut, "the program is stopping"));
}

void Connector::finish(Result<Connected> result) {
  if (!done_) return;
  const auto self = shared_from_this();
  socket_.reset();
  thread_->remove_drainable(this);
  Done done = std::move(done_);
  done_ = nullptr;
  done(std::move(result));
}

Result<ConnectionParts> make_parts(const std::shared_ptr<IoThread>& thread, Connector::Connected connected,
                                   const TlsClient* tls, const std::string& host, Timeouts timeouts) {
  timeouts.handshake = connected.time_left;
  ConnectionParts parts{thread, std::move(connected.fd), connected.remote, nullptr, timeouts, nullptr, false};
  if (tls == nullptr) return parts;
  auto session = TlsSession::client(*tls, parts.fd.get(), host);
  if (!session) return forward(session);
  parts.tls = std::move(*session);
  return parts;
}

}  // namespace lienthong::net
