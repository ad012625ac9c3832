#pragma once
// A stream of bytes and the one who handles it, for servers (stream_server.h) and clients (stream_client.h)
// alike.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/net/tls.h"

namespace lienthong::net {

// What a handler may do to its connection. All calls on the connection's io thread only (others:
// IoThreads::post to io_thread()); after the end of the connection they do nothing. Held by shared_ptr: late
// completions are safe.
class Stream {
 public:
  virtual ~Stream() = default;

  // Queues bytes. They are sent when the running callback (on_bytes or a posted batch) is done: many small
  // writes are one system call. Copies. Unbounded by itself: whoever answers a peer's input should
  // pause_reading() while unsent() is above its own limit and resume in on_writable(); a peer that takes
  // nothing for Timeouts::write_stall is cut off.
  virtual void write(std::string_view bytes) = 0;

  // Bytes written but not yet taken by the operating system.
  virtual std::size_t unsent() const noexcept = 0;

  // No on_bytes from the end of the running one until resume_reading(). Idle time does not count meanwhile.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  virtual void close() = 0;  // at once; unsent bytes are dropped
  virtual void
  close_after_write() = 0;  // no more on_bytes; closes when all is sent (or after Timeouts::write_stall)

  virtual bool is_open() const noexcept = 0;
  virtual const Peer& peer() const noexcept = 0;
  virtual unsigned io_thread() const noexcept = 0;
};

enum class CloseReason : std::uint8_t {
  ByPeer,    // orderly end of stream
  ByUs,      // close() or close_after_write()
  Failed,    // reset, TLS error, could not connect
  TimedOut,  // one of Timeouts
  Stopped,   // IoThreads::stop cut it off
};

// One handler object a connection; all calls on the connection's io thread, never overlapping, none after
// on_closed. The connection holds the handler until on_closed; a handler that holds the Stream must let go of
// it there.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;

  // Connected, and the TLS handshake is done.
  virtual void on_open(std::shared_ptr<Stream> stream) = 0;

  // Bytes as they came; the view is valid during the call only (the buffer is shared by the io thread), and
  // kPadding bytes behind it may be read. Keep what is incomplete yourself.
  virtual void on_bytes(std::string_view bytes) = 0;

  // All queued bytes are sent. Called if a write had to wait for the peer, or reading is paused.
  virtual void on_writable() {}

  // The peer will send no more, but may still read. False (the default): the connection sends what is queued
  // and ends with ByPeer. True: answers are still owed; the handler closes by itself.
  virtual bool on_end_of_input() { return false; }

  // The program is stopping: finish what is in hand and close. Idle handlers should close now.
  virtual void on_drain() {}

  // The end, after on_open or instead of it. `error` has a text when the reason is Failed or TimedOut.
  virtual void on_closed(CloseReason reason, const Error* error) = 0;
};

}  // namespace lienthong::net
