#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "gateway/net/http_server.h"
#include "gateway/net/stream_server.h"
#include "tests/gateway/net/echo_handler.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

constexpr int kWanted = 10'000;

std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm").ignore(100, ' ') >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// A child process that connects `count` times, sends what a client sends before it falls silent, and waits to
// be killed. System calls only: it is forked from a process with threads.
pid_t connect_from_child(std::uint16_t port, int count, std::string_view greeting) {
  const pid_t child = fork();
  if (child != 0) return child;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) _exit(1);
    if (write(fd, greeting.data(), greeting.size()) < 0) _exit(1);
  }
  for (;;) pause();
}

// As many as the limit of descriptors allows.
int possible_connections() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return std::min(kWanted, static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1'000'000)) - 200);
}

TEST_CASE("idle connections cost almost nothing: 10,000 of them, and one more is served", "[slow]") {
  const int count = possible_connections();
  if (count < kWanted) WARN("the limit of open files allows " << count << " connections only");
  EchoCounts counts;
  IoThreads threads(2);
  StreamServerOptions options;
  options.endpoint = loopback();
  const auto server = StreamServer::start(threads, options, echo_factory(counts));
  REQUIRE(server);
  const std::size_t before = resident_bytes();
  std::string greeting;
  append_mllp_frame(greeting, "MSH|^~\\&|LAB");
  const pid_t child = connect_from_child((*server)->endpoint().port, count, greeting);
  CHECK(eventually([&] { return counts.frames == count; }));
  const std::size_t grown = resident_bytes() - before;
  WARN(count << " idle connections: " << grown / 1024 << " KB, resident in all " << resident_bytes() / 1024
             << " KB");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(resident_bytes() < std::size_t{120} << 20);
#endif
  RawClient one_more((*server)->endpoint());
  one_more.send(greeting);
  CHECK(one_more.until("\x1c\r") == greeting);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(eventually([&] { return threads.connections() == 1; }));
}

}  // namespace
}  // namespace lienthong::net
