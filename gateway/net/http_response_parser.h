#pragma once
// Internal to net: one HTTP/1.1 response out of bytes (interim 1xx responses are passed over). Sans I/O.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/net/http_client.h"

namespace lienthong::net {

class ResponseParser {
 public:
  ResponseParser(std::size_t body_limit, bool answers_head);
  ~ResponseParser();

  // Incorrect (LT-6009) when it is not HTTP or too long. What does not fit into a whole line is kept.
  Result<void> put(std::string_view bytes);
  // The peer has ended the stream: the end of a body without length, or Unavailable (LT-6012).
  Result<void> put_end();

  bool started() const noexcept { return started_; }
  bool done() const noexcept;
  bool keep_alive() const noexcept;  // after done(), and nothing behind the response
  ClientResponse take();

 private:
  class Impl;
  void restart();

  const std::size_t body_limit_;
  const bool answers_head_;
  bool started_ = false;
  std::unique_ptr<Impl> impl_;
  std::string pending_;
};

}  // namespace lienthong::net
