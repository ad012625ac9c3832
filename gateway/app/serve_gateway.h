#pragma once
// The whole gateway, wired: the only place that knows all rooms.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/validate/validator.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/app/audit_log.h"
#include "gateway/app/config.h"
#include "gateway/app/control_socket.h"
#include "gateway/app/housekeeping.h"
#include "gateway/app/mapping_watch.h"
#include "gateway/app/replay_call.h"
#include "gateway/app/serve_executor.h"
#include "gateway/app/serve_mux.h"
#include "gateway/app/serve_status.h"
#include "gateway/base/catalogue.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/convert/adapter_registry.h"
#include "gateway/convert/program.h"
#include "gateway/delivery/destination.h"
#include "gateway/intake/conversion_watch.h"
#include "gateway/intake/quarantine.h"
#include "gateway/intake/replay.h"
#include "gateway/intake/source_intake.h"
#include "gateway/net/byte_budget.h"
#include "gateway/net/http_server.h"
#include "gateway/net/io_threads.h"
#include "gateway/sources/folder_source.h"
#include "gateway/sources/http_source.h"
#include "gateway/sources/mllp_source.h"
#include "gateway/store/store.h"

namespace lienthong::app {

// Started by start(), ended by stop(); both block, on one thread.
class Gateway {
 public:
  Gateway(const Config& config, Log& log);
  ~Gateway();

  // Everything up to listening. On an Error what was started is stopped by the destructor. Category
  // Incorrect, NotFound, Conflict: the configuration or the machine must be put right (exit code 2).
  Result<void> start();

  // Instead of start(), for a command: the database, the mappings and the names, nothing that listens or
  // sends.
  Result<void> prepare();

  // Compiles the mappings' files anew, runs their cases, and takes those into use that are right; of a wrong
  // one the mapping before stays. A line for each profile goes to `say`. False: something was wrong. Any
  // thread, one call at a time.
  using Say = std::function<void(std::string_view line)>;
  bool reload(const Say& say);

  // Converts kept messages once more and applies what comes out (semantics 25). Not on an io thread. Errors:
  // NotFound (LT-9218, LT-1301), Fault.
  Result<intake::ReplayTotals> replay(const ReplayCall& call);

  // A call of the control socket (control_socket.h): "reload", "status", "replay WORD…", "discard NUMBER",
  // "release NUMBER", "resend DESTINATION". The exit code.
  int answer(const std::vector<std::string>& words, const Say& say);

  // Stops accepting, answers what is in hand (10 s at most), commits, closes.
  void stop();

  // False once nothing can be kept any more.
  bool works() const noexcept { return store_ != nullptr && store_->state() != store::StoreState::Failed; }

  // "http 127.0.0.1:8080, mllp his-adt 127.0.0.1:2575"; after start().
  std::string addresses() const;

 private:
  struct Source {
    const SourceConfig* config;
    intake::SourceRules rules;
    std::unique_ptr<intake::SourceIntake> intake;
    std::unique_ptr<sources::MllpSource> mllp;
    std::unique_ptr<sources::FolderSource> folder;
  };

  // The error, with the setting's place in the file before it ("source[0].listen").
  Failure at(std::string_view place, Error error) const;
  std::string said_where_named(const std::string& profile, const Error& error) const;

  void make_validator();
  Result<void> open_store();
  Result<void> open_repository();
  void renew_keys();
  Result<void> load_mappings();
  Result<void> keep_mappings();
  Result<void> keep_mapping(const convert::Program& program);
  std::shared_ptr<const convert::Program> load_profile(const std::string& name, bool with_cases,
                                                       const Say& say);
  void use_program(const std::string& profile, std::shared_ptr<const convert::Program> program,
                   const Say& say);
  bool mapping_refused(const std::string& profile) const;
  // What a person decided about a message, and dead letters queued again; the line to say.
  Result<std::string> discard(const MessageNumber& number);
  Result<std::string> release(const MessageNumber& number);
  Result<std::string> resend(const std::string& destination);
  int say_status(const Say& say) const;
  void log_turned(const std::string& source, bool late);
  int tend(const std::string& verb, const std::string& what, const Say& say);
  Result<void> replay_source(const ReplayCall& call, const intake::SourceRules& rules,
                             std::shared_ptr<const convert::Program> program, intake::ReplayTotals& totals);
  Result<void> name_everything();
  Result<void> make_sources();
  Result<void> make_destinations();
  Result<std::unique_ptr<delivery::Sender>> make_sender(const DestinationConfig& config);
  Result<void> make_http();
  Result<void> open_audit();
  Result<void> start_watching();
  void mount_all(Mux& mux);
  Result<void> listen();
  Result<void> listen_mllp(Source& source);
  void watch_folder(Source& source);
  intake::SourceRules rules_of(const SourceConfig& config, store::Transaction& transaction,
                               Error& error) const;
  // A destination's converters, by source; on its thread.
  struct Renderer {
    std::shared_ptr<const convert::Program> program;
    std::unique_ptr<convert::Converter> converter;
  };
  using Renderers = std::map<std::uint32_t, Renderer>;
  Result<convert::Converter*> renderer_of(Renderers& renderers, SourceId source);
  Result<std::string> render(Renderers& renderers, store::Connection& connection, MessageRow row);
  intake::Services intake_services();
  api::ApiServices api_services();
  int may_ingest(const net::Request& request, std::string_view source) const;
  // Of an io thread, or of a folder's thread.
  store::CompletionExecutor* executor(unsigned worker) { return executors_[worker].get(); }

  const Config& config_;
  Log& log_;
  SystemClock clock_;
  Metrics metrics_;
  Catalogue catalogue_;
  convert::AdapterRegistry adapters_;
  std::map<std::string, std::shared_ptr<const convert::Program>> programs_;  // null: wrong since the start
  mutable std::mutex mappings_mutex_;                           // of programs_ and refused_, once all runs
  std::set<std::string> refused_;                               // profiles whose files are wrong
  std::mutex operating_;                                        // one reload or replay at a time
  std::unique_ptr<const fhir::validate::Validator> validator_;  // null when nothing is checked

  // Order matters: what is destroyed last stands first.
  delivery::Outbox outbox_;
  std::unique_ptr<repository::Repository> repository_;
  std::unique_ptr<net::ByteBudget> budget_;
  std::unique_ptr<net::IoThreads> threads_;
  std::vector<std::unique_ptr<store::CompletionExecutor>> executors_;
  std::unique_ptr<store::Store> store_;
  journal::Dictionaries dictionaries_;
  std::unique_ptr<journal::DictionaryTrainer> trainer_;
  std::unique_ptr<journal::InHandSlots> in_hand_;
  intake::Quarantine quarantine_;
  std::vector<Source> sources_;
  std::vector<api::Token> tokens_;
  std::vector<std::unique_ptr<delivery::Destination>> destinations_;
  std::unique_ptr<Status> status_;
  std::unique_ptr<Housekeeping> housekeeping_;
  std::unique_ptr<intake::ConversionWatch> conversion_watch_;
  std::unique_ptr<ControlServer> control_;
  std::unique_ptr<MappingWatch> mapping_watch_;
  std::unique_ptr<AuditLog> audit_;
  std::shared_ptr<api::FhirHandler> fhir_;
  std::shared_ptr<sources::IngestHandler> ingest_;
  std::unique_ptr<net::HttpServer> http_;
  bool stopped_ = false;
};

}  // namespace lienthong::app
