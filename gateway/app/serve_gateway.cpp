#include "gateway/app/serve_gateway.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include "gateway/app/locations.h"
#include "gateway/app/migrations.h"
#include "gateway/app/quantity.h"
#include "gateway/app/store_file.h"
#include "gateway/app/version.h"
#include "gateway/base/metric_table.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

// A disk that fails leaves nothing to decide: nothing more may be acknowledged (architecture rule 2).
[[noreturn]] void end_at_once(Log& log, const Error& error) {
  log.error("the disk failed; the program ends", {{"error", to_string(error)}});
  ::_exit(1);
}

void log_full_disk(Log& log, bool full) {
  if (full) return log.error("the disk is full: messages are refused until there is room, reading goes on");
  log.info("the disk has room again: messages are taken");
}

// A conversion that does not come back cannot be ended from outside; the program can. What is in hand stands
// in its slot: the next start counts it, and sets it apart the second time (semantics 22).
[[noreturn]] void end_hanging(Log& log, std::size_t slot) {
  log.error("a conversion does not come back; the program ends and notes the message", {{"slot", slot}});
  ::_exit(1);
}

}  // namespace

Gateway::Gateway(const Config& config, Log& log)
    : config_(config), log_(log), catalogue_(Catalogue::gateway()) {}
Gateway::~Gateway() {
  stop();
}

Result<void> Gateway::start() {
  for (const auto step :
       {&Gateway::prepare, &Gateway::make_sources, &Gateway::make_destinations, &Gateway::open_audit,
        &Gateway::make_http, &Gateway::listen, &Gateway::start_watching}) {
    if (auto done = (this->*step)(); !done) return done;
  }
  return {};
}

Failure Gateway::at(std::string_view place, Error error) const {
  error.text = place_in_file(config_, place) + ": " + error.text;
  return Failure(std::move(error));
}

Result<void> Gateway::prepare() {
  make_validator();
  if (config_.gateway.watch_mappings.count() > 0) {
    const auto locations = locations_with(config_.gateway.mappings, config_.gateway.adapters);
    mapping_watch_ = std::make_unique<MappingWatch>(locations.mappings, config_.gateway.watch_mappings,
                                                    [this] { reload([](std::string_view) {}); });
  }
  for (const auto step :
       {&Gateway::open_store, &Gateway::load_mappings, &Gateway::keep_mappings, &Gateway::name_everything}) {
    if (auto done = (this->*step)(); !done) return done;
  }
  return {};
}

void Gateway::make_validator() {
  const bool by_source = std::any_of(config_.sources.begin(), config_.sources.end(),
                                     [](const SourceConfig& source) { return source.check != Check::Off; });
  if (by_source || config_.http.check != Check::Off)
    validator_ = std::make_unique<const fhir::validate::Validator>();
}

