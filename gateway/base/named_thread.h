#pragma once
// Threads under names of their own, so that top -H, perf and gdb tell which is which.

#include <functional>
#include <string_view>
#include <thread>

namespace lienthong {

// A thread that runs `run` under `name`; Linux keeps 15 bytes of it (pthread_setname_np(3)).
std::thread named_thread(std::string_view name, std::function<void()> run);

}  // namespace lienthong
