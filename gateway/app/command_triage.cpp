// lienthong triage: messages that were refused or set apart.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/operated.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/base/json_text.h"
#include "gateway/delivery/outbox.h"
#include "gateway/intake/problem_text.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/journal/messages.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

// What went wrong, in the call's language. Values stay with the message: places and names only.
void append_problems(std::string& line, const MappingTools& tools, const intake::KeptProblems& kept) {
  line += '[';
  for (const auto& problem : kept.problems) {
    if (line.back() != '[') line += ',';
    line += fmt::format("{{\"severity\":\"{}\",\"code\":", name_of(problem.severity));
    append_json_string(line, code_of(problem));
    for (const auto& [name, text] :
         {std::pair("where", problem.where_input), std::pair("element", problem.where_output),
          std::pair("text", tools.catalogue().text(problem, tools.language(), false))}) {
      if (text.empty()) continue;
      line += fmt::format(",\"{}\":", name);
      append_json_string(line, text);
    }
    line += '}';
  }
  line += ']';
  if (kept.dropped > 0) line += fmt::format(",\"more_problems\":{}", kept.dropped);
}

std::string line_of(const Operated& operated, const MappingTools& tools,
                    const journal::StoredMessage& message) {
  std::string line =
      fmt::format("{{\"message\":\"{}\",\"received\":\"{}\",\"source\":", to_string(message.number.value),
                  format_instant(message.received_at, operated.offset));
  append_json_string(line, store::name_of(*operated.reader, message.source).value_or(""));
  line += ",\"kind\":";
  append_json_string(line, message.kind);
  line += fmt::format(",\"fate\":\"{}\",\"bytes\":{},\"problems\":", journal::name_of(message.fate),
                      message.raw_size);
  append_problems(line, tools, intake::problems_from_json(message.problems));
  return line + '}';
}

// For people: what it is, and each problem with what to do about it.
std::string description_of(const Operated& operated, const MappingTools& tools,
                           const journal::StoredMessage& message) {
  auto text = fmt::format("{} {} {} {} {}, {} B\n", to_string(message.number.value),
                          format_instant(message.received_at, operated.offset),
                          store::name_of(*operated.reader, message.source).value_or(""), message.kind,
                          journal::name_of(message.fate), message.raw_size);
  const auto kept = intake::problems_from_json(message.problems);
  for (const auto& problem : kept.problems) {
    text += fmt::format("{} {}", name_of(problem.severity), code_of(problem));
    for (const auto& place : {problem.where_input, problem.where_output}) {
      if (!place.empty()) text += ' ' + place;
    }
    text += ": " + tools.catalogue().text(problem, tools.language(), false) + '\n';
    const auto remedy = tools.catalogue().remedy(problem, tools.language());
    if (!remedy.empty()) text += "    " + remedy + '\n';
  }
  return kept.dropped == 0 ? text : text + fmt::format("… +{}\n", kept.dropped);
}

// The catalogues of the gateway's adapters.
MappingTools tools_of(const Invocation& call, const Operated& operated) {
  const auto& gateway = operated.config.gateway;
  return {call.language, locations_with(gateway.mappings, gateway.adapters)};
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
  const auto tools = tools_of(call, operated);
  for (const auto fate : {journal::Fate::Refused, journal::Fate::Quarantined}) {
    filter.fate = fate;
    const auto messages = journal::list_messages(*operated.reader, filter);
    if (!messages) return call.say(messages.error()), kInputRefused;
    for (const auto& message : *messages) std::puts(line_of(operated, tools, message).c_str());
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
  std::fputs(description_of(operated, tools_of(call, operated), *message).c_str(), stderr);
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

// What the destinations refused for good.
int list_dead(const Invocation& call, const Operated& operated) {
  for (const auto& destination : operated.config.destinations) {
    const auto id = store::find_destination(*operated.reader, destination.name);
    if (!id) continue;  // it has been sent nothing yet
    const auto letters = delivery::dead_letters(*operated.reader, *id, 1000);
    if (!letters) return call.say(letters.error()), kInputRefused;
    for (const auto& one : *letters) {
      std::string line = "{\"destination\":";
      append_json_string(line, destination.name);
      line += fmt::format(",\"{}\":{},\"refused\":\"{}\",\"status\":{},\"reason\":",
                          one.is_message ? "message_row" : "resource_row", one.what,
                          format_instant(one.at, operated.offset), one.status);
      append_json_string(line, one.reason);
      std::puts((line + '}').c_str());
    }
  }
  return kAllDone;
}

int resend(const Invocation& call, const Operated& operated) {
  const auto name = call.arguments.size() > 1 ? call.arguments[1] : std::string();
  std::string names;
  for (const auto& one : operated.config.destinations) {
    if (one.name == name) return have_done(call, operated, {"resend", name});
    names += (names.empty() ? "" : ", ") + one.name;
  }
  return call.say(kBadChoice, {name, names}), kCallWrong;
}

int tend(const Invocation& call, const Operated& operated, const std::string& action) {
  const auto message = chosen(call, operated);
  if (!message) return kCallWrong;
  return have_done(call, operated, {action, to_string(message->number.value)});
}

int run(const Invocation& call) {
  const auto action = call.arguments.front();
  const std::string_view known[] = {"list", "show", "retry", "discard", "release", "dead", "resend"};
  if (std::find(std::begin(known), std::end(known), action) == std::end(known))
    return call.say(kBadChoice, {action, "list, show, retry, discard, release, dead, resend"}), kCallWrong;
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  if (action == "list") return list(call, *operated);
  if (action == "show") return show(call, *operated);
  if (action == "retry") return retry(call, *operated);
  if (action == "dead") return list_dead(call, *operated);
  if (action == "resend") return resend(call, *operated);
  return tend(call, *operated, action);
}

}  // namespace

Command triage_command() {
  return {
      "triage",
      "list|show|retry|discard|release|dead|resend [NUMBER|DESTINATION]",
      1,
      2,
      {"messages that were refused or set apart: lists them, shows one as it came, tries one again, discards "
       "it, releases a quarantined content; dead letters: lists them, sends them again",
       "các bản tin bị từ chối hoặc giữ lại: liệt kê, xem nguyên bản, thử lại, bỏ qua, thôi cách ly; các mục "
       "bị đích từ chối: liệt kê, gửi lại"},
      "lienthong triage --config /etc/lienthong/lienthong.toml list --since 1d",
      {kConfigOption,
       kSourceOption,
       {"--since", "TIME", {"list: received from then on", "list: nhận từ lúc đó"}},
       {"--limit", "N", {"list: at most so many of each kind", "list: tối đa bấy nhiêu mỗi loại"}}},
      run};
}

}  // namespace lienthong::app