Result<void> Gateway::open_store() {
  std::error_code error;
  std::filesystem::create_directories(config_.gateway.data_dir, error);
  if (error)
    return at("gateway.data_dir",
              {Category::Incorrect, 9101,
               "the folder " + config_.gateway.data_dir + " cannot be made: " + error.message()});
  store::StoreOptions options;
  options.path = store_file(config_.gateway);
  options.queue_jobs = config_.store.queue_jobs;
  options.queue_bytes = config_.store.queue_bytes;
  options.wal_limit_bytes = config_.store.wal_limit;
  options.cache_kib = static_cast<std::uint32_t>(config_.store.cache >> 10);
  options.checkpoint_every = config_.store.checkpoint_every;
  options.snapshot_limit = config_.store.snapshot_limit;
  options.on_fatal = [this](const Error& fatal) { end_at_once(log_, fatal); };
  options.on_full = [this](bool full) { log_full_disk(log_, full); };
  const auto migrations = all_migrations();
  auto opened = store::Store::open(std::move(options), migrations);
  if (!opened) return at("gateway.data_dir", opened.error());
  store_ = std::move(*opened);
  store_->add_hook(&outbox_);
  auto reader = store_->open_reader();
  if (!reader) return forward(reader);
  if (auto loaded = outbox_.load(**reader); !loaded) return loaded;
  if (auto loaded = dictionaries_.load(**reader); !loaded) return loaded;
  trainer_ = std::make_unique<journal::DictionaryTrainer>(*store_, dictionaries_, clock_);
  if (auto opened_repository = open_repository(); !opened_repository) return opened_repository;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const unsigned io_threads = config_.gateway.io_threads == 0 ? cores : config_.gateway.io_threads;
  const auto folders = static_cast<unsigned>(
      std::count_if(config_.sources.begin(), config_.sources.end(),
                    [](const SourceConfig& source) { return source.kind == SourceKind::Folder; }));
  // The last one is for replays.
  auto slots = journal::InHandSlots::open(config_.gateway.data_dir + "/in-hand", io_threads + folders + 1);
  if (!slots) return forward(slots);
  in_hand_ = std::move(*slots);
  if (auto loaded = quarantine_.load(*store_, *in_hand_, clock_); !loaded) return loaded;
  if (quarantine_.size() > 0) log_.warning("contents are quarantined", {{"count", quarantine_.size()}});
  budget_ = std::make_unique<net::ByteBudget>(config_.gateway.bytes_in_flight);
  threads_ = std::make_unique<net::IoThreads>(io_threads);
  threads_->watch_turns({[this] { store_->begin_turn(); }, [this] { store_->end_turn(); }});
  for (unsigned i = 0; i < io_threads; ++i)
    executors_.push_back(std::make_unique<IoThreadExecutor>(*threads_, i));
  for (unsigned i = 0; i < folders; ++i) executors_.push_back(std::make_unique<FolderExecutor>());
  return {};
}

Result<void> Gateway::open_repository() {
  if (!config_.repository.enabled) return {};
  repository::RepositoryOptions repository;
  const auto offset = parse_utc_offset(config_.gateway.utc_offset);
  repository.zone_minutes = static_cast<int>(offset.value_or(std::chrono::hours(7)).count());
  if (!config_.http.base_url.empty()) repository.server_bases = {config_.http.base_url};
  repository_ = repository::sqlite::make_repository(repository);
  store_->add_hook(&repository_->batch_hook());
  renew_keys();
  return {};
}

// One slice a job, so that messages and writes come between.
void Gateway::renew_keys() {
  auto more = std::make_shared<bool>(false);
  store::Job job;
  job.work = [this, more](store::Transaction& transaction) -> Result<void> {
    const auto left = repository_->renew_keys(transaction);
    if (!left) return forward(left);
    *more = *left;
    return {};
  };
  job.completion = [this, more](Result<void> done) {
    if (!done) log_.error("search keys are not renewed", {{"error", to_string(done.error())}});
    if (done && *more) renew_keys();
  };
  if (auto submitted = store_->submit(std::move(job)); !submitted)
    log_.warning("search keys are renewed at the next start", {{"error", to_string(submitted.error())}});
}

// Rows for the names in the configuration, and who gets what.
Result<void> Gateway::name_everything() {
  return store_->submit_and_wait([this](store::Transaction& transaction) -> Result<void> {
    unsigned folders = 0;
    for (const auto& config : config_.sources) {
      Error error;
      Source source;
      source.config = &config;
      source.rules = rules_of(config, transaction, error);
      if (config.kind == SourceKind::Folder) source.rules.own_worker = threads_->count() + folders++;
      if (error.number != 0) return Failure(std::move(error));
      sources_.push_back(std::move(source));
    }
    std::vector<delivery::Route> routes;
    for (const auto& config : config_.destinations) {
      auto id = store::destination_id(transaction, config.name);
      if (!id) return forward(id);
      const bool all = config.resources.empty() || config.resources.front() == "*";
      routes.push_back({*id, all ? std::vector<std::string>() : config.resources, config.test});
    }
    outbox_.set_routes(std::move(routes));
    for (const auto& config : config_.http.tokens) {
      api::Token token;
      token.name = config.name;
      token.may_write = config.access == Access::Write;
      if (!config.facility.empty()) {
        auto facility = store::facility_id(transaction, config.facility);
        if (!facility) return forward(facility);
        token.facility = *facility;
      }
      tokens_.push_back(std::move(token));
    }
    return {};
  });
}

