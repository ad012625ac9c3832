#include "gateway/net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <future>

#include "gateway/net/listener_state.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {
namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsAtOnce = 64;                   // then others of the thread have their turn
constexpr std::chrono::milliseconds kTryAgain{100};  // when the system has no room for another

Failure cannot_listen(const Endpoint& endpoint, int error) {
  const std::string what = "cannot listen on " + to_string(endpoint) + ": ";
  if (error == EADDRINUSE) {
    return fail(Category::Conflict, kAddressInUse,
                what + "the address is in use; is the program running already?");
  }
  if (error == EACCES || error == EPERM) {
    return fail(Category::Forbidden, kPortForbidden, what + "this user may not take this port");
  }
  if (error == EADDRNOTAVAIL) {
    return fail(Category::Incorrect, kAddressNotHere,
                what + "no network card of this machine has that address");
  }
  return fail(Category::Fault, kAddressNotHere, what + std::strerror(error));
}

std::optional<SocketAddress> bind_address(const Endpoint& endpoint) {
  if (endpoint.host == "localhost") return numeric_address({"127.0.0.1", endpoint.port});
  return numeric_address(endpoint);
}

Result<UniqueFd> open_socket(const Endpoint& endpoint) {
  const auto address = bind_address(endpoint);
  if (!address) {
    return fail(Category::Incorrect, kAddressNotHere,
                "cannot listen on " + to_string(endpoint) + ": write a numeric address of this machine");
  }
  UniqueFd fd(::socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return cannot_listen(endpoint, errno);
  // SO_REUSEADDR lets a restart bind while old connections are in TIME_WAIT. No SO_REUSEPORT: a second
  // process could take half of the connections without a word.
  const int one = 1;
  const int zero = 0;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (endpoint.host.empty()) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
  if (::bind(fd.get(), address->get(), address->size) != 0) return cannot_listen(endpoint, errno);
  if (::listen(fd.get(), kBacklog) != 0) return cannot_listen(endpoint, errno);
  return fd;
}

UniqueFd reserve_descriptor() {
  return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

ListenerTicket::ListenerTicket(std::shared_ptr<ListenerState> state, const AddressBytes& address) noexcept
    : state_(std::move(state)), address_(address) {}
ListenerTicket::~ListenerTicket() {
  state_->leave(address_);
}
void ListenerTicket::note_failed_handshake() noexcept {
  ++state_->failed_handshakes;
}
void ListenerTicket::note_timed_out() noexcept {
  ++state_->timed_out;
}

Result<std::shared_ptr<Listener>> Listener::open(IoThreads& threads, ListenerOptions options,
                                                 ConnectionStarter starter) {
  auto fd = open_socket(options.endpoint);
  if (!fd) return forward(fd);
  auto listener = std::make_shared<Listener>(threads, std::move(options), std::move(starter), std::move(*fd));
  listener->home_->post([listener] {
    listener->socket_.emplace(*listener->home_, std::move(listener->fd_));
    listener->home_->add_drainable(listener);
    if (listener->socket_ && listener->socket_->watched()) listener->socket_->wait_readable(listener);
  });
  return listener;
}

Listener::Listener(IoThreads& threads, ListenerOptions options, ConnectionStarter starter, UniqueFd fd)
    : threads_(threads),
      home_(threads.thread(0)),
      options_(std::move(options)),
      starter_(std::make_shared<const ConnectionStarter>(std::move(starter))),
      state_(std::make_shared<ListenerState>(options_.connections)),
      actual_{options_.endpoint.host, local_address(fd.get()).port()},
      fd_(std::move(fd)),
      reserve_(reserve_descriptor()) {}

Listener::~Listener() = default;

ListenerCounts Listener::counts() const noexcept {
  return {state_->accepted,          state_->refused_address, state_->refused_limit,
          state_->failed_handshakes, state_->timed_out,       state_->open()};
}

void Listener::begin_drain() {
  socket_.reset();
}

void Listener::stop_accepting() {
  if (home_->is_current()) {
    begin_drain();
    return home_->remove_drainable(this);
  }
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  const bool posted = home_->post([self = shared_from_this(), done = std::move(done)] {
    self->begin_drain();
    self->home_->remove_drainable(self.get());
    done->set_value();
  });
  if (posted && IoThread::current() == nullptr) finished.wait();
}

void Listener::on_readable() {
  bool more = true;
  for (int i = 0; more && i < kAcceptsAtOnce; ++i) more = socket_ && accept_one();
  if (!socket_) return;
  if (more) socket_->note_unread();
  socket_->wait_readable(shared_from_this());
}

// False when nobody waits, or nobody can be accepted now.
bool Listener::accept_one() {
  SocketAddress remote;
  socklen_t size = remote.bytes.size();
  UniqueFd fd(::accept4(socket_->fd(), remote.get(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd) {
    remote.size = size;
    hand_over(std::move(fd), remote);
    return true;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
  if (errno == ECONNABORTED || errno == EINTR) return true;
  if ((errno == EMFILE || errno == ENFILE) && drop_one_for_lack_of_descriptors()) return true;
  home_->run_after(kTryAgain, [weak = weak_from_this()] {
    if (const auto listener = weak.lock()) listener->on_readable();
  });
  return false;
}

// False when not even that was possible.
bool Listener::drop_one_for_lack_of_descriptors() {
  ++state_->refused_limit;
  reserve_ = UniqueFd();
  bool dropped = false;
  {
    const UniqueFd next(::accept4(socket_->fd(), nullptr, nullptr, SOCK_CLOEXEC));
    dropped = static_cast<bool>(next);
  }
  reserve_ = reserve_descriptor();
  return dropped;
}

void Listener::hand_over(UniqueFd fd, const SocketAddress& remote) {
  const AddressBytes address = remote.address();
  if (!options_.allow.allows(address)) {
    ++state_->refused_address;
    return;
  }
  if (!state_->enter(address, is_loopback(remote.host()))) {
    ++state_->refused_limit;
    return;
  }
  auto ticket = std::make_shared<ListenerTicket>(state_, address);
  ++state_->accepted;
  const int one = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);  // finds peers that died without a word
  std::unique_ptr<TlsSession> tls;
  if (options_.tls) {
    auto session = TlsSession::server(*options_.tls, fd.get());
    if (!session) return;
    tls = std::move(*session);
  }
  const auto& thread = threads_.thread(threads_.least_loaded());
  ConnectionParts parts{thread, std::move(fd), remote, std::move(tls), options_.timeouts, std::move(ticket),
                        true};
  thread->count_connection(1);  // now, so that the next one sees it
  if (thread->is_current()) return (*starter_)(std::move(parts));
  thread->post([starter = starter_, parts = std::move(parts)]() mutable { (*starter)(std::move(parts)); });
}

}  // namespace lienthong::net
