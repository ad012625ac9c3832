#pragma once
// Internal to net: the URL that a client's requests start from.

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/net/endpoint.h"

namespace lienthong::net {

struct BaseUrl {
  bool https = false;
  Endpoint endpoint;
  std::string path;         // "" or "/fhir", without a slash at the end
  std::string host_header;  // as in the URL; the port only if it is not the scheme's own
};

// Incorrect (LT-6001) when it is no http or https URL, or has user, query or fragment.
Result<BaseUrl> parse_base_url(std::string_view url);

}  // namespace lienthong::net
