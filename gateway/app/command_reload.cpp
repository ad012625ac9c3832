// lienthong reload: the running gateway takes changed mappings into use.

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/operated.h"

namespace lienthong::app {
namespace {

int run(const Invocation& call) {
  return ask_running(call, {"reload"}, [](std::string_view line) { std::puts(std::string(line).c_str()); });
}

}  // namespace

Command reload_command() {
  return {"reload",
          "",
          0,
          0,
          {"has the running gateway take changed mappings into use, after their cases have run",
           "yêu cầu cổng đang chạy đưa ánh xạ đã sửa vào dùng, sau khi chạy các ví dụ kèm theo"},
          "lienthong reload --config /etc/lienthong/lienthong.toml",
          {kConfigOption},
          run};
}

}  // namespace lienthong::app
