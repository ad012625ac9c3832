#include "gateway/app/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using namespace lienthong::app;

namespace {

// What systemd listens at, for one test.
class NotifySocket {
 public:
  NotifySocket() : path_(folder_.file("notify")), descriptor_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
    REQUIRE(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~NotifySocket() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(descriptor_);
  }
  std::string receive() const {
    char buffer[256];
    const auto size = ::recv(descriptor_, buffer, sizeof(buffer), 0);
    return size < 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  test::TempFolder folder_;
  std::string path_;
  int descriptor_;
};

}  // namespace

TEST_CASE("the service manager hears what it is told, one datagram a message") {
  const NotifySocket socket;
  notify_service_manager("READY=1");
  notify_service_manager("STOPPING=1");
  CHECK(socket.receive() == "READY=1");
  CHECK(socket.receive() == "STOPPING=1");
}

TEST_CASE("without a service manager nothing happens") {
  ::unsetenv("NOTIFY_SOCKET");
  notify_service_manager("READY=1");
  ::unsetenv("WATCHDOG_USEC");
  CHECK(watchdog_interval().count() == 0);
  const Watchdog watchdog([]() -> bool { throw std::logic_error("must not be asked"); });
}

TEST_CASE("the watchdog is fed as long as the program is alive") {
  const NotifySocket socket;
  ::setenv("WATCHDOG_USEC", "20000", 1);
  std::atomic<bool> alive{true};
  std::optional<Watchdog> watchdog;
  watchdog.emplace([&alive] { return alive.load(); });
  CHECK(socket.receive() == "WATCHDOG=1");
  CHECK(socket.receive() == "WATCHDOG=1");
  watchdog.reset();
  ::setenv("WATCHDOG_USEC", "nonsense", 1);
  CHECK(watchdog_interval().count() == 0);
  ::unsetenv("WATCHDOG_USEC");
}

TEST_CASE("the limit on open files is raised to what is allowed") {
  const auto limit = raise_file_limit();
  CHECK(limit > 0);
  CHECK(raise_file_limit() == limit);
}
