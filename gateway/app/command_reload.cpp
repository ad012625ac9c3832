// lienthong reload: the running gateway takes changed mappings into use.

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/control_socket.h"
#include "gateway/app/operated.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {
namespace {

int run(const Invocation& call) {
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  const auto& folder = operated->config.gateway.data_dir;
  const auto code = call_gateway(control_path(folder), {"reload"},
                                 [](std::string_view line) { std::puts(std::string(line).c_str()); });
  if (!code) return call.say(kNotRunning, {folder}), kCallWrong;
  return *code;
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
