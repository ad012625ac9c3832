#pragma once
// What the program tells systemd (sd_notify(3)), without its library: one datagram a message.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "gateway/base/ticker.h"

namespace lienthong::app {

// Sends "READY=1" and the like to $NOTIFY_SOCKET. Does nothing when the program was not started by a service
// manager. Any thread.
void notify_service_manager(std::string_view state) noexcept;

// What the watchdog wants (WatchdogSec=, $WATCHDOG_USEC); zero = nothing.
std::chrono::microseconds watchdog_interval() noexcept;

// Sends "WATCHDOG=1" twice in each interval as long as `alive` says so; a program that hangs is then
// restarted. No thread is made when there is no watchdog. `alive` is called on a thread of its own; it must
// end before what it looks at.
class Watchdog {
 public:
  explicit Watchdog(std::function<bool()> alive);

 private:
  std::function<bool()> alive_;
  std::optional<Ticker> ticker_;
};

// Raises the limit on open files to what the system allows, for thousands of connections. Returns the limit.
std::uint64_t raise_file_limit() noexcept;

}  // namespace lienthong::app
