#include "gateway/net/http_response_head.h"

#include <array>
#include <charconv>
#include <ctime>

#include "gateway/net/ascii.h"

namespace lienthong::net {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// RFC 9110 §5.6.7, made once a second and thread.
void append_date(std::string& out) {
  thread_local std::time_t made_at = 0;
  thread_local std::array<char, 48> text{};
  thread_local std::size_t size = 0;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    size = std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    made_at = now;
  }
  out.append(text.data(), size);
}

}  // namespace

bool may_have_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

bool is_sendable(const HeaderPair& header) noexcept {
  constexpr std::string_view kForbidden("\r\n\0", 3);
  if (header.first.empty() || header.first.find_first_of(kForbidden) != std::string::npos) return false;
  if (header.second.find_first_of(kForbidden) != std::string::npos) return false;
  return !equals_ignoring_case(header.first, "content-length") &&
         !equals_ignoring_case(header.first, "connection") &&
         !equals_ignoring_case(header.first, "transfer-encoding");
}

void append_response_head(std::string& out, const Response& response, ResponseFraming framing) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.push_back(' ');
  out.append(http_reason(response.status));
  out.append("\r\n");
  append_date(out);
  for (const HeaderPair& header : response.headers) {
    if (!is_sendable(header) || equals_ignoring_case(header.first, "date")) continue;
    out.append(header.first).append(": ").append(header.second).append("\r\n");
  }
  if (may_have_body(response.status)) {
    out.append("Content-Length: ");
    append_number(out, response.body_size());
    out.append("\r\n");
  }
  if (framing.close) {
    out.append("Connection: close\r\n");
  } else if (framing.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace lienthong::net
