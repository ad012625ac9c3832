#pragma once
// The built program serving, as a process of its own that can be stopped, killed and started again.

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "gateway/net/endpoint.h"

namespace lienthong::test {

// Polls until the condition holds. False after two minutes: a hang, not a slow machine.
bool eventually(const std::function<bool()>& condition);

// True where tests run their long form (LIENTHONG_LONG is set and not "0").
bool long_form();

// The program's folder: the build's, or what LIENTHONG_PROGRAM_DIR says (to try another build of it).
std::string program_folder();

// One thread. Kills the process when it ends before it was stopped.
class GatewayProcess {
 public:
  // Starts `lienthong serve --config CONFIG`. Output goes to CONFIG.out, the log is appended to CONFIG.log.
  explicit GatewayProcess(std::string config);
  ~GatewayProcess();
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  // Waits for the ready line; fails the test with the log when the process ends instead.
  GatewayProcess& ready();
  // Address behind a name of the ready line: "http", "mllp his". After ready().
  net::Endpoint address(const std::string& name) const;

  // SIGKILL; returns when it is dead.
  void kill();
  // SIGTERM without waiting.
  void ask_to_stop() const;
  // SIGTERM; the exit code, or 128 + the signal that ended it.
  int stop();
  // Waits until it ends by itself: the code as for stop().
  int wait_for_end();
  bool is_running();

  pid_t pid() const noexcept { return pid_; }
  // A figure of /proc/PID/status in KiB ("VmRSS", "VmHWM").
  long memory_kib(const std::string& figure) const;
  std::string log() const;

 private:
  void start();
  bool reap(bool wait);

  std::string config_;
  pid_t pid_ = -1;
  int code_ = -1;
  std::string ready_line_;
};

}  // namespace lienthong::test
