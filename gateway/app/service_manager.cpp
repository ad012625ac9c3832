#include "gateway/app/service_manager.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace lienthong::app {

void notify_service_manager(std::string_view state) noexcept {
  const auto* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || *path == '\0' || std::strlen(path) >= sizeof(address.sun_path)) return;
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, std::strlen(path));
  if (*path == '@') address.sun_path[0] = '\0';  // Linux' abstract namespace (unix(7))
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  // Nobody is there to hear of a failure; systemd notices by itself that nothing comes.
  [[maybe_unused]] const auto sent = ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                                              reinterpret_cast<const sockaddr*>(&address), length);
  ::close(descriptor);
}

std::chrono::microseconds watchdog_interval() noexcept {
  const auto* text = std::getenv("WATCHDOG_USEC");
  if (text == nullptr) return std::chrono::microseconds(0);
  std::int64_t micros = 0;
  const auto [end, code] = std::from_chars(text, text + std::strlen(text), micros);
  return std::chrono::microseconds(code == std::errc() && *end == '\0' && micros > 0 ? micros : 0);
}

Watchdog::Watchdog(std::function<bool()> alive) : alive_(std::move(alive)) {
  const auto interval = watchdog_interval();
  if (interval.count() == 0) return;
  ticker_.emplace("lt-watchdog", interval / 2, [this] {
    if (alive_()) notify_service_manager("WATCHDOG=1");
  });
}

std::uint64_t raise_file_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace lienthong::app
