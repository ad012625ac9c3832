// What a single setting cannot tell: names, listeners, files, and semantics 26 (nothing is open by accident).

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <set>

#include "gateway/app/config_reader.h"
#include "gateway/app/nearest.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/secret.h"
#include "gateway/base/clock.h"
#include "gateway/net/endpoint.h"
#include "gateway/net/tls.h"

namespace lienthong::app {
namespace {

bool is_beyond_this_machine(const std::string& listen) {
  const auto endpoint = net::parse_endpoint(listen);
  return endpoint && !net::is_loopback(*endpoint);
}

// "http://127.0.0.1:8081/fhir" → "127.0.0.1:8081"
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

bool is_plain_beyond_this_machine(const std::string& url) {
  if (!url.starts_with("http://")) return false;
  auto host = authority_of(url);
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return !net::is_loopback(host);
}

class Checker {
 public:
  Checker(const ConfigLocations& locations, std::vector<ConfigProblem>& problems)
      : locations_(locations), problems_(problems) {}

  void check(const Config& config) {
    check_data_folder(config.gateway.data_dir);
    check_there(config.gateway.mappings, "gateway.mappings");
    check_there(config.gateway.adapters, "gateway.adapters");
    check_http(config.http);
    for (std::size_t i = 0; i < config.sources.size(); ++i) {
      check_source(config.sources[i], config.http, place_of_source(i));
    }
    for (std::size_t i = 0; i < config.destinations.size(); ++i) {
      check_destination(config.destinations[i], place_of_destination(i));
    }
  }

  void check_profiles(const Config& config, const std::vector<KnownProfile>& profiles) {
    std::vector<std::string_view> names;
    for (const auto& known : profiles) names.push_back(known.name);
    for (std::size_t i = 0; i < config.sources.size(); ++i) {
      const auto& profile = config.sources[i].profile;
      const auto place = place_of_source(i) + ".profile";
      const auto found = std::find(names.begin(), names.end(), profile);
      if (found != names.end()) {
        const bool answers = profiles[static_cast<std::size_t>(found - names.begin())].has_answers;
        if (config.sources[i].kind == SourceKind::Mllp && !answers) say(place, kNoAnswers, {profile});
        continue;
      }
      const auto meant = nearest(profile, names);
      if (meant.empty()) {
        say(place, kNoProfile, {profile});
      } else {
        say(place, kProfileMeant, {profile, std::string(meant)});
      }
    }
  }

 private:
  // Whether it can be made and written is seen at the start: by the user that runs the program.
  void check_data_folder(const std::string& folder) {
    std::error_code absent;
    if (std::filesystem::exists(folder, absent) && !std::filesystem::is_directory(folder, absent))
      say("gateway.data_dir", kNoFolder, {folder});
  }

  void check_there(const std::string& folder, const std::string& place) {
    std::error_code failed;
    if (folder.empty() || std::filesystem::is_directory(folder, failed)) return;
    say(place, kAbsentFolder, {folder});
  }

  void check_http(const HttpConfig& http) {
    check_listener_tls(http.tls, "http", "http");
    std::set<std::string> names;
    for (std::size_t i = 0; i < http.tokens.size(); ++i) {
      const auto place = fmt::format("http.token[{}]", i);
      if (!names.insert(http.tokens[i].name).second) {
        say(place + ".name", kSameName, {http.tokens[i].name, "http.token"});
      }
      check_secret(http.tokens[i].secret, place, "http.token");
    }
    const bool known = http.tls.enabled() && (!http.tls.client_ca.empty() || !http.tokens.empty());
    check_open("http", "http", http.listen, known, http.insecure);
    note_listener("http", http.listen);
  }

