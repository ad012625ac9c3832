#pragma once
// Internal to net: the head of an answer as text.

#include <string>

#include "gateway/net/http_message.h"

namespace lienthong::net {

struct ResponseFraming {
  bool close = false;     // say `Connection: close`
  bool http_1_0 = false;  // the peer speaks 1.0: keeping alive must be said
};

// Status line, Date, the response's headers, Content-Length, Connection and the empty line.
void append_response_head(std::string& out, const Response& response, ResponseFraming framing);

// RFC 9110 §6.4.1: 1xx, 204 and 304 never have a body.
bool may_have_body(int status) noexcept;

// False for a header with a line break, which would let a value write headers of its own, and for those that
// frame the message (Content-Length, Connection, Transfer-Encoding), which are ours alone.
bool is_sendable(const HeaderPair& header) noexcept;

}  // namespace lienthong::net
