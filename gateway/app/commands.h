#pragma once
// One function a command; each stands in command_NAME.cpp.

#include <string>

#include "gateway/app/command.h"
#include "gateway/app/config_reader.h"

namespace lienthong::app {

Command serve_command();
Command convert_command();
Command explain_command();
Command coverage_command();
Command profiles_command();
Command check_command();
Command test_command();
Command send_command();
Command store_command();
Command bench_command();
Command fhirpath_command();
Command validate_command();
Command codes_command();
Command replay_command();
Command reload_command();
Command status_command();
Command triage_command();

// Says what is wrong with a configuration on standard error, one problem after another.
void say_config_problems(const ConfigOutcome& outcome, const std::string& file, Language language);

}  // namespace lienthong::app
