// lienthong replay: kept messages under a changed mapping: what would differ, or have it applied.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "gateway/app/commands.h"
#include "gateway/app/earlier_mappings.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/operated.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/replay_selection.h"
#include "gateway/app/resource_diff.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/app/source_settings.h"
#include "gateway/base/json_text.h"
#include "gateway/intake/replay.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

// Counts what differs, over all messages.
struct Summary {
  std::map<std::pair<std::string, std::string>, std::uint64_t> elements;  // ("Patient.gender", "changed")
  std::map<std::pair<std::string, std::string>, std::uint64_t> resources;
  std::uint64_t messages = 0, differing = 0, unknown = 0, failed = 0;

  void add(const std::vector<ResourceDiff>& diffs) {
    for (const auto& diff : diffs) {
      ++resources[{diff.type, std::string(name_of(diff.kind))}];
      if (diff.kind != DiffKind::Changed) continue;
      for (const auto& element : diff.elements)
        ++elements[{diff.type + '.' + without_indexes(element.path), std::string(name_of(element.kind))}];
    }
  }

  void print(const Invocation& call) const {
    const Bilingual kSum = {
        "{} messages, {} differ, {} whose earlier mapping is not known, {} not converted\n",
        "{} bản tin, {} khác, {} không rõ ánh xạ trước, {} không chuyển đổi được\n"};
    std::fputs(fmt::format(fmt::runtime(call.in(kSum)), messages, differing, unknown, failed).c_str(),
               stderr);
    for (const auto* counts : {&resources, &elements}) {
      for (const auto& [what, count] : *counts)
        std::fputs(fmt::format("{}\t{}\t{}\n", count, what.second, what.first).c_str(), stderr);
    }
  }
};

void append_element(std::string& line, const ElementDiff& element, bool values) {
  line += "{\"path\":";
  append_json_string(line, element.path);
  line += fmt::format(",\"change\":\"{}\"", name_of(element.kind));
  if (values && element.kind != DiffKind::Added) {
    line += ",\"before\":";
    append_json_string(line, element.before);
  }
  if (values && element.kind != DiffKind::Removed) {
    line += ",\"after\":";
    append_json_string(line, element.after);
  }
  line += '}';
}

void print_message(const intake::Comparison& comparison, const std::string& source,
                   const std::vector<ResourceDiff>& diffs, bool values) {
  std::string line = "{\"message\":\"" + to_string(comparison.message.number.value) + "\",\"source\":";
  append_json_string(line, source);
  line += ",\"kind\":";
  append_json_string(line, comparison.message.kind);
  line += ",\"resources\":[";
  for (const auto& diff : diffs) {
    if (line.back() != '[') line += ',';
    line += fmt::format("{{\"resource\":\"{}/{}\",\"change\":\"{}\",\"elements\":[", diff.type, diff.id,
                        name_of(diff.kind));
    for (const auto& element : diff.elements) {
      if (line.back() != '[') line += ',';
      append_element(line, element, values);
    }
    line += "]}";
  }
  std::puts((line + "]}").c_str());
}

// One source's messages, compared.
class Comparing {
 public:
  Comparing(const Invocation& call, const Operated& operated, const MappingTools& tools)
      : call_(call), operated_(operated), tools_(tools) {}

  Result<void> source(const SourceConfig& config, const ReplayCall& replay,
                      std::shared_ptr<const convert::Program> program) {
    auto& reader = *operated_.reader;
    const auto id = store::find_source(reader, config.name);
    if (!id) return {};  // nothing has come by it yet
    auto selection = ReplaySelection::make(reader, replay, *id, *program, SystemClock().now());
    if (!selection) return forward(selection);
    if (auto loaded = dictionaries_.load(reader); !loaded) return loaded;
    intake::SourceRules rules;
    rules.id = *id;
    rules.settings = source_settings(config, operated_.config.gateway);
    intake::ReplayConverter converter(rules, std::move(program), [&](const std::string& identity) {
      return earlier_mapping(reader, tools_.registry(), identity);
    });
    for (;;) {
      auto rows = selection->next(reader);
      if (!rows) return forward(rows);
      if (rows->empty()) return {};
      for (const auto row : *rows) {
        if (auto done = message(config, converter, row); !done) return done;
      }
    }
  }

  const Summary& summary() const noexcept { return summary_; }

 private:
  Result<void> message(const SourceConfig& config, intake::ReplayConverter& converter, MessageRow row) {
    const auto comparison = intake::compare_message(*operated_.reader, dictionaries_, converter, row);
    if (!comparison) return forward(comparison);
    ++summary_.messages;
    if (!comparison->after) ++summary_.failed;
    if (!comparison->earlier_known) {
      ++summary_.unknown;
      return {};
    }
    const auto diffs = compare_bundles(comparison->before, comparison->after);
    if (diffs.empty()) return {};
    ++summary_.differing;
    summary_.add(diffs);
    print_message(*comparison, config.name, diffs, call_.has("--values"));
    return {};
  }

