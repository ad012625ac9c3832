#pragma once
// A configured gateway as the commands that look after it see it: its database for reading, and the way to
// have something done, whether it runs or not.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/command.h"
#include "gateway/app/config.h"
#include "gateway/app/replay_call.h"
#include "gateway/store/reader.h"

namespace lienthong::app {

inline constexpr Option kConfigOption = {
    "--config", "FILE", {"the configuration of the gateway", "tệp cấu hình của cổng"}, true};
inline constexpr Option kSourceOption = {"--source", "NAME", {"of this source only", "chỉ của nguồn này"}};

struct Operated {
  Config config;
  std::chrono::minutes offset{0};
  std::unique_ptr<store::Reader> reader;

  // The source of that name in the configuration; null (and said) when there is none.
  const SourceConfig* source(const Invocation& call, const std::string& name) const;
};

// By --config. Nothing when it cannot be had; then why has been said.
std::optional<Operated> operate(const Invocation& call);

// An option that is a time (parse_instant). False, and said, when it is none.
bool read_instant(const Invocation& call, const Operated& operated, std::string_view option,
                  std::optional<Instant>& instant);

// Has the running gateway answer a call (Gateway::answer), or does it here when none runs. The exit code.
int have_done(const Invocation& call, const Operated& operated, const std::vector<std::string>& words);

// Has the running gateway, and only it, answer a call; each line goes to `line`. The exit code; when none
// runs, that is said.
int ask_running(const Invocation& call, const std::vector<std::string>& words,
                const std::function<void(std::string_view)>& line);

// Has the running gateway replay, or does it here when none runs. Prints the totals. The exit code.
int have_replayed(const Invocation& call, const Operated& operated, const ReplayCall& replay);

}  // namespace lienthong::app