intake::Services Gateway::intake_services() {
  return {*store_,
          clock_,
          dictionaries_,
          *trainer_,
          *in_hand_,
          quarantine_,
          outbox_,
          repository_.get(),
          metrics_,
          threads_->count(),
          [this](unsigned worker) { return executor(worker); },
          validator_.get()};
}

Result<void> Gateway::make_sources() {
  for (auto& source : sources_) {
    auto made =
        intake::SourceIntake::make(intake_services(), source.rules, programs_[source.config->profile]);
    if (!made) return forward(made);
    source.intake = std::move(*made);
  }
  return {};
}

Result<void> Gateway::start_watching() {
  for (const auto& source : sources_) {
    const auto offset = parse_utc_offset(source.rules.settings.utc_offset);
    status_->watch(WatchedSource{source.config->name, source.config->expect,
                                 offset.value_or(std::chrono::hours(7)),
                                 [intake = source.intake.get()] { return intake->last_heard(); },
                                 [intake = source.intake.get()] {
                                   const auto program = intake->program();
                                   return program == nullptr ? std::string() : program->identity();
                                 },
                                 [this, &source] { return mapping_refused(source.config->profile); },
                                 [this, &source](bool late) { log_turned(source.config->name, late); }});
    if (source.mllp)
      status_->watch(WatchedListener{source.config->name,
                                     [mllp = source.mllp.get()] { return mllp->listener_counts(); }});
  }
  if (http_) status_->watch(WatchedListener{"http", [http = http_.get()] { return http->counts(); }});
  Retention retention;
  retention.messages = config_.store.keep_messages;
  for (const auto& source : config_.sources)
    retention.duplicates = std::max<std::chrono::microseconds>(retention.duplicates, source.duplicate_window);
  housekeeping_ = std::make_unique<Housekeeping>(*store_, clock_, log_, retention);
  conversion_watch_ = std::make_unique<intake::ConversionWatch>(
      *in_hand_, config_.gateway.conversion_limit, [this](std::size_t slot) { end_hanging(log_, slot); });
  auto control =
      ControlServer::open(control_path(config_.gateway.data_dir),
                          [this](const auto& words, const auto& say) { return answer(words, say); });
  if (!control) return forward(control);
  control_ = std::move(*control);
  if (mapping_watch_) mapping_watch_->start();
  metrics_.gauge(metric::kBuildInfo, {{"version", kVersion}}).set(1);
  metrics_.gauge(metric::kStartTime)
      .set(std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count());
  return {};
}

void Gateway::log_turned(const std::string& source, bool late) {
  if (late) return log_.error("the source should have spoken and is silent", {{"source", source}});
  log_.info("the source is no longer late", {{"source", source}});
}

Result<void> Gateway::open_audit() {
  if (config_.http.listen.empty() || config_.http.audit_limit == 0) return {};
  AuditOptions options;
  options.path = config_.http.audit.empty() ? config_.gateway.data_dir + "/audit.log" : config_.http.audit;
  options.limit = config_.http.audit_limit;
  auto opened = AuditLog::open(std::move(options), clock_, log_);
  if (!opened) return at("http.audit", opened.error());
  audit_ = std::move(*opened);
  return {};
}

void Gateway::stop() {
  if (stopped_) return;
  stopped_ = true;
  mapping_watch_.reset();
  control_.reset();
  if (http_) http_->stop_accepting();
  for (auto& source : sources_) {
    if (source.mllp) source.mllp->stop_accepting();
  }
  for (auto& source : sources_) {
    if (source.folder) source.folder->stop();
  }
  // What is in hand is answered before anything it needs ends.
  for (auto& destination : destinations_) destination->stop();
  if (threads_) threads_->stop();
  conversion_watch_.reset();
  housekeeping_.reset();
  status_.reset();
  trainer_.reset();
  if (store_) store_->stop();
}

std::string Gateway::addresses() const {
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
  if (http_) add("http " + to_string(http_->endpoint()));
  for (const auto& source : sources_) {
    if (source.folder) add("folder " + source.config->name);
    if (source.mllp) add("mllp " + source.config->name + " " + to_string(source.mllp->endpoint()));
  }
  return text;
}

}  // namespace lienthong::app
