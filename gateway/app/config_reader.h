#pragma once
// Reads and checks a configuration file: every error is collected, each with its place and the nearest right
// name.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/config.h"
#include "gateway/base/problem.h"

namespace lienthong::app {

// Something wrong (Severity::Error) or doubtful (Warning) in the file. Texts: gateway/app/problems.tsv.
struct ConfigProblem {
  Position position;
  Problem problem;
};

struct ConfigOutcome {
  Config config;  // meaningful if ok()
  std::vector<ConfigProblem> problems;
  bool ok() const noexcept;
};

// Reads `file` and checks all there is to check without opening ports: settings, secrets' files, rule 26 of
// the semantics. Relative paths in it mean: beside it. Blocks; any thread.
ConfigOutcome load_config(const std::string& file);

// The same for a text that is already in memory.
ConfigOutcome read_config(std::string_view text, const std::string& file);

// "hospital.toml:12:3: there is no setting "lisen" in [http]: did you mean "listen"?"
std::string to_string(const ConfigProblem& problem, const std::string& file, Language language);

// The checks that need more than one setting (config_check.cpp); called by read_config() when each setting is
// right.
void check_config(const Config& config, std::vector<ConfigProblem>& problems);

// A profile there is, as far as a source cares.
struct KnownProfile {
  std::string name;
  bool has_answers = true;  // its format has acknowledgements (convert::has_answers)
};

// Whether every source's profile is among `profiles` (LT-9212, LT-9213), and one with answers where they are
// owed (LT-9067): known only when the mappings' folder has been looked at, so it is asked for apart.
void check_profiles(const Config& config, const std::vector<KnownProfile>& profiles,
                    std::vector<ConfigProblem>& problems);

}  // namespace lienthong::app
