#pragma once
// Internal to net: one connection's socket, TLS, reading, writing, time limits and end. What the bytes mean
// is left to the class that derives from it. All on the connection's io thread.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/error.h"
#include "gateway/net/io_thread.h"
#include "gateway/net/limits.h"
#include "gateway/net/out_queue.h"
#include "gateway/net/stream.h"
#include "gateway/net/tls_session.h"

namespace lienthong::net {

class ListenerTicket;

// What a connection is made of. `counted` says that the thread has counted it already (a listener does, when
// it chooses the least loaded thread).
struct ConnectionParts {
  std::shared_ptr<IoThread> thread;
  UniqueFd fd;  // non-blocking
  SocketAddress remote;
  std::unique_ptr<TlsSession> tls;
  Timeouts timeouts;
  std::shared_ptr<ListenerTicket> ticket;  // released at the end; null for outgoing connections
  bool counted = false;
};

class Connection : public SocketOwner, public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(ConnectionParts parts);
  ~Connection() override;

  void start();  // once, after make_shared
  void flush();  // sends what is queued
  void sweep(Steady::time_point now);
  void drain();
  void end(CloseReason reason, const Error* error = nullptr);

  bool is_open() const noexcept { return state_ == State::Handshake || state_ == State::Open; }
  bool is_lingering() const noexcept { return state_ == State::Lingering; }
  void set_position(std::size_t position) noexcept { position_ = position; }
  std::size_t position() const noexcept { return position_; }
  IoThread& thread() const noexcept { return *thread_; }
  const std::shared_ptr<IoThread>& thread_handle() const noexcept { return thread_; }

  void on_readable() override;
  void on_writable() override;

 protected:
  // For the derived class to answer.
  virtual void opened() = 0;
  virtual void received(std::string_view bytes) = 0;  // kPadding bytes behind may be read
  virtual void sent_all() {}         // after a send that had to wait, or while reading is paused
  virtual bool ended_by_peer() = 0;  // true: we will send more and close by ourselves
  virtual void limit_broken(TimeoutReason reason) { end_with(CloseReason::TimedOut, reason); }
  virtual void draining() = 0;
  virtual void ended(CloseReason reason, const Error* error) = 0;  // once
  virtual void ticked(Steady::time_point) {}

  // For the derived class to use. Nothing happens after the end.
  void send(std::string_view bytes);
  void send(std::string&& bytes);
  void send(std::shared_ptr<const std::string> bytes);
  void pause() noexcept { paused_ = true; }
  void resume();
  void close_after_write();
  void end_with(CloseReason reason, TimeoutReason limit);
  void note_timeout() noexcept;
  void fail_with(std::uint16_t number, std::string text);
  PhaseProgress& progress() noexcept { return progress_; }
  std::size_t unsent() const noexcept { return out_.size(); }
  std::shared_ptr<const Peer> peer() const noexcept { return peer_; }
  const Peer& peer_ref() const noexcept { return *peer_; }
  bool paused() const noexcept { return paused_; }

 private:
  enum class State : std::uint8_t { New, Handshake, Open, Lingering, Ended };

  void handshake();
  void read_some();
  void read_on();
  IoResult read_into(char* buffer, std::size_t size);
  bool take(const IoResult& result);
  void take_end(const IoResult& result);
  void discard();
  void wait_readable();
  void wait_writable();
  void read_again_later();
  void linger();
  void release();
  void mark_for_flush();
  void deliver_end();
  IoResult write_front();

  std::shared_ptr<IoThread> thread_;
  std::optional<Socket> socket_;
  std::unique_ptr<TlsSession> tls_;
  std::shared_ptr<Peer> peer_;
  std::shared_ptr<ListenerTicket> ticket_;
  Timeouts timeouts_;
  PhaseProgress progress_;
  OutQueue out_;
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  std::size_t position_ = kNowhere;
  State state_ = State::New;
  bool paused_ = false;
  bool reading_ = false;  // inside received()
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  bool marked_ = false;   // in the thread's list to be flushed
  bool closing_ = false;  // close_after_write was called
  bool peer_ended_ = false;
  bool had_to_wait_ = false;  // since the last sent_all
  bool counted_ = true;       // in the thread's load
  bool end_delivered_ = false;
  CloseReason end_reason_ = CloseReason::ByUs;
  std::unique_ptr<Error> end_error_;
  std::size_t discarded_ = 0;
};

}  // namespace lienthong::net