  void check_source(const SourceConfig& source, const HttpConfig& http, const std::string& place) {
    if (!source_names_.insert(source.name).second) say(place + ".name", kSameName, {source.name, "source"});
    if (source.facility.empty() && source.facilities.empty()) say(place, kNeedsFacility, {source.name});
    if (!source.facility.empty() && !source.facilities.empty()) {
      say(place + ".facilities", kTwoFacilities, {source.name});
    }
    if (source.kind == SourceKind::Folder) return check_folder(source, place);
    if (!source.folder.empty() || !source.files.empty()) say(place, kNoFolderHere, {source.name});
    if (source.kind == SourceKind::Http) {
      const bool own = !source.listen.empty() || !source.allow.empty() || source.tls.enabled();
      if (own) say(place, kNoListenHere, {source.name});
      if (http.listen.empty()) say(place, kHttpIsOff, {source.name});
      return;
    }
    if (source.listen.empty()) return say(place, kNeedsListen, {source.name});
    check_listener_tls(source.tls, place, "source");
    const bool known = source.tls.enabled() && (!source.tls.client_ca.empty() || !source.allow.empty());
    check_open(place, "source " + source.name, source.listen, known, source.insecure);
    note_listener(place, source.listen);
  }

  // That it exists is not demanded: a share may be mounted later.
  void check_folder(const SourceConfig& source, const std::string& place) {
    const bool own = !source.listen.empty() || !source.allow.empty() || source.tls.enabled();
    if (own) say(place, kNoListenHere, {source.name});
    if (source.folder.empty()) return say(place, kSourceNeedsFolder, {source.name});
    std::error_code failed;
    const auto there = std::filesystem::status(source.folder, failed);
    if (!std::filesystem::exists(there)) warn(place + ".folder", kFolderLater, {source.folder});
    if (std::filesystem::exists(there) && !std::filesystem::is_directory(there))
      say(place + ".folder", kNoFolder, {source.folder});
    if (!folders_.insert(source.folder).second) say(place + ".folder", kSameFolder, {source.folder});
  }

  void check_destination(const DestinationConfig& destination, const std::string& place) {
    if (!destination_names_.insert(destination.name).second) {
      say(place + ".name", kSameName, {destination.name, "destination"});
    }
    if (destination.retry_first > destination.retry_longest) {
      say(place + ".retry_first", kRetryOrder, {destination.name});
    }
    if (destination.kind == DestinationKind::Folder) {
      if (destination.folder.empty()) return say(place, kNeedsFolder, {destination.name});
      return check_there(destination.folder, place + ".folder");
    }
    if (destination.url.empty()) return say(place, kNeedsUrl, {destination.name});
    if (!destination.token.empty()) check_secret(destination.token, place, "destination");
    if (destination.tls.certificate.empty() != destination.tls.key.empty())
      say(place, kTlsIncomplete, {"destination"});
    check_client_tls(destination.tls, place);
    if (!is_plain_beyond_this_machine(destination.url)) return;
    if (!destination.insecure)
      return say(place + ".url", kPlainDestination, {destination.name, destination.url});
    warn(place + ".insecure", kPlainDestinationWarned, {destination.name});
  }

  void check_client_tls(const ClientTls& tls, const std::string& place) {
    bool readable = true;
    if (!tls.ca.empty()) readable = check_readable(tls.ca, place + ".tls.ca");
    if (!tls.certificate.empty())
      readable = check_readable(tls.certificate, place + ".tls.certificate") && readable;
    if (!tls.key.empty()) readable = check_key(tls.key, place + ".tls.key") && readable;
    if (!readable || tls.certificate.empty() != tls.key.empty()) return;
    const auto made = net::make_tls_client({tls.ca, tls.certificate, tls.key, ""});
    if (!made) return say(place + ".tls.ca", kTlsUnusable, {made.error().text});
    if (!tls.certificate.empty()) check_dates(tls.certificate, place + ".tls.certificate");
  }

  // Semantics 26. `known`: TLS, and some proof of who connects.
  void check_open(const std::string& place, const std::string& section, const std::string& listen, bool known,
                  bool insecure) {
    const bool open = !listen.empty() && is_beyond_this_machine(listen) && !known;
    if (open && !insecure) return say(place + ".listen", kOpenListener, {section, listen});
    if (open) return warn(place + ".insecure", kOpenListenerWarned, {section, listen});
    if (insecure) warn(place + ".insecure", kUnusedInsecure, {section});
  }

