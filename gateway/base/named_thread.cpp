#include "gateway/base/named_thread.h"

#include <pthread.h>

#include <string>
#include <utility>

namespace lienthong {

std::thread named_thread(std::string_view name, std::function<void()> run) {
  constexpr std::size_t kLongest = 15;
  return std::thread([name = std::string(name.substr(0, kLongest)), run = std::move(run)] {
    ::pthread_setname_np(::pthread_self(), name.c_str());
    run();
  });
}

}  // namespace lienthong
