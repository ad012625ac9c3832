#pragma once
// Secrets: read from a file or the environment, never from the configuration or the command line.

#include <string>

#include "gateway/app/config.h"
#include "gateway/base/result.h"

namespace lienthong::app {

// The secret without the line end behind it. Blocks; any thread. Errors: Incorrect (no such file or variable,
// or it is empty; the error's number is that of problems.tsv). The text never holds the secret.
Result<std::string> read_secret(const SecretReference& secret);

// Whether every user of this machine may read the file. False when it does not exist.
bool is_readable_by_all(const std::string& path);

}  // namespace lienthong::app