  const Invocation& call_;
  const Operated& operated_;
  const MappingTools& tools_;
  journal::Dictionaries dictionaries_;
  Summary summary_;
};

// --profile: a name, or a folder with a profile.toml somewhere else.
struct NewProfile {
  Locations locations;
  std::string name;  // empty: the source's
};

NewProfile new_profile(const Invocation& call, const GatewayConfig& gateway) {
  namespace fs = std::filesystem;
  NewProfile made;
  made.locations = locations_with(call.text("--mappings", gateway.mappings), gateway.adapters);
  made.name = call.text("--profile");
  std::error_code failed;
  const auto folder = fs::absolute(made.name, failed).lexically_normal();
  if (made.name.empty() || !fs::exists(folder / "profile.toml", failed)) return made;
  const auto own = folder.filename().empty() ? folder.parent_path() : folder;
  made.name = own.filename().string();
  auto root = own.parent_path();
  if (root.filename() == "vendors") root = root.parent_path();
  made.locations.mappings = root.string();
  return made;
}

int compare(const Invocation& call, const Operated& operated, const ReplayCall& replay) {
  const auto profile = new_profile(call, operated.config.gateway);
  MappingTools tools(call.language, profile.locations);
  tools.add_folder(locations_with(operated.config.gateway.mappings, "").mappings);
  Comparing comparing(call, operated, tools);
  bool sound = true;
  for (const auto& config : operated.config.sources) {
    if (!replay.source.empty() && config.name != replay.source) continue;
    auto program = tools.load(call, profile.name.empty() ? config.profile : profile.name);
    if (program == nullptr) return kCallWrong;
    if (auto done = comparing.source(config, replay, std::move(program)); !done) {
      call.say(done.error());
      sound = false;
    }
  }
  comparing.summary().print(call);
  return sound && comparing.summary().failed == 0 ? kAllDone : kInputRefused;
}

int run(const Invocation& call) {
  const auto operated = operate(call);
  if (!operated) return kCallWrong;
  ReplayCall replay;
  replay.source = call.text("--source");
  if (!replay.source.empty() && operated->source(call, replay.source) == nullptr) return kCallWrong;
  if (!read_instant(call, *operated, "--since", replay.from)) return kCallWrong;
  if (!read_instant(call, *operated, "--until", replay.until)) return kCallWrong;
  if (call.has("--message")) {
    const auto uuid = parse_uuid(call.text("--message"));
    if (!uuid) return call.say(kNoSuchMessage, {call.text("--message")}), kCallWrong;
    replay.number = MessageNumber{*uuid};
  }
  if (!call.has("--apply")) return compare(call, *operated, replay);
  if (call.has("--profile") || call.has("--mappings")) {
    call.say(kOptionTakesNone, {"--apply with --profile or --mappings"});
    return kCallWrong;
  }
  replay.deliver = call.has("--deliver");
  return have_replayed(call, *operated, replay);
}

}  // namespace

Command replay_command() {
  return {"replay",
          "",
          0,
          0,
          {"shows what a changed mapping makes of kept messages, or applies it",
           "cho xem ánh xạ đã sửa làm gì với các bản tin đã lưu, hoặc áp dụng"},
          "lienthong replay --config /etc/lienthong/lienthong.toml --source his --since 7d --diff",
          {kConfigOption,
           kSourceOption,
           {"--since",
            "TIME",
            {"received from then on: 2026-03-01, or 7d ago", "nhận từ lúc đó: 2026-03-01, hoặc 7d trước"}},
           {"--until", "TIME", {"received before then", "nhận trước lúc đó"}},
           {"--message", "NUMBER", {"this message only", "chỉ bản tin này"}},
           {"--profile",
            "NAME",
            {"with this profile or folder of one, instead of the source's",
             "với hồ sơ đọc hoặc thư mục hồ sơ này, thay cho hồ sơ của nguồn"}},
           kMappingsOption,
           {"--diff", "", {"only show the differences (the default)", "chỉ cho xem khác biệt (mặc định)"}},
           {"--values",
            "",
            {"show the values too: they are patients' data", "hiện cả giá trị: đó là dữ liệu người bệnh"}},
           {"--apply",
            "",
            {"apply with the mapping in use (lienthong reload first)",
             "áp dụng bằng ánh xạ đang dùng (chạy lienthong reload trước)"}},
           {"--deliver",
            "",
            {"with --apply: send everything they state, changed or not",
             "cùng --apply: gửi mọi thứ các bản tin nêu, dù có thay đổi hay không"}}},
          run};
}

}  // namespace lienthong::app
