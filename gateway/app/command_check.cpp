// lienthong check: what is wrong with a configuration and its mappings, before a patient's message arrives.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <set>

#include "gateway/app/commands.h"
#include "gateway/app/config_reader.h"
#include "gateway/app/config_reference.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {
namespace {

// False when a profile has an error. `names`: the profiles to check.
bool load_all(const Invocation& call, const MappingTools& tools, const std::set<std::string>& names) {
  bool sound = true;
  for (const auto& name : names) {
    const auto program = tools.load(call, name);
    if (!program) {
      sound = false;
      continue;
    }
    const Bilingual kLine = {"profile {}: {} message types, {} instructions\n",
                             "hồ sơ đọc {}: {} loại bản tin, {} lệnh\n"};
    std::fputs(fmt::format(fmt::runtime(call.in(kLine)), name, program->message_types().size(),
                           program->instruction_count())
                   .c_str(),
               stderr);
  }
  return sound;
}

// An unreadable one has said so itself.
std::vector<KnownProfile> known_profiles(const MappingTools& tools,
                                         const std::vector<convert::ProfileInfo>& readable) {
  std::vector<KnownProfile> known;
  for (auto& name : convert::profile_names(tools.folders())) known.push_back({std::move(name)});
  for (const auto& info : readable) {
    const auto* adapter = tools.registry().find(info.adapter);
    for (auto& profile : known) {
      if (profile.name == info.name && adapter != nullptr)
        profile.has_answers = convert::has_answers(*adapter);
    }
  }
  return known;
}

// Every profile there is; with an outcome, whether its sources name such.
bool check_mappings(const Invocation& call, const Locations& locations, ConfigOutcome* outcome) {
  const MappingTools tools(call.language, locations);
  if (!std::filesystem::is_directory(locations.mappings))
    return call.say(kNoMappings, {locations.mappings}), false;
  convert::Diagnostics diagnostics;
  const auto profiles = convert::find_profiles(tools.folders(), diagnostics);
  if (outcome != nullptr) {
    outcome->problems.clear();
    check_profiles(outcome->config, known_profiles(tools, profiles), outcome->problems);
    say_config_problems(*outcome, outcome->config.file, call.language);
  }
  std::set<std::string> names;
  for (const auto& profile : profiles) names.insert(profile.name);
  say_diagnostics(diagnostics, call.language);
  const bool sound = outcome == nullptr || outcome->ok();
  return load_all(call, tools, names) && sound && diagnostics.error_count() == 0;
}

int run(const Invocation& call) {
  if (call.has("--settings")) {
    const auto page = configuration_page();
    std::fwrite(page.data(), 1, page.size(), stdout);
    return kAllDone;
  }
  if (!call.has("--config")) {
    return check_mappings(call, locations_of(call), nullptr) ? kAllDone : kCallWrong;
  }
  const auto file = call.text("--config");
  auto outcome = load_config(file);
  say_config_problems(outcome, file, call.language);
  if (!outcome.ok()) return kCallWrong;
  const auto& gateway = outcome.config.gateway;
  const auto locations =
      locations_with(call.text("--mappings", gateway.mappings), call.text("--adapters", gateway.adapters));
  if (!check_mappings(call, locations, &outcome)) return kCallWrong;
  std::fputs(call.language == Language::Vietnamese ? "cấu hình đúng\n" : "the configuration is right\n",
             stderr);
  return kAllDone;
}

}  // namespace

void say_config_problems(const ConfigOutcome& outcome, const std::string& file, Language language) {
  for (const auto& problem : outcome.problems) {
    std::fputs((to_string(problem, file, language) + '\n').c_str(), stderr);
  }
}

Command check_command() {
  return {"check",
          "",
          0,
          0,
          {"checks the configuration and the mappings", "kiểm tra cấu hình và các ánh xạ"},
          "lienthong check --config /etc/lienthong/lienthong.toml",
          {{"--config", "FILE", {"the configuration to check", "tệp cấu hình cần kiểm tra"}},
           {"--settings",
            "",
            {"print the reference of all settings (Markdown) and stop",
             "in bảng tra cứu mọi thiết lập (Markdown) rồi dừng"}},
           kMappingsOption,
           kAdaptersOption},
          run};
}

}  // namespace lienthong::app
