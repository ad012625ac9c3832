#include "gateway/app/mapping_tools.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "gateway/app/nearest.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {

void say_diagnostics(const convert::Diagnostics& diagnostics, Language language) {
  const auto* warning = language == Language::Vietnamese ? " (cảnh báo)" : " (warning)";
  for (const auto& diagnostic : diagnostics.all()) {
    const auto line = convert::to_string(diagnostic);
    std::fprintf(stderr, "%s%s\n", line.c_str(), diagnostic.is_warning ? warning : "");
  }
}

Locations locations_of(const Invocation& call) {
  return locations_with(call.text("--mappings"), call.text("--adapters"));
}

MappingTools::MappingTools(Language language, const Locations& locations)
    : language_(language), catalogue_(Catalogue::gateway()) {
  folders_.roots.push_back(locations.mappings);
  convert::Diagnostics diagnostics;
  registry_.load_folder(locations.adapters, diagnostics, &catalogue_);
  say_diagnostics(diagnostics, language_);
}

void MappingTools::add_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  const auto same = [&](const std::string& root) {
    std::error_code absent;
    return root == folder || fs::equivalent(root, folder, absent);
  };
  if (std::none_of(folders_.roots.begin(), folders_.roots.end(), same)) folders_.roots.push_back(folder);
}

std::shared_ptr<const convert::Program> MappingTools::load(const Invocation& call,
                                                           std::string_view profile) const {
  if (!std::filesystem::is_directory(folders_.roots.front())) {
    call.say(kNoMappings, {folders_.roots.front()});
    return nullptr;
  }
  convert::Diagnostics diagnostics;
  auto program = convert::load_profile(folders_, profile, registry_, diagnostics);
  say_diagnostics(diagnostics, language_);
  if (program) return *program;
  if (program.error().category != Category::NotFound) {
    call.say(program.error());
    return nullptr;
  }
  convert::Diagnostics ignored;
  const auto profiles = convert::find_profiles(folders_, ignored);
  std::vector<std::string_view> names;
  for (const auto& info : profiles) names.push_back(info.name);
  const auto meant = nearest(profile, names);
  if (meant.empty()) {
    call.say(kNoProfile, {std::string(profile)});
  } else {
    call.say(kProfileMeant, {std::string(profile), std::string(meant)});
  }
  return nullptr;
}

convert::SourceSettings settings_of(const Invocation& call, const convert::ProfileInfo& profile) {
  auto settings = profile.defaults;
  if (settings.name.empty()) settings.name = profile.name;
  if (call.has("--facility")) settings.facility = call.text("--facility");
  // A command on one's own desk needs no real facility; a source in a configuration does (semantics 1).
  if (settings.facility.empty()) settings.facility = "FACILITY";
  return settings;
}

Instant receipt_of_tools() noexcept {
  return Instant(std::chrono::sys_days(std::chrono::year(2200) / 1 / 1));
}

}  // namespace lienthong::app
