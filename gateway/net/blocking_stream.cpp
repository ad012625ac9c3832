#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "gateway/net/net_errors.h"
#include "gateway/net/resolver.h"
#include "gateway/net/socket_address.h"
#include "gateway/net/stream_client.h"
#include "gateway/net/tls_session.h"
#include "gateway/net/unique_fd.h"

namespace lienthong::net {
namespace {

Failure timed_out(const char* what) {
  return fail(Category::Interrupted, kTimedOut, std::string(what) + " took too long");
}

Failure cut_off(const std::string& why) {
  return fail(Category::Unavailable, kCutOff, "the connection ended: " + why);
}

int milliseconds_until(Steady::time_point deadline) noexcept {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
  return left > 0 ? static_cast<int>(std::min<long>(left, 1'000'000)) : 0;
}

// False when the deadline passed first.
bool wait_for(int fd, short events, Steady::time_point deadline) noexcept {
  pollfd entry{fd, events, 0};
  for (;;) {
    const int n = ::poll(&entry, 1, milliseconds_until(deadline));
    if (n > 0) return true;
    if (n == 0 || errno != EINTR) return false;
  }
}

// 0, or errno. ETIMEDOUT when the deadline passed.
int connect_to(const SocketAddress& address, Steady::time_point deadline, UniqueFd& out) {
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  if (::connect(fd.get(), address.get(), address.size) != 0) {
    if (errno != EINPROGRESS) return errno;
    if (!wait_for(fd.get(), POLLOUT, deadline)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return error;
  }
  const int one = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  out = std::move(fd);
  return 0;
}

}  // namespace

class BlockingStream::Impl {
 public:
  // Waits for what the last call wanted. False when the deadline passed.
  bool wait(IoStatus wanted, Steady::time_point deadline) const {
    return wait_for(fd.get(), wanted == IoStatus::WantWrite ? POLLOUT : POLLIN, deadline);
  }

  IoResult write(std::string_view bytes) {
    if (tls) return tls->write(bytes);
    const ssize_t n = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return n >= 0 ? IoResult{IoStatus::Done, static_cast<std::size_t>(n)} : failed(IoStatus::WantWrite);
  }

  IoResult read(char* buffer, std::size_t size) {
    if (tls) return tls->read(buffer, size);
    const ssize_t n = ::recv(fd.get(), buffer, size, 0);
    if (n == 0) return {IoStatus::Closed, 0};
    return n > 0 ? IoResult{IoStatus::Done, static_cast<std::size_t>(n)} : failed(IoStatus::WantRead);
  }

  static IoResult failed(IoStatus wanted) noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {wanted, 0};
    return {IoStatus::Failed, 0};
  }

  Result<void> handshake(const StreamClientOptions& options, Steady::time_point deadline) {
    auto session = TlsSession::client(*options.tls, fd.get(), options.endpoint.host);
    if (!session) return forward(session);
    tls = std::move(*session);
    for (;;) {
      const IoStatus status = tls->handshake();
      if (status == IoStatus::Done) return {};
      if (status != IoStatus::WantRead && status != IoStatus::WantWrite) {
        return fail(Category::Unavailable, kTlsFailed, "TLS handshake failed: " + tls->failure());
      }
      if (!wait(status, deadline)) return timed_out("the TLS handshake");
    }
  }

  UniqueFd fd;
  std::unique_ptr<TlsSession> tls;
};

BlockingStream::BlockingStream(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
BlockingStream::BlockingStream(BlockingStream&&) noexcept = default;
BlockingStream& BlockingStream::operator=(BlockingStream&&) noexcept = default;
BlockingStream::~BlockingStream() {
  if (impl_ && impl_->tls) impl_->tls->send_close_notify();
}

Result<BlockingStream> BlockingStream::connect(const StreamClientOptions& options) {
  const auto deadline = Steady::now() + options.connect_timeout;
  // OpenSSL writes with write(2), which raises SIGPIPE on the calling thread.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  const auto addresses = resolve_now(options.endpoint);
  if (!addresses) return forward(addresses);
  auto impl = std::make_unique<Impl>();
  int error = EHOSTUNREACH;
  for (const SocketAddress& address : *addresses) {
    error = connect_to(address, deadline, impl->fd);
    if (error == 0) break;
  }
  if (error == ETIMEDOUT) return timed_out("connecting");
  if (error != 0) {
    return fail(Category::Unavailable, kUnreachable,
                "cannot connect to " + to_string(options.endpoint) + ": " + std::strerror(error));
  }
  if (options.tls) {
    const auto shaken = impl->handshake(options, deadline);
    if (!shaken) return forward(shaken);
  }
  return BlockingStream(std::move(impl));
}

Result<void> BlockingStream::send(std::string_view bytes, std::chrono::milliseconds timeout) {
  const auto deadline = Steady::now() + timeout;
  while (!bytes.empty()) {
    const IoResult result = impl_->write(bytes);
    if (result.status == IoStatus::Done) {
      bytes.remove_prefix(result.bytes);
      continue;
    }
    if (result.status != IoStatus::WantRead && result.status != IoStatus::WantWrite) {
      return cut_off("the peer takes no more");
    }
    if (!impl_->wait(result.status, deadline)) return timed_out("sending");
  }
  return {};
}

Result<std::size_t> BlockingStream::receive(char* buffer, std::size_t size,
                                            std::chrono::milliseconds timeout) {
  const auto deadline = Steady::now() + timeout;
  for (;;) {
    const IoResult result = impl_->read(buffer, size);
    if (result.status == IoStatus::Done) return result.bytes;
    if (result.status == IoStatus::Closed) return std::size_t{0};
    if (result.status == IoStatus::Failed)
      return cut_off(impl_->tls ? impl_->tls->failure() : std::strerror(errno));
    if (!impl_->wait(result.status, deadline)) return timed_out("waiting for the peer");
  }
}

}  // namespace lienthong::net
