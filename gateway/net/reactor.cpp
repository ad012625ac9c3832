#include "gateway/net/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace lienthong::net {
namespace {

constexpr std::size_t kEventsAtOnce = 256;

UniqueFd required(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return UniqueFd(fd);
}

}  // namespace

Reactor::Reactor()
    : epoll_(required(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(required(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  // Edge-triggered too: its count need not be read back.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = nullptr;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

Reactor::~Reactor() = default;

std::unique_ptr<Reactor::Watch> Reactor::watch(int fd) {
  auto watch = std::make_unique<Watch>();
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = watch.get();
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return nullptr;
  return watch;
}

void Reactor::forget(std::unique_ptr<Watch> watch, int fd) noexcept {
  // Not left to close(): a duplicate of the descriptor would keep it registered.
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  watch->closed = true;
  forgotten_.push_back(std::move(watch));
}

void Reactor::wait_readable(Watch& watch, std::shared_ptr<SocketOwner> owner) {
  watch.reader = std::move(owner);
  if (watch.readable) queue(watch);
}

void Reactor::wait_writable(Watch& watch, std::shared_ptr<SocketOwner> owner) {
  watch.writer = std::move(owner);
  watch.writable = false;  // of before the write that found no room
}

void Reactor::queue(Watch& watch) {
  if (!std::exchange(watch.queued, true)) ready_.push_back(&watch);
}

void Reactor::collect(std::chrono::milliseconds limit) {
  std::array<epoll_event, kEventsAtOnce> events;
  turn_.swap(ready_);
  const int wait = turn_.empty() ? static_cast<int>(limit.count()) : 0;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    auto* watch = static_cast<Watch*>(event.data.ptr);
    if (watch == nullptr || watch->closed) continue;
    if ((event.events & (EPOLLRDHUP | EPOLLHUP)) != 0) watch->ended = true;
    if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) watch->readable = true;
    if ((event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) watch->writable = true;
    if (!std::exchange(watch->queued, true)) turn_.push_back(watch);
  }
}

bool Reactor::tell_reader(Watch& watch) {
  if (watch.closed || !watch.readable || watch.reader == nullptr) return false;
  watch.readable = watch.ended;
  const auto owner = std::move(watch.reader);
  owner->on_readable();
  return true;
}

bool Reactor::tell_writer(Watch& watch) {
  if (watch.closed || !watch.writable || watch.writer == nullptr) return false;
  watch.writable = false;
  const auto owner = std::move(watch.writer);
  owner->on_writable();
  return true;
}

void Reactor::wake() noexcept {
  const int saved = errno;
  ::eventfd_write(wake_.get(), 1);
  errno = saved;
}

void Reactor::bury() noexcept {
  // Letting go of one may forget another.
  while (!forgotten_.empty()) {
    std::vector<std::unique_ptr<Watch>> batch;
    batch.swap(forgotten_);
    std::erase_if(ready_, [](const Watch* watch) { return watch->closed; });
  }
}

}  // namespace lienthong::net
