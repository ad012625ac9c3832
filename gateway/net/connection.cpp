#include "gateway/net/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "gateway/base/bytes.h"
#include "gateway/net/listener.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {
namespace {

constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::size_t kDiscardLimit = std::size_t{64} << 20;
constexpr std::size_t kPieces = 16;

IoResult failed_call() noexcept {
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoStatus::WantRead, 0};
  return {IoStatus::Failed, 0};
}

std::string_view text_of(TimeoutReason reason) noexcept {
  switch (reason) {
    case TimeoutReason::Idle:
      return "nothing was received for too long";
    case TimeoutReason::Head:
      return "the head of a request took too long";
    case TimeoutReason::Handshake:
      return "the TLS handshake took too long";
    case TimeoutReason::WriteStall:
      return "the peer takes no more bytes";
    case TimeoutReason::BodyTooSlow:
      return "the body came too slowly";
  }
  return "";
}

}  // namespace

Connection::Connection(ConnectionParts parts)
    : thread_(std::move(parts.thread)),
      tls_(std::move(parts.tls)),
      peer_(std::make_shared<Peer>()),
      ticket_(std::move(parts.ticket)),
      timeouts_(parts.timeouts) {
  peer_->address = parts.remote.host();
  peer_->port = parts.remote.port();
  peer_->tls = tls_ != nullptr;
  socket_.emplace(*thread_, std::move(parts.fd));
  if (!parts.counted) thread_->count_connection(1);
}

Connection::~Connection() {
  release();
}

void Connection::start() {
  thread_->add(shared_from_this());
  progress_.since = Steady::now();
  progress_.phase = tls_ ? Phase::Handshake : Phase::Idle;
  state_ = tls_ ? State::Handshake : State::Open;
  if (!socket_->watched()) return fail_with(kCutOff, "the operating system watches no more sockets");
  if (thread_->draining()) return end(CloseReason::Stopped);
  if (tls_) return handshake();
  opened();
  resume();
}

void Connection::handshake() {
  const IoStatus status = tls_->handshake();
  if (status == IoStatus::WantRead) return wait_readable();
  if (status == IoStatus::WantWrite) return wait_writable();
  if (status != IoStatus::Done) return fail_with(kTlsFailed, "TLS handshake failed: " + tls_->failure());
  peer_->certificate = tls_->identity();
  state_ = State::Open;
  progress_.phase = Phase::Idle;
  progress_.since = Steady::now();
  opened();
  read_some();
}

void Connection::on_readable() {
  waiting_readable_ = false;
  if (state_ == State::Handshake) return handshake();
  if (state_ == State::Lingering) return discard();
  if (state_ != State::Open) return;
  if (tls_ && !out_.empty()) mark_for_flush();  // a TLS write may have waited for bytes to come
  read_some();
}

void Connection::on_writable() {
  waiting_writable_ = false;
  if (state_ == State::Handshake) return handshake();
  if (state_ != State::Open) return;
  mark_for_flush();
  if (tls_ && !waiting_readable_) read_some();  // a TLS read may have waited for room
}

