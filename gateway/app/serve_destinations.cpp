// From the configuration of destinations to deliveries.
#include <algorithm>
#include <utility>

#include "gateway/app/problem_numbers.h"
#include "gateway/app/secret.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/base/bytes.h"
#include "gateway/delivery/fhir_sender.h"
#include "gateway/delivery/folder_sender.h"
#include "gateway/journal/messages.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

// A bundle carries up to `maximum_entries` resources, but only one message: over a distance of 100 ms each
// way 8 requests at a time would be 40 messages a second, less than one source may send.
std::uint32_t parallel_requests(const DestinationConfig& config, bool with_repository) noexcept {
  constexpr std::uint32_t kBundles = 8;
  constexpr std::uint32_t kMessages = 128;
  if (config.connections > 0) return config.connections;
  return with_repository ? kBundles : kMessages;
}

}  // namespace

Result<std::unique_ptr<delivery::Sender>> Gateway::make_sender(const DestinationConfig& config) {
  if (config.kind == DestinationKind::Folder) return delivery::make_folder_sender(config.folder, clock_);
  delivery::FhirSenderOptions options;
  options.http.base_url = config.url;
  options.http.max_connections = parallel_requests(config, repository_ != nullptr);
  options.http.request_timeout = config.timeout;
  if (!config.token.empty()) {
    auto secret = read_secret(config.token);
    if (!secret) return forward(secret);
    options.token = std::move(*secret);
  }
  if (config.url.rfind("https:", 0) == 0) {
    auto tls = net::make_tls_client({config.tls.ca, config.tls.certificate, config.tls.key, ""});
    if (!tls) return forward(tls);
    options.http.tls = std::move(*tls);
  }
  return delivery::make_fhir_sender(*threads_, std::move(options));
}

Result<void> Gateway::make_destinations() {
  auto reader = store_->open_reader();
  if (!reader) return forward(reader);
  std::vector<Status::Destination> watched;
  for (const auto& config : config_.destinations) {
    auto id = store::find_destination(**reader, config.name);
    if (!id) return forward(id);
    delivery::DestinationOptions options;
    options.id = *id;
    options.name = config.name;
    options.kind = repository_ ? delivery::EntryKind::Resource : delivery::EntryKind::Message;
    options.clearance = delivery::Clearance(config.clearance);
    options.max_entries = config.maximum_entries;
    options.max_bytes = config.maximum_bytes;
    options.parallel = parallel_requests(config, repository_ != nullptr);
    options.first_backoff = config.retry_first;
    options.most_backoff = config.retry_longest;
    auto sender = make_sender(config);
    if (!sender) {
      const auto index = static_cast<std::size_t>(&config - config_.destinations.data());
      return at(place_of_destination(index), sender.error());
    }
    auto renderers = std::make_shared<Renderers>();
    delivery::DestinationServices services{*store_,
                                           repository_.get(),
                                           [this, renderers](store::Connection& connection, MessageRow row) {
                                             return render(*renderers, connection, row);
                                           },
                                           outbox_,
                                           clock_,
                                           log_,
                                           metrics_};
    destinations_.push_back(
        std::make_unique<delivery::Destination>(std::move(services), std::move(options), std::move(*sender)));
    watched.push_back(
        {*id, config.name, [destination = destinations_.back().get()] { return destination->away_since(); }});
  }
  outbox_.on_added([this] {
    for (auto& destination : destinations_) destination->wake();
  });
  status_ = std::make_unique<Status>(*store_, clock_, metrics_, std::move(watched), repository_.get());
  for (auto& destination : destinations_) destination->start();
  return {};
}

// Where no repository is kept, a message is passed on as the claims it makes. Converted again, with the time
// it was received, so that it says what it said.
Result<std::string> Gateway::render(Renderers& renderers, store::Connection& connection, MessageRow row) {
  auto message = journal::read_message(connection, row);
  if (!message) return forward(message);
  auto raw = journal::read_raw(connection, dictionaries_, row);
  if (!raw) return forward(raw);
  auto found = renderer_of(renderers, message->source);
  if (!found) return forward(found);
  auto* converter = *found;
  ProblemSink problems;
  const PaddedBytes bytes(*raw);
  auto opened = converter->open(bytes.view(), nullptr, message->received_at, problems);
  if (!opened) return forward(opened);
  auto converted = converter->convert(problems);
  if (!converted) return forward(converted);
  return std::string((*converted)->bundle);
}

// With the mapping that is in use now.
Result<convert::Converter*> Gateway::renderer_of(Renderers& renderers, SourceId id) {
  const auto source = std::find_if(sources_.begin(), sources_.end(),
                                   [&](const auto& one) { return one.rules.id == id && one.intake; });
  if (source == sources_.end())
    return fail(Category::NotFound, 9102, "the source of a waiting message is no longer configured");
  const auto program = source->intake->program();
  if (program == nullptr)
    return fail(Category::Unavailable, kNoMappingWorks,
                "the mapping of a waiting message cannot be used now");
  auto& renderer = renderers[id.value];
  if (renderer.program != program) {
    auto made = convert::make_converter(program, source->rules.settings);
    if (!made) return forward(made);
    renderer = {program, std::move(*made)};
  }
  return renderer.converter.get();
}

}  // namespace lienthong::app
