#include "gateway/app/control_socket.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "gateway/app/command.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/base/named_thread.h"

namespace lienthong::app {
namespace {

constexpr std::size_t kLongestCall = std::size_t{64} << 10;
constexpr int kPatience = 10'000;  // milliseconds for a caller to say what it wants

std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// The words of a call, one a line; an empty line ends it. Nothing when it does not come in time.
std::optional<std::vector<std::string>> receive_words(int socket) {
  std::string text;
  std::array<char, 4096> part;
  while (!text.ends_with("\n\n") && text.size() < kLongestCall) {
    pollfd readable{socket, POLLIN, 0};
    if (::poll(&readable, 1, kPatience) <= 0) return std::nullopt;
    const ssize_t got = ::recv(socket, part.data(), part.size(), 0);
    if (got <= 0) return std::nullopt;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos || end == at) break;
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::string end_line(int code) {
  return "exit " + std::to_string(code) + "\n";
}

}  // namespace

std::string control_path(const std::string& data_dir) {
  return data_dir + "/control";
}

Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::string& path, Handle handle) {
  const auto refuse = [&](std::string_view why) {
    return fail(Category::Incorrect, kNoControlSocket,
                "the socket " + path + " cannot be made: " + std::string(why));
  };
  const auto address = address_of(path);
  if (!address) return refuse("the path is too long (107 bytes at most)");
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return refuse(std::strerror(errno));
  ::unlink(path.c_str());  // of an earlier run; the store's lock says that none is running
  const auto mask = ::umask(0077);
  const bool bound = ::bind(listener, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
  ::umask(mask);
  if (!bound || ::listen(listener, 8) != 0) {
    const int why = errno;
    ::close(listener);
    return refuse(std::strerror(why));
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC);
  return std::unique_ptr<ControlServer>(new ControlServer(path, listener, wake, std::move(handle)));
}

ControlServer::ControlServer(std::string path, int listener, int wake, Handle handle)
    : path_(std::move(path)), listener_(listener), wake_(wake), handle_(std::move(handle)) {
  thread_ = named_thread("lt-control", [this] { run(); });
}

ControlServer::~ControlServer() {
  ::eventfd_write(wake_, 1);
  thread_.join();
  ::unlink(path_.c_str());
  ::close(listener_);
  ::close(wake_);
}

void ControlServer::run() {
  for (;;) {
    std::array<pollfd, 2> waited{{{listener_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
    if (waited[1].revents != 0) return;
    if ((waited[0].revents & POLLIN) == 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve(connection);
    ::close(connection);
  }
}

void ControlServer::serve(int connection) {
  const auto words = receive_words(connection);
  if (!words) return;
  // A caller that has gone away does not stop what it has asked for.
  const int code = handle_(
      *words, [&](std::string_view line) { send_all(connection, "line " + std::string(line) + "\n"); });
  send_all(connection, end_line(code));
}

std::optional<int> call_gateway(const std::string& path, const std::vector<std::string>& words,
                                const std::function<void(std::string_view)>& line) {
  const auto address = address_of(path);
  if (!address) return std::nullopt;
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return std::nullopt;
  std::string call;
  for (const auto& word : words) call.append(word).append("\n");
  call += '\n';
  const bool asked = ::connect(socket, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0 &&
                     send_all(socket, call);
  std::optional<int> code;
  std::string text;
  std::array<char, 4096> part;
  while (asked && !code) {
    const ssize_t got = ::recv(socket, part.data(), part.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) code = kInputRefused;  // the gateway ended meanwhile
    text.append(part.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      const std::string_view answer(text.data(), end);
      int told = kInputRefused;
      if (answer.starts_with("line ")) line(answer.substr(5));
      if (answer.starts_with("exit ")) {
        std::from_chars(answer.data() + 5, answer.data() + answer.size(), told);
        code = told;
      }
      text.erase(0, end + 1);
    }
  }
  ::close(socket);
  return code;
}

}  // namespace lienthong::app
