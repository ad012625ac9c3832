// From the configuration of sources to listeners.
#include <utility>

#include "gateway/app/problem_numbers.h"
#include "gateway/app/secret.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/app/source_settings.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

intake::SourceState state_of(SourceState state) noexcept {
  switch (state) {
    case SourceState::Learn:
      return intake::SourceState::Learn;
    case SourceState::Shadow:
      return intake::SourceState::Shadow;
    case SourceState::Live:
      return intake::SourceState::Live;
  }
  return intake::SourceState::Learn;
}

Result<net::AllowList> allow_list(const std::vector<std::string>& blocks) {
  net::AllowList list;
  for (const auto& block : blocks) {
    if (auto added = list.add(block); !added) return forward(added);
  }
  return list;
}

Result<std::optional<net::TlsServer>> tls_of(const ListenerTls& config) {
  if (!config.enabled()) return std::nullopt;
  auto made = net::make_tls_server({config.certificate, config.key, config.client_ca});
  if (!made) return forward(made);
  return std::optional(std::move(*made));
}

}  // namespace

intake::SourceRules Gateway::rules_of(const SourceConfig& config, store::Transaction& transaction,
                                      Error& error) const {
  intake::SourceRules rules;
  const auto facility = [&](const std::string& name) {
    auto id = store::facility_id(transaction, name);
    if (!id) error = id.error();
    return id ? *id : FacilityId{};
  };
  auto id = store::source_id(transaction, config.name);
  if (!id) {
    error = id.error();
    return rules;
  }
  rules.id = *id;
  if (!config.facility.empty()) rules.facility = facility(config.facility);
  for (const auto& [sender, name] : config.facilities)
    rules.facility_ids.emplace_back(sender, facility(name));
  rules.settings = source_settings(config, config_.gateway);
  rules.state = state_of(config.state);
  rules.ack =
      config.acknowledge == AckPolicy::Stored ? intake::AckPolicy::Stored : intake::AckPolicy::Processed;
  rules.strict_duplicates = config.duplicates == Duplicates::Strict;
  rules.duplicate_window = config.duplicate_window;
  rules.check = static_cast<intake::CheckMode>(config.check);
  rules.keep_unknown_types = config.unknown_types == UnknownTypes::Keep;
  rules.precedence = static_cast<std::int32_t>(config.precedence);
  rules.confirms_removals = config.confirm_removals;
  rules.max_message = config.message_limit;
  return rules;
}

Result<void> Gateway::listen() {
  for (auto& source : sources_) {
    if (source.config->kind == SourceKind::Folder) watch_folder(source);
    if (source.config->kind != SourceKind::Mllp) continue;
    const auto index = static_cast<std::size_t>(source.config - config_.sources.data());
    const auto& program = programs_[source.config->profile];
    if (program != nullptr && !convert::has_answers(program->adapter()))
      return at(place_of_source(index) + ".profile",
                {Category::Incorrect, kNoAnswers,
                 "an mllp source takes HL7 v2; the format of this profile has no acknowledgements"});
    if (auto listening = listen_mllp(source); !listening)
      return at(place_of_source(index) + ".listen", listening.error());
  }
  return {};
}

void Gateway::watch_folder(Source& source) {
  const auto& config = *source.config;
  sources::FolderOptions options;
  options.name = config.name;
  options.rules.folder = config.folder;
  options.rules.files = config.files;
  options.rules.order = config.order == FileOrder::Time ? sources::FileOrder::Time : sources::FileOrder::Name;
  options.rules.stable_for = config.stable_for;
  options.scan_every = config.scan_every;
  options.keep = std::chrono::duration_cast<std::chrono::seconds>(config.keep_files);
  options.language = config_.gateway.language;
  options.catalogue = &catalogue_;
  const auto worker = *source.rules.own_worker;
  source.folder =
      std::make_unique<sources::FolderSource>(std::move(options), *source.intake, worker, metrics_, log_);
  static_cast<FolderExecutor&>(*executors_[worker]).serve(*source.folder);
  source.folder->start();
}

Result<void> Gateway::listen_mllp(Source& source) {
  const auto& config = *source.config;
  sources::MllpOptions options;
  options.name = config.name;
  auto endpoint = net::parse_endpoint(config.listen);
  if (!endpoint) return forward(endpoint);
  auto tls = tls_of(config.tls);
  if (!tls) return forward(tls);
  auto allow = allow_list(config.allow);
  if (!allow) return forward(allow);
  options.server.endpoint = *endpoint;
  options.server.tls = std::move(*tls);
  options.server.allow = std::move(*allow);
  options.server.connections = {config.connections, config.connections};
  options.server.timeouts.idle = config.idle_timeout;
  options.frames.frame = config.message_limit;
  auto started = sources::MllpSource::start(*threads_, std::move(options), *source.intake);
  if (!started) return forward(started);
  source.mllp = std::move(*started);
  log_.info("source listening", {{"source", config.name}, {"address", to_string(source.mllp->endpoint())}});
  return {};
}

Result<void> Gateway::make_http() {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    auto secret = read_secret(config_.http.tokens[i].secret);
    if (!secret) return at("http.token[" + std::to_string(i) + "]", secret.error());
    tokens_[i].secret = std::move(*secret);
  }
  if (config_.http.listen.empty()) return {};
  auto mux = std::make_shared<Mux>();
  mount_all(*mux);
  if (repository_) {
    auto fhir = api::FhirHandler::make(api_services(), "/fhir");
    if (!fhir) return forward(fhir);
    fhir_ = *fhir;
    mux->mount("/fhir", fhir_);
  }
  net::HttpServerOptions options;
  auto endpoint = net::parse_endpoint(config_.http.listen);
  if (!endpoint) return forward(endpoint);
  auto tls = tls_of(config_.http.tls);
  if (!tls) return at("http.tls.certificate", tls.error());
  auto allow = allow_list(config_.http.allow);
  if (!allow) return forward(allow);
  options.endpoint = *endpoint;
  options.tls = std::move(*tls);
  options.allow = std::move(*allow);
  options.connections.total = config_.http.connections;
  options.timeouts.idle = config_.http.idle_timeout;
  options.memory_body = config_.http.spool_above;
  options.spool_folder = config_.gateway.data_dir;
  options.budget = budget_.get();
  auto server = net::HttpServer::start(*threads_, std::move(options), std::move(mux));
  if (!server) return at("http.listen", server.error());
  http_ = std::move(*server);
  log_.info("http listening", {{"address", to_string(http_->endpoint())}});
  return {};
}

}  // namespace lienthong::app
