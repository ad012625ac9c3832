#pragma once
// The gateway itself.

#include "gateway/app/config.h"
#include "gateway/base/log.h"

namespace lienthong::app {

// Runs the gateway until SIGTERM or SIGINT and returns the exit code. Prints one line with the addresses on
// standard output when it is ready. `config` has been checked (load_config).
int serve(const Config& config, Log& log);

}  // namespace lienthong::app
