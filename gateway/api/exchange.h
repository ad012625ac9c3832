#pragma once
// One request on its way through the API: what it asks, who asks, and the answer it is owed.

#include <chrono>
#include <string>

#include "gateway/api/access.h"
#include "gateway/api/route.h"
#include "gateway/net/http_message.h"

namespace lienthong::api {

struct Exchange {
  net::Request request;
  net::Responder responder;
  Route route;
  Access access;
  std::string base;  // "http://host/fhir"
  std::chrono::steady_clock::time_point begun{};
};

}  // namespace lienthong::api
