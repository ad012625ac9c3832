// lienthong serve: runs the gateway.

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/config_reader.h"
#include "gateway/app/serve.h"

namespace lienthong::app {
namespace {

int run(const Invocation& call) {
  const auto file = call.text("--config");
  const auto outcome = load_config(file);
  say_config_problems(outcome, file, call.language);
  if (!outcome.ok()) return kCallWrong;
  const SystemClock clock;
  Log log(log_options_for_stderr(outcome.config.gateway.log_level), clock);
  return serve(outcome.config, log);
}

}  // namespace

Command serve_command() {
  return {"serve",
          "",
          0,
          0,
          {"runs the gateway until SIGTERM", "chạy cổng cho tới khi nhận SIGTERM"},
          "lienthong serve --config /etc/lienthong/lienthong.toml",
          {{"--config", "FILE", {"the configuration", "tệp cấu hình"}, true}},
          run};
}

}  // namespace lienthong::app
