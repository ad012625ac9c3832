#pragma once
// Who asks, and whether they may.

#include <string_view>

#include "gateway/api/api_services.h"
#include "gateway/net/http_message.h"

namespace lienthong::api {

struct Access {
  int status = 200;      // 200, 401 (who are you?) or 403 (you may not)
  std::string_view who;  // lives as long as the tokens or the request
  FacilityId facility;   // value 0: not a facility's gateway
};

// By bearer token where tokens are configured (RFC 6750 §2.1). All secrets are compared, each in constant
// time, so the answer's time tells nothing about them.
Access access_of(const std::vector<Token>& tokens, const net::Request& request, bool write);

// Compares without an early end. Lengths are no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace lienthong::api
