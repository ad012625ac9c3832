#include "gateway/app/commands.h"

namespace lienthong::app {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands = {
      serve_command(),  convert_command(), explain_command(),  coverage_command(), profiles_command(),
      check_command(),  test_command(),    fhirpath_command(), validate_command(), send_command(),
      store_command(),  bench_command(),   codes_command(),    replay_command(),   reload_command(),
      status_command(), triage_command()};
  return commands;
}

}  // namespace lienthong::app
