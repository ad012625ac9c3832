#include "gateway/app/operated.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "gateway/app/commands.h"
#include "gateway/app/control_socket.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/quantity.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/app/store_file.h"

namespace lienthong::app {
namespace {

void print_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

// No gateway runs: what it would do is done here, with the database to ourselves.
int do_here(const Invocation& call, const Operated& operated, const std::vector<std::string>& words) {
  const SystemClock clock;
  Log log(log_options_for_stderr(LogLevel::Warning), clock);
  Gateway gateway(operated.config, log);
  if (auto ready = gateway.prepare(); !ready) return call.say(ready.error()), kCallWrong;
  const int code = gateway.answer(words, print_line);
  gateway.stop();
  return code;
}

}  // namespace

const SourceConfig* Operated::source(const Invocation& call, const std::string& name) const {
  std::string names;
  for (const auto& one : config.sources) {
    if (one.name == name) return &one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  call.say(kNoSource, {name, names});
  return nullptr;
}

std::optional<Operated> operate(const Invocation& call) {
  const auto file = call.text("--config");
  auto outcome = load_config(file);
  if (!outcome.ok()) {
    say_config_problems(outcome, file, call.language);
    return std::nullopt;
  }
  Operated operated;
  operated.config = std::move(outcome.config);
  operated.offset = parse_utc_offset(operated.config.gateway.utc_offset).value_or(std::chrono::minutes(0));
  auto reader = store::Reader::open(store_file(operated.config.gateway), "", std::chrono::minutes(10));
  if (!reader) {
    call.say(reader.error());
    return std::nullopt;
  }
  operated.reader = std::move(*reader);
  return operated;
}

bool read_instant(const Invocation& call, const Operated& operated, std::string_view option,
                  std::optional<Instant>& instant) {
  if (!call.has(option)) return true;
  instant = parse_instant(call.text(option), SystemClock().now(), operated.offset);
  if (!instant) call.say(kBadInstant, {std::string(option)});
  return instant.has_value();
}

int have_done(const Invocation& call, const Operated& operated, const std::vector<std::string>& words) {
  const auto path = control_path(operated.config.gateway.data_dir);
  const auto code = call_gateway(path, words, print_line);
  return code ? *code : do_here(call, operated, words);
}

int ask_running(const Invocation& call, const std::vector<std::string>& words,
                const std::function<void(std::string_view)>& line) {
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  const auto& folder = operated->config.gateway.data_dir;
  const auto code = call_gateway(control_path(folder), words, line);
  if (!code) call.say(kNotRunning, {folder});
  return code.value_or(kCallWrong);
}

int have_replayed(const Invocation& call, const Operated& operated, const ReplayCall& replay) {
  return have_done(call, operated, replay.words());
}

}  // namespace lienthong::app