  void check_listener_tls(const ListenerTls& tls, const std::string& place, const std::string& section) {
    if (tls.certificate.empty() != tls.key.empty()) return say(place, kTlsIncomplete, {section});
    if (!tls.client_ca.empty() && !tls.enabled())
      return say(place + ".tls.client_ca", kClientCaWithoutTls, {section});
    if (!tls.enabled()) return;
    const bool certificate = check_readable(tls.certificate, place + ".tls.certificate");
    const bool client_ca = tls.client_ca.empty() || check_readable(tls.client_ca, place + ".tls.client_ca");
    const bool key = check_key(tls.key, place + ".tls.key");
    if (!certificate || !client_ca || !key) return;
    const auto made = net::make_tls_server({tls.certificate, tls.key, tls.client_ca});
    if (!made) return say(place + ".tls.certificate", kTlsUnusable, {made.error().text});
    check_dates(tls.certificate, place + ".tls.certificate");
  }

  // Doubtful only: a feed over an old certificate may still be one that its sender takes, and no restart
  // should end all feeds for it.
  void check_dates(const std::string& file, const std::string& place) {
    constexpr auto kSoon = std::chrono::days(30);
    const auto dates = net::certificate_dates(file);
    if (!dates) return say(place, kTlsUnusable, {dates.error().text});
    const auto now = SystemClock().now();
    const auto day = [](auto instant) {
      return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(instant)));
    };
    if (dates->begins > now) return warn(place, kCertificateBegins, {file, day(dates->begins)});
    if (dates->ends <= now) return warn(place, kCertificateEnded, {file, day(dates->ends)});
    if (dates->ends <= now + kSoon) warn(place, kCertificateEnds, {file, day(dates->ends)});
  }

  void check_secret(const SecretReference& secret, const std::string& place, const std::string& section) {
    if (secret.file.empty() == secret.environment.empty()) return say(place, kOneSecret, {section});
    const auto value = read_secret(secret);
    if (value) {
      if (is_readable_by_all(secret.file)) warn(place, kSecretReadable, {secret.file});
    } else if (value.error().number == kCannotRead) {
      check_readable(secret.file, place);
    } else {
      say(place, value.error().number, {secret.file.empty() ? secret.environment : secret.file});
    }
  }

  bool check_key(const std::string& file, const std::string& place) {
    const bool readable = check_readable(file, place);
    if (readable && is_readable_by_all(file)) warn(place, kSecretReadable, {file});
    return readable;
  }

  bool check_readable(const std::string& file, const std::string& place) {
    if (file.empty() || ::access(file.c_str(), R_OK) == 0) return !file.empty();
    say(place, kNoFile, {file, std::strerror(errno)});
    return false;
  }

  // Port 0 takes any free port, so it never clashes.
  void note_listener(const std::string& place, const std::string& listen) {
    const auto endpoint = net::parse_endpoint(listen);
    if (listen.empty() || !endpoint || endpoint->port == 0) return;
    if (!listeners_.insert(net::to_string(*endpoint)).second) say(place + ".listen", kSameListen, {listen});
  }

  void say(const std::string& place, std::uint16_t number, std::vector<std::string> arguments) {
    add(place, number, std::move(arguments), Severity::Error);
  }
  void warn(const std::string& place, std::uint16_t number, std::vector<std::string> arguments) {
    add(place, number, std::move(arguments), Severity::Warning);
  }

  void add(const std::string& place, std::uint16_t number, std::vector<std::string> arguments,
           Severity severity) {
    Problem problem;
    problem.severity = severity;
    problem.number = number;
    problem.arguments = std::move(arguments);
    problems_.push_back({position_of(locations_, place), std::move(problem)});
  }

  const ConfigLocations& locations_;
  std::vector<ConfigProblem>& problems_;
  std::set<std::string> source_names_, destination_names_, listeners_;
  std::set<std::string> folders_;  // of sources
};

}  // namespace

void check_config(const Config& config, std::vector<ConfigProblem>& problems) {
  Checker(config.locations, problems).check(config);
}

void check_profiles(const Config& config, const std::vector<KnownProfile>& profiles,
                    std::vector<ConfigProblem>& problems) {
  Checker(config.locations, problems).check_profiles(config, profiles);
}

}  // namespace lienthong::app
