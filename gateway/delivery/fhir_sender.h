#pragma once
// Posts transaction bundles to a FHIR server's base (another lienthong, or any).

#include <memory>
#include <string>

#include "gateway/delivery/sender.h"
#include "gateway/net/http_client.h"

namespace lienthong::delivery {

struct FhirSenderOptions {
  net::HttpClientOptions http;  // base_url: the FHIR base
  std::string token;            // bearer token; empty = none
};

// Errors: Incorrect when the URL cannot be used.
Result<std::unique_ptr<Sender>> make_fhir_sender(net::IoThreads& threads, FhirSenderOptions options);

// What an HTTP answer means for a delivery (docs/semantics.md rule 22).
SendResult judge_response(const net::ClientResponse& response);

}  // namespace lienthong::delivery
