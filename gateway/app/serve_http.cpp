// What is behind each HTTP path.
#include <algorithm>
#include <utility>

#include "gateway/api/outcome.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/app/version.h"

namespace lienthong::app {
namespace {

bool takes_from(const intake::SourceRules& rules, FacilityId facility) {
  if (facility == rules.facility) return true;
  return std::any_of(rules.facility_ids.begin(), rules.facility_ids.end(),
                     [&](const auto& entry) { return entry.second == facility; });
}

}  // namespace

api::ApiServices Gateway::api_services() {
  api::ApiServices services{*store_,
                            *repository_,
                            clock_,
                            metrics_,
                            std::string(kVersion),
                            config_.http.base_url,
                            tokens_,
                            config_.http.body_limit,
                            threads_->count(),
                            2,
                            {},
                            {},
                            {}};
  services.executor = [this](unsigned io_thread) { return executor(io_thread); };
  services.on_changes = [this](store::Transaction& transaction, std::span<const repository::Change> changes,
                               Instant now) {
    std::vector<delivery::Change> queued;
    for (const auto& change : changes) {
      if (change.changed)
        queued.push_back(
            {change.resource, change.type, delivery::Lane{change.lane.value}, change.change, change.test});
    }
    return outbox_.add(transaction, queued, now);
  };
  services.validator = validator_.get();
  services.check = static_cast<api::CheckMode>(config_.http.check);
  if (audit_) services.audit = [this](const api::AccessEvent& event) { audit_->add(event); };
  return services;
}

// A token of a facility may write to that facility's sources only. Where a source has a table of facilities,
// whose message it is stands in the message (semantics 1), so the table must name the token's facility.
int Gateway::may_ingest(const net::Request& request, std::string_view name) const {
  if (tokens_.empty()) return 200;
  for (const auto& source : sources_) {
    if (source.config->name != name) continue;
    const auto access = api::access_of(tokens_, request, true);
    if (access.status != 200) return access.status;
    return access.facility.value == 0 || takes_from(source.rules, access.facility) ? 200 : 403;
  }
  return 401;
}

void Gateway::mount_all(Mux& mux) {
  sources::IngestOptions options;
  options.body_limit = config_.http.body_limit;
  options.language = config_.gateway.language;
  options.catalogue = &catalogue_;
  options.may_write = [this](const net::Request& request, std::string_view source) {
    return may_ingest(request, source);
  };
  ingest_ = std::make_shared<sources::IngestHandler>(std::move(options));
  for (auto& source : sources_) ingest_->add(source.config->name, *source.intake);
  mux.mount("/ingest", ingest_);
  mux.mount("/health", std::make_shared<TextHandler>([this](const net::Request&) {
              Status::Health health{};
              auto text = status_->health(health);
              net::Response response;
              response.status = health == Status::Health::Failing ? 503 : 200;
              response.headers.emplace_back("Content-Type", "application/json");
              response.body = std::move(text);
              return response;
            }));
  mux.mount("/metrics", std::make_shared<TextHandler>([this](const net::Request& request) {
              const auto access = api::access_of(tokens_, request, false);
              if (access.status != 200)
                return api::error_response(access.status, "login", "A bearer token is needed.");
              net::Response response;
              response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
              response.body = metrics_.exposition();
              return response;
            }));
}

}  // namespace lienthong::app
