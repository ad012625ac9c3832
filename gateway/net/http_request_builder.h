#pragma once
// Internal to net: puts a Request together; all its texts lie in one allocation.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/http_message.h"

namespace lienthong::net {

class RequestBuilder {
 public:
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  void start(std::string_view method, std::string_view target);
  void header(std::string_view name, std::string_view value);
  std::size_t header_count() const noexcept { return fields_.size(); }
  // False when the target is no path or has a broken escape in its query; the rest of `out` is filled all the
  // same.
  bool finish(Request& out);

  static void set_body(Request& out, std::shared_ptr<const void> owner, std::string_view bytes) noexcept;
  static void set_origin(Request& out, std::shared_ptr<const Peer> peer, unsigned io_thread) noexcept;

 private:
  struct Span {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct Field {
    Span name;
    Span value;
  };
  Span keep(std::string_view text);

  std::string text_;
  std::vector<Field> fields_;
  Span method_;
  Span target_;
};

}  // namespace lienthong::net
