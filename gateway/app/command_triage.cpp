// lienthong triage: messages that were refused or set apart.

#include <fmt/format.h>

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/operated.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/base/json_text.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/journal/messages.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

std::string line_of(const Operated& operated, const journal::StoredMessage& message) {
  std::string line =
      fmt::format("{{\"message\":\"{}\",\"received\":\"{}\",\"source\":", to_string(message.number.value),
                  format_instant(message.received_at, operated.offset));
  append_json_string(line, store::name_of(*operated.reader, message.source).value_or(""));
  line += ",\"kind\":";
  append_json_string(line, message.kind);
  line += fmt::format(",\"fate\":\"{}\",\"bytes\":{},\"problems\":{}}}", journal::name_of(message.fate),
                      message.raw_size, message.problems.empty() ? "[]" : message.problems);
  return line;
}

int list(const Invocation& call, const Operated& operated) {
  const auto limit = call.number("--limit", 1, 1'000'000, 1000);
  if (!limit) return kCallWrong;
  journal::MessageFilter filter;
  if (!read_instant(call, operated, "--since", filter.from)) return kCallWrong;
  if (call.has("--source")) {
    if (operated.source(call, call.text("--source")) == nullptr) return kCallWrong;
    const auto id = store::find_source(*operated.reader, call.text("--source"));
    if (!id) return kAllDone;  // nothing has come by it yet
    filter.source = *id;
  }
  filter.limit = static_cast<std::size_t>(*limit);
  for (const auto fate : {journal::Fate::Refused, journal::Fate::Quarantined}) {
    filter.fate = fate;
    const auto messages = journal::list_messages(*operated.reader, filter);
    if (!messages) return call.say(messages.error()), kInputRefused;
    for (const auto& message : *messages) std::puts(line_of(operated, message).c_str());
  }
  return kAllDone;
}

// The message behind the action's name; nothing, and said, when there is none.
std::optional<journal::StoredMessage> chosen(const Invocation& call, const Operated& operated) {
  const auto text = call.arguments.size() > 1 ? call.arguments[1] : std::string();
  const auto uuid = parse_uuid(text);
  if (uuid) {
    auto message = journal::read_message(*operated.reader, MessageNumber{*uuid});
    if (message) return std::move(*message);
  }
  call.say(kNoSuchMessage, {text});
  return std::nullopt;
}

int show(const Invocation& call, const Operated& operated) {
  const auto message = chosen(call, operated);
  if (!message) return kCallWrong;
  std::fputs((line_of(operated, *message) + '\n').c_str(), stderr);
  journal::Dictionaries dictionaries;
  if (auto loaded = dictionaries.load(*operated.reader); !loaded)
    return call.say(loaded.error()), kInputRefused;
  const auto raw = journal::read_raw(*operated.reader, dictionaries, message->row);
  if (!raw) return call.say(raw.error()), kInputRefused;
  std::fwrite(raw->data(), 1, raw->size(), stdout);
  return kAllDone;
}

int retry(const Invocation& call, const Operated& operated) {
  const auto message = chosen(call, operated);
  if (!message) return kCallWrong;
  ReplayCall replay;
  replay.number = message->number;
  return have_replayed(call, operated, replay);
}

int run(const Invocation& call) {
  const auto action = call.arguments.front();
  const bool known = action == "list" || action == "show" || action == "retry";
  if (!known) return call.say(kBadChoice, {action, "list, show, retry"}), kCallWrong;
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  if (action == "list") return list(call, *operated);
  return action == "show" ? show(call, *operated) : retry(call, *operated);
}

}  // namespace

Command triage_command() {
  return {"triage",
          "list|show|retry [NUMBER]",
          1,
          2,
          {"messages that were refused or set apart: lists them, shows one as it came, tries one again",
           "các bản tin bị từ chối hoặc giữ lại: liệt kê, xem nguyên bản, thử lại"},
          "lienthong triage --config /etc/lienthong/lienthong.toml list --since 1d",
          {kConfigOption,
           kSourceOption,
           {"--since", "TIME", {"list: received from then on", "list: nhận từ lúc đó"}},
           {"--limit", "N", {"list: at most so many of each kind", "list: tối đa bấy nhiêu mỗi loại"}}},
          run};
}

}  // namespace lienthong::app
