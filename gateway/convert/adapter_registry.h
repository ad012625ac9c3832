#pragma once
// The plug-ins: every module of one folder, loaded once and never unloaded (architecture, "The adapter ABI").

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "gateway/base/catalogue.h"
#include "gateway/base/result.h"
#include "gateway/convert/diagnostics.h"

namespace lienthong::convert {

// One loaded module. `functions` lives until the process ends.
struct Adapter {
  std::string name, version, description;
  std::string file;
  const lt_adapter* functions = nullptr;
  Catalogue texts;  // of its problems, under its name: answers say them
};

// Checks a table of functions against this host's ABI. Errors: Unsupported (another ABI version), Incorrect
// (a function or the name is missing). Any thread.
Result<void> check_adapter(const lt_adapter* functions);

// Whether its format has answers to senders, as MLLP needs them.
bool has_answers(const Adapter& adapter) noexcept;

// Filled at start, then read by any thread.
class AdapterRegistry {
 public:
  // Loads every NAME.so of the folder in the order of their names, with the texts of NAME.problems.tsv beside
  // it going into `catalogue` (may be null). A module that cannot be used is a diagnostic; the others still
  // serve.
  void load_folder(const std::string& folder, Diagnostics& diagnostics, Catalogue* catalogue);

  // Loads one module. Errors: NotFound, Incorrect, Unsupported, Conflict (a second adapter of that name).
  Result<void> load_file(const std::string& file, Catalogue* catalogue);

  // Null when there is none of that name.
  const Adapter* find(std::string_view name) const noexcept;
  const std::vector<std::unique_ptr<Adapter>>& all() const noexcept { return adapters_; }

 private:
  std::vector<std::unique_ptr<Adapter>> adapters_;
};

}  // namespace lienthong::convert
