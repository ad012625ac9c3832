// lienthong codes: codes that no table has a row for, and the messages that wait for one.

#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "gateway/app/commands.h"
#include "gateway/app/control_socket.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/operated.h"
#include "gateway/base/json_text.h"
#include "gateway/journal/waiting_codes.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

// The programs of the configured sources, as their files are now; by the source's name.
class Programs {
 public:
  Programs(const Invocation& call, const Operated& operated)
      : call_(call),
        operated_(operated),
        tools_(call.language,
               locations_with(operated.config.gateway.mappings, operated.config.gateway.adapters)) {}

  // Null when its mapping cannot be used or the source is no longer configured.
  const convert::Program* of(const std::string& source) {
    for (const auto& config : operated_.config.sources) {
      if (config.name != source) continue;
      const auto [found, missing] = programs_.try_emplace(config.profile);
      if (missing) found->second = tools_.load(call_, config.profile);
      return found->second.get();
    }
    return nullptr;
  }

 private:
  const Invocation& call_;
  const Operated& operated_;
  MappingTools tools_;
  std::map<std::string, std::shared_ptr<const convert::Program>> programs_;
};

void append_member(std::string& line, std::string_view name, std::string_view text) {
  line += line.size() > 1 ? "," : "";
  append_json_string(line, name);
  line += ':';
  append_json_string(line, text);
}

template <class Items, class Text>
void append_list(std::string& line, std::string_view name, const Items& items, Text text_of) {
  line += fmt::format(",\"{}\":[", name);
  for (const auto& item : items) {
    if (line.back() != '[') line += ',';
    append_json_string(line, text_of(item));
  }
  line += ']';
}

std::string line_of(const journal::WaitingCode& code, const std::string& source,
                    const convert::Program* program, std::chrono::minutes offset) {
  std::string line = "{";
  append_member(line, "source", source);
  append_member(line, "table", code.table);
  append_member(line, "code", code.code);
  line += fmt::format(",\"seen\":{},\"waiting\":{}", code.seen, code.waiting);
  append_member(line, "first_seen", format_instant(code.first_seen, offset));
  append_member(line, "last_seen", format_instant(code.last_seen, offset));
  append_list(line, "messages", code.examples, [](const auto& number) { return to_string(number.value); });
  if (program != nullptr) {
    const bool mapped = program->maps(code.table, code.code);
    line += fmt::format(",\"row\":{}", mapped);
    if (!mapped)
      append_list(line, "nearest", program->nearest_codes(code.table, code.code),
                  [](const auto& near) { return near; });
  }
  return line + '}';
}

int list(const Invocation& call, const Operated& operated) {
  const auto limit = call.number("--limit", 1, 1'000'000, 1000);
  if (!limit) return kCallWrong;
  journal::WaitingFilter filter;
  const auto table = call.text("--table");
  filter.table = table;
  filter.limit = static_cast<std::size_t>(*limit);
  if (call.has("--source")) {
    const auto id = store::find_source(*operated.reader, call.text("--source"));
    if (!id) return kAllDone;  // configured, and nothing has come by it yet
    filter.source = *id;
  }
  const auto codes = journal::list_waiting(*operated.reader, filter);
  if (!codes) return call.say(codes.error()), kInputRefused;
  Programs programs(call, operated);
  for (const auto& code : *codes) {
    const auto source = store::name_of(*operated.reader, code.source).value_or("");
    std::puts(line_of(code, source, programs.of(source), operated.offset).c_str());
  }
  return kAllDone;
}

int rerun(const Invocation& call, const Operated& operated) {
  // A running gateway must know the new rows first.
  const auto path = control_path(operated.config.gateway.data_dir);
  const auto reloaded = call_gateway(path, {"reload"}, [](std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  });
  if (reloaded && *reloaded != kAllDone) return *reloaded;
  ReplayCall replay;
  replay.source = call.text("--source");
  replay.table = call.text("--table");
  replay.waiting = true;
  return have_replayed(call, operated, replay);
}

int run(const Invocation& call) {
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  if (call.has("--source") && operated->source(call, call.text("--source")) == nullptr) return kCallWrong;
  return call.has("--rerun") ? rerun(call, *operated) : list(call, *operated);
}

}  // namespace

Command codes_command() {
  return {
      "codes",
      "",
      0,
      0,
      {"lists codes without a row in a code table, and re-runs the messages that waited for one",
       "liệt kê các mã chưa có dòng trong bảng mã, và chạy lại các bản tin đang chờ mã"},
      "lienthong codes --config /etc/lienthong/lienthong.toml --rerun",
      {kConfigOption,
       kSourceOption,
       {"--table", "NAME", {"of this code table only", "chỉ của bảng mã này"}},
       {"--limit", "N", {"at most so many, the most frequent first", "tối đa bấy nhiêu, nhiều nhất trước"}},
       {"--rerun",
        "",
        {"take the tables' new rows into use and convert all messages again that waited for them",
         "đưa các dòng mới của bảng mã vào dùng và chuyển đổi lại mọi bản tin đang chờ"}}},
      run};
}

}  // namespace lienthong::app
