#include "tests/integration/support/gateway_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/gateway/app/run_binary.h"

namespace lienthong::test {

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return condition();
}

bool long_form() {
  const char* text = std::getenv("LIENTHONG_LONG");
  return text != nullptr && std::string(text) != "0" && *text != '\0';
}

std::string program_folder() {
  const char* other = std::getenv("LIENTHONG_PROGRAM_DIR");
  return other != nullptr ? other : LIENTHONG_BUILD;
}

GatewayProcess::GatewayProcess(std::string config) : config_(std::move(config)) {
  start();
}

GatewayProcess::~GatewayProcess() {
  kill();
}

void GatewayProcess::start() {
  const auto program = program_folder() + "/bin/lienthong";
  const auto out = config_ + ".out", log = config_ + ".log";
  const char* argv[] = {program.c_str(), "serve", "--config", config_.c_str(), nullptr};
  std::ofstream(out).close();  // an earlier process's ready line must not be taken for this one's
  pid_ = ::fork();
  REQUIRE(pid_ >= 0);
  if (pid_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nothing running
  ::dup2(::open("/dev/null", O_RDONLY), 0);
  ::dup2(::open(out.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), 1);
  ::dup2(::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY, 0600), 2);
  ::execv(program.c_str(), const_cast<char**>(argv));
  ::_exit(127);
}

GatewayProcess& GatewayProcess::ready() {
  const bool came = eventually([this] {
    ready_line_ = read_all(config_ + ".out");
    return ready_line_.ends_with('\n') || !is_running();
  });
  INFO(log());
  REQUIRE(came);
  REQUIRE(ready_line_.rfind("lienthong ready: ", 0) == 0);
  return *this;
}

net::Endpoint GatewayProcess::address(const std::string& name) const {
  auto at = ready_line_.find(' ' + name + ' ');
  INFO(ready_line_);
  REQUIRE(at != std::string::npos);
  at += name.size() + 2;
  const auto endpoint =
      net::parse_endpoint(ready_line_.substr(at, ready_line_.find_first_of(",\n", at) - at));
  REQUIRE(endpoint);
  return *endpoint;
}

void GatewayProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  reap(true);
}

void GatewayProcess::ask_to_stop() const {
  REQUIRE(pid_ > 0);
  ::kill(pid_, SIGTERM);
}

int GatewayProcess::stop() {
  if (pid_ > 0) ask_to_stop();
  return wait_for_end();
}

int GatewayProcess::wait_for_end() {
  const bool ended = eventually([this] { return !is_running(); });
  INFO(log());
  REQUIRE(ended);
  return code_;
}

bool GatewayProcess::is_running() {
  return pid_ > 0 && !reap(false);
}

// True when the process has ended.
bool GatewayProcess::reap(bool wait) {
  int status = 0;
  const auto ended = ::waitpid(pid_, &status, wait ? 0 : WNOHANG);
  if (ended != pid_) return false;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
  return true;
}

long GatewayProcess::memory_kib(const std::string& figure) const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(figure + ":", 0) == 0) return std::atol(line.c_str() + figure.size() + 1);
  }
  return -1;
}

std::string GatewayProcess::log() const {
  return read_all(config_ + ".log");
}

}  // namespace lienthong::test