IoResult Connection::read_into(char* buffer, std::size_t size) {
  if (tls_) return tls_->read(buffer, size);
  ssize_t n = 0;
  do {
    n = ::recv(socket_->fd(), buffer, size, 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) return failed_call();
  if (n == 0) return {IoStatus::Closed, 0};
  return {IoStatus::Done, static_cast<std::size_t>(n)};
}

void Connection::read_some() {
  if (reading_) return;
  // TLS gives a record (16 KB) a call and does not say when it has come to the end.
  for (int rounds = tls_ ? 16 : 4; rounds > 0; --rounds) {
    if (state_ != State::Open || paused_ || closing_ || peer_ended_) break;
    const IoResult result = read_into(thread_->read_buffer(), IoThread::kReadBuffer);
    if (!take(result)) return;
    const bool drained = !tls_ && result.bytes < IoThread::kReadBuffer;
    if (drained) return read_on();
  }
  if (socket_) socket_->note_unread();
  read_on();
}

void Connection::read_on() {
  if (!paused_) resume();  // the handler may have paused in what was read last
}

// False when reading must not go on now.
bool Connection::take(const IoResult& result) {
  switch (result.status) {
    case IoStatus::Done:
      break;
    case IoStatus::WantRead:
      wait_readable();
      return false;
    case IoStatus::WantWrite:
      wait_writable();
      return false;
    case IoStatus::Closed:
    case IoStatus::Failed:
      take_end(result);
      return false;
  }
  char* buffer = thread_->read_buffer();
  std::memset(buffer + result.bytes, 0, kPadding);
  reading_ = true;
  received({buffer, result.bytes});
  reading_ = false;
  return true;
}

void Connection::take_end(const IoResult& result) {
  if (result.status == IoStatus::Failed) {
    return fail_with(
        kCutOff, tls_ ? tls_->failure() : std::string("the connection was cut off: ") + std::strerror(errno));
  }
  peer_ended_ = true;
  if (ended_by_peer() || state_ != State::Open) return;
  if (out_.empty()) return end(CloseReason::ByPeer);
  end_reason_ = CloseReason::ByPeer;
  closing_ = true;
}

void Connection::resume() {
  paused_ = false;
  if (state_ != State::Open || reading_ || waiting_readable_ || closing_ || peer_ended_) return;
  if (tls_ && tls_->has_pending()) return read_again_later();
  wait_readable();
}

void Connection::read_again_later() {
  thread_->post([self = shared_from_this()] { self->read_some(); });
}

void Connection::wait_readable() {
  if (std::exchange(waiting_readable_, true)) return;
  socket_->wait_readable(shared_from_this());
}

void Connection::wait_writable() {
  if (std::exchange(waiting_writable_, true)) return;
  socket_->wait_writable(shared_from_this());
}

void Connection::send(std::string_view bytes) {
  if (state_ != State::Open) return;
  out_.append(bytes);
  mark_for_flush();
}

void Connection::send(std::string&& bytes) {
  if (state_ != State::Open) return;
  out_.append(std::move(bytes));
  mark_for_flush();
}

void Connection::send(std::shared_ptr<const std::string> bytes) {
  if (state_ != State::Open) return;
  out_.append(std::move(bytes));
  mark_for_flush();
}

void Connection::mark_for_flush() {
  if (!std::exchange(marked_, true)) thread_->flush_later(shared_from_this());
}

IoResult Connection::write_front() {
  std::array<std::string_view, kPieces> pieces;
  if (tls_) {
    out_.front(pieces.data(), 1);
    return tls_->write(pieces[0]);
  }
  std::array<iovec, kPieces> vectors;
  const std::size_t count = out_.front(pieces.data(), kPieces);
  for (std::size_t i = 0; i < count; ++i) {
    vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  const ssize_t n = ::sendmsg(socket_->fd(), &message, MSG_NOSIGNAL);
  if (n >= 0) return {IoStatus::Done, static_cast<std::size_t>(n)};
  if (errno == EINTR) return {IoStatus::Done, 0};
  const IoResult result = failed_call();
  return result.status == IoStatus::WantRead ? IoResult{IoStatus::WantWrite, 0} : result;
}

void Connection::flush() {
  marked_ = false;
  deliver_end();
  if (state_ != State::Open) return;
  while (!out_.empty()) {
    const IoResult result = write_front();
    if (result.status == IoStatus::Done) {
      out_.consume(result.bytes);
      if (progress_.unsent_since) progress_.unsent_since = Steady::now();
      continue;
    }
    if (result.status != IoStatus::WantRead && result.status != IoStatus::WantWrite) {
      return fail_with(kCutOff, "the peer closed while it was being written to");
    }
    if (!progress_.unsent_since) progress_.unsent_since = Steady::now();
    had_to_wait_ = true;
    return result.status == IoStatus::WantRead ? wait_readable() : wait_writable();
  }
  progress_.unsent_since.reset();
  if (closing_) return linger();
  if (std::exchange(had_to_wait_, false) || paused_) sent_all();
}

void Connection::close_after_write() {
  if (state_ != State::Open) return;
  closing_ = true;
  mark_for_flush();
}

// A socket closed while bytes of the peer are unread sends a reset, which may destroy the answer on its way
// to the peer (RFC 9112 §9.6): so end our side, read on for a short while, and drop what comes.
void Connection::linger() {
  if (tls_) tls_->send_close_notify();
  if (peer_ended_ || ::shutdown(socket_->fd(), SHUT_WR) != 0) return end(end_reason_);
  state_ = State::Lingering;
  progress_.since = Steady::now();
  mark_for_flush();  // the handler hears of the end now
  if (!waiting_readable_) discard();
}

void Connection::discard() {
  for (int rounds = 0; rounds < 4; ++rounds) {
    const ssize_t n = ::recv(socket_->fd(), thread_->read_buffer(), IoThread::kReadBuffer, 0);
    if (n < 0 && errno == EAGAIN) return wait_readable();
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return release();
    discarded_ += static_cast<std::size_t>(n);
    if (discarded_ > kDiscardLimit) return release();
  }
  socket_->note_unread();
  wait_readable();
}

void Connection::drain() {
  if (state_ == State::Handshake) return end(CloseReason::Stopped);
  if (state_ == State::Open) draining();
}

void Connection::sweep(Steady::time_point now) {
  if (state_ == State::Lingering && now - progress_.since > kLinger) return release();
  if (!is_open()) return;
  ticked(now);
  if (!is_open()) return;
  const auto broken = broken_limit(timeouts_, progress_, now);
  if (!broken) return;
  if (*broken == TimeoutReason::Handshake || *broken == TimeoutReason::WriteStall || closing_) {
    return end_with(CloseReason::TimedOut, *broken);
  }
  limit_broken(*broken);
}

void Connection::note_timeout() noexcept {
  if (ticket_) ticket_->note_timed_out();
}

void Connection::end_with(CloseReason reason, TimeoutReason limit) {
  const Error error{Category::Interrupted, kTimedOut, std::string(text_of(limit))};
  end(reason, &error);
}

void Connection::fail_with(std::uint16_t number, std::string text) {
  const Error error{Category::Unavailable, number, std::move(text)};
  end(CloseReason::Failed, &error);
}

void Connection::end(CloseReason reason, const Error* error) {
  if (state_ == State::Ended) return;
  const auto self = shared_from_this();
  if (ticket_ && state_ == State::Handshake) ticket_->note_failed_handshake();
  if (reason == CloseReason::TimedOut) note_timeout();
  if (state_ != State::Lingering) {
    end_reason_ = reason;
    if (error != nullptr) end_error_ = std::make_unique<Error>(*error);
    if (tls_) tls_->send_close_notify();
  }
  mark_for_flush();  // the handler must not be told in the middle of what it is doing
  release();
}

void Connection::deliver_end() {
  if (state_ != State::Lingering && state_ != State::Ended) return;
  if (!std::exchange(end_delivered_, true)) ended(end_reason_, end_error_.get());
}

void Connection::release() {
  state_ = State::Ended;
  out_.clear();
  socket_.reset();
  tls_.reset();
  ticket_.reset();
  if (!std::exchange(counted_, false)) return;
  thread_->count_connection(-1);
  if (position_ != kNowhere) thread_->remove(*this);
}

}  // namespace lienthong::net
