#include "gateway/app/serve.h"

#include <malloc.h>
#include <signal.h>

#include <cstdio>

#include "gateway/app/command.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/app/service_manager.h"

namespace lienthong::app {
namespace {

// What a person must put right ends with 2, what may pass by itself with 1.
int exit_code(const Error& error) noexcept {
  const bool by_itself = error.category == Category::Fault || meaning_of(error.category).retry;
  return by_itself ? kInputRefused : kCallWrong;
}

// Blocked before any thread is made, so that all inherit it and only wait_for_end() hears them.
sigset_t block_signals() noexcept {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// glibc gives the top of a thread's heap back as soon as 128 KiB are free, and takes it again with the next
// message: a system call and page faults each time. What a busy hour needed is kept, up to 4 MiB a thread.
void keep_freed_memory() noexcept {
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
  mallopt(M_TOP_PAD, 256 << 10);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);  // else fixed at 128 KiB, once one of the others is set
}

// SIGHUP: the mappings are taken into use anew.
int wait_for_end(const sigset_t& signals, Gateway& gateway) {
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) continue;
    if (number != SIGHUP) return number;
    gateway.reload([](std::string_view) {});
  }
}

}  // namespace

int serve(const Config& config, Log& log) {
  const auto signals = block_signals();
  keep_freed_memory();
  raise_file_limit();
  Gateway gateway(config, log);
  if (auto started = gateway.start(); !started) {
    log.error("cannot start", {{"error", to_string(started.error())}});
    return exit_code(started.error());
  }
  std::printf("lienthong ready: %s\n", gateway.addresses().c_str());
  std::fflush(stdout);
  notify_service_manager("READY=1");
  const Watchdog watchdog([&gateway] { return gateway.works(); });
  const int number = wait_for_end(signals, gateway);
  notify_service_manager("STOPPING=1");
  log.info("stopping", {{"signal", number}});
  gateway.stop();
  log.info("stopped");
  return kAllDone;
}

}  // namespace lienthong::app
