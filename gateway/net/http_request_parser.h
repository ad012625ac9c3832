#pragma once
// Internal to net: one HTTP/1.1 request out of bytes. Beast's parser decides what is well formed; limits,
// refusals and where the parts are kept are ours. Sans I/O.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/net/http_body.h"
#include "gateway/net/http_message.h"

namespace lienthong::net {

// Why a request is answered by the server itself.
struct Refusal {
  int status = 400;
  const char* text = "";
};

class RequestParser {
 public:
  explicit RequestParser(std::size_t header_limit);
  ~RequestParser();

  // Parses up to the end of the head, then (a second call) up to the end of the body. Sets `used`; what is
  // unused must be given again with more behind it.
  std::optional<Refusal> put(std::string_view bytes, std::size_t& used);

  bool head_done() const noexcept;
  bool done() const noexcept;
  bool keep_alive() const noexcept;
  bool http_1_0() const noexcept;
  std::optional<std::uint64_t> content_length() const noexcept;
  bool expects_continue() const noexcept;

  // The head as a request without body; once, after head_done().
  std::optional<Refusal> take_head(Request& out);
  // Where the body goes; before its first byte.
  void set_body(BodySink* body) noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lienthong::net
