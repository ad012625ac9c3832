#pragma once
// What the configuration file says, as the rest of the program sees it. Defaults stand here, once; names,
// bounds and help stand in settings.cpp. Reading and checking: config_reader.h.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/app/schedule.h"
#include "gateway/app/toml_tree.h"
#include "gateway/base/catalogue.h"
#include "gateway/base/log.h"

namespace lienthong::app {

// A secret never stands in the configuration: it names a file (mode 0600; "credential:NAME" = a systemd
// credential) or an environment variable. Read with read_secret() (secret.h).
struct SecretReference {
  std::string file;
  std::string environment;
  bool empty() const noexcept { return file.empty() && environment.empty(); }
};

// PEM files. For a listener: its certificate and key, and whose clients it takes. For a destination: our own
// certificate, and whose servers we trust.
struct ListenerTls {
  std::string certificate, key;
  std::string client_ca;  // not empty: a client certificate is required
  bool enabled() const noexcept { return !certificate.empty(); }
};
struct ClientTls {
  std::string ca;                // empty = the system's store
  std::string certificate, key;  // empty = none
};

struct GatewayConfig {
  std::string name;  // required; stands in acknowledgements and meta.source
  Language language = Language::English;
  std::string data_dir = "/var/lib/lienthong";
  std::string utc_offset = "+07:00";
  std::uint32_t io_threads = 0;  // 0 = one a core
  std::string mappings;          // empty = beside the program (locations.h)
  std::string adapters;
  std::chrono::milliseconds watch_mappings{0};  // how often their files are looked at for a reload; 0 = never
  std::chrono::milliseconds conversion_limit = std::chrono::seconds(10);  // architecture rule 5
  LogLevel log_level = LogLevel::Info;
  std::uint64_t bytes_in_flight = std::uint64_t{256}
                                  << 20;  // one budget for all bodies and messages in memory
};

struct StoreConfig {
  std::uint64_t wal_limit = std::uint64_t{256} << 20;
  std::uint32_t queue_jobs = 20'000;
  std::uint64_t queue_bytes = std::uint64_t{64} << 20;
  std::uint64_t cache = std::uint64_t{32} << 20;
  std::chrono::milliseconds checkpoint_every = std::chrono::milliseconds(200);
  std::chrono::milliseconds snapshot_limit = std::chrono::seconds(5);
  std::chrono::milliseconds keep_messages =
      std::chrono::hours(24 * 365);  // raw messages and their fates; 0 = for ever
};

enum class Access : std::uint8_t { Read, Write };  // Write includes reading

struct TokenConfig {
  std::string name;
  SecretReference secret;
  std::string facility;  // semantics 26: whose data it may write; empty = all
  Access access = Access::Read;
};

// Whether what comes in is judged by FHIR R4 before it is stored.
enum class Check : std::uint8_t { Off, Warn, Reject };

struct HttpConfig {
  std::string listen = "127.0.0.1:8080";  // empty = no HTTP at all
  ListenerTls tls;
  std::vector<TokenConfig> tokens;
  std::vector<std::string> allow;  // addresses and CIDR blocks; empty = all
  std::string base_url;  // how clients reach /fhir from outside; empty = as each request's Host says
  std::uint64_t body_limit = std::uint64_t{100} << 20;
  std::uint64_t spool_above = std::uint64_t{1} << 20;  // larger bodies wait on disk
  std::string audit;  // who read and wrote what (semantics 26); empty = data_dir/audit.log
  std::uint64_t audit_limit = std::uint64_t{256} << 20;  // bytes, then a new file is begun; 0 = none
  std::uint32_t connections = 20'000;
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
  Check check = Check::Warn;  // of what is written at /fhir
  bool insecure = false;
};

enum class SourceKind : std::uint8_t { Mllp, Http, Folder };
enum class FileOrder : std::uint8_t { Time, Name };
enum class SourceState : std::uint8_t { Learn, Shadow, Live };  // semantics 27
enum class AckPolicy : std::uint8_t { Stored, Processed };      // semantics 20
enum class Duplicates : std::uint8_t { Accept, Strict };        // semantics 21
enum class UnknownTypes : std::uint8_t { Keep, Refuse };        // semantics 20

struct SourceConfig {
  std::string name;
  SourceKind kind = SourceKind::Mllp;
  std::string listen;              // mllp only; an http source is POST /ingest/{name}
  std::string folder;              // folder only: where files are put
  std::vector<std::string> files;  // patterns of their names; empty = all
  FileOrder order = FileOrder::Time;
  std::chrono::milliseconds stable_for = std::chrono::seconds(5);
  std::chrono::milliseconds scan_every = std::chrono::seconds(10);
  std::chrono::milliseconds keep_files{0};  // in done/; 0 = for ever
  std::string profile;                      // required
  std::string facility;                     // semantics 1: this, or `facilities`
  std::string facility_name;
  std::vector<std::pair<std::string, std::string>> facilities;  // sending facility → facility
  SourceState state = SourceState::Live;
  bool test = false;  // semantics 19
  AckPolicy acknowledge = AckPolicy::Stored;
  Check check = Check::Warn;
  UnknownTypes unknown_types = UnknownTypes::Keep;
  Duplicates duplicates = Duplicates::Accept;
  std::chrono::milliseconds duplicate_window = std::chrono::hours(24 * 7);
  bool null_deletes = false;       // semantics 6
  bool confirm_removals = false;   // semantics 15
  std::uint32_t precedence = 100;  // semantics 8: of two sources with the same element, the higher one wins
  std::string charset;             // empty = as each message declares, else UTF-8
  std::string utc_offset;          // empty = the gateway's
  ListenerTls tls;
  std::vector<std::string> allow;
  std::uint64_t message_limit = std::uint64_t{16} << 20;
  std::uint32_t connections = 20'000;
  std::chrono::milliseconds idle_timeout{0};  // 0 = never: a quiet ward is no fault
  Schedule expect;
  bool insecure = false;
};

struct RepositoryConfig {
  bool enabled = true;
};

enum class DestinationKind : std::uint8_t { Fhir, Folder };

struct DestinationConfig {
  std::string name;
  DestinationKind kind = DestinationKind::Fhir;
  std::string url;     // fhir: the server's base
  std::string folder;  // folder: where bundles are written
  SecretReference token;
  ClientTls tls;
  std::vector<std::string> resources = {"*"};  // resource types that go there
  bool test = false;                           // semantics 19: takes test data, and nothing else
  std::vector<std::string> clearance;          // semantics 18: labels it may receive; "*" = all
  std::uint32_t maximum_entries = 200;
  std::uint64_t maximum_bytes = std::uint64_t{4} << 20;
  std::uint32_t connections = 0;  // 0: parallel_requests() decides
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
  std::chrono::milliseconds retry_first = std::chrono::seconds(1);  // doubles up to retry_longest
  std::chrono::milliseconds retry_longest = std::chrono::minutes(5);
  bool insecure = false;
};

// Where each setting stands: "source[0].listen", and "source[0]" for the section itself.
using ConfigLocations = std::map<std::string, Position, std::less<>>;

struct Config {
  std::string file;  // where it was read from
  ConfigLocations locations;
  GatewayConfig gateway;
  StoreConfig store;
  HttpConfig http;
  RepositoryConfig repository;
  std::vector<SourceConfig> sources;
  std::vector<DestinationConfig> destinations;
};

// Where a setting stands; one that is not written (a default) stands where its section begins. Line 0:
// nowhere.
Position position_of(const ConfigLocations& locations, std::string_view place);

// "hospital.toml:12:3" of "source[0].listen": what a message about that setting begins with.
std::string place_in_file(const Config& config, std::string_view place);

// "source[2]"
std::string place_of_source(std::size_t index);
std::string place_of_destination(std::size_t index);

}  // namespace lienthong::app
