#pragma once
// The Bundles the API answers with.

#include <string>
#include <string_view>

#include "gateway/net/http_message.h"
#include "gateway/repository/rest.h"
#include "gateway/repository/search.h"

namespace lienthong::api {

// `base`: the FHIR base without a slash at the end; `self`: the whole URL that was asked for.
std::string searchset(const repository::SearchPage& page, std::string_view base, std::string_view self,
                      std::string_view next);
std::string history_bundle(const repository::HistoryPage& page, std::string_view base, std::string_view self,
                           std::string_view next);
// transaction-response or batch-response. `minimal`: resources are left out (Prefer: return=minimal).
std::string bundle_response(const repository::RestOutcome& outcome, bool minimal);

// "Patient/1/_history/2".
std::string versioned_path(const repository::StoredVersion& version);
std::string etag(const repository::StoredVersion& version);  // W/"2"

}  // namespace lienthong::api
