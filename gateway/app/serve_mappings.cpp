// The mappings of a gateway: loaded at start, kept in the journal, replaced while messages flow.

#include <utility>

#include "gateway/app/locations.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/convert/cases.h"
#include "gateway/journal/mapping_snapshots.h"

namespace lienthong::app {
namespace {

// The first failing case in words; empty when all hold or there is none.
std::string failing_case(const std::shared_ptr<const convert::Program>& program) {
  const auto results = convert::run_cases(program, false);
  if (!results) return {};  // a profile without cases
  for (const auto& result : *results) {
    if (!result.passed) return result.file + ": the case does not hold; lienthong test shows the difference";
  }
  return {};
}

}  // namespace

// A wrong mapping stops its own sources only: they take nothing until it is corrected, so that their senders
// keep what they have.
Result<void> Gateway::load_mappings() {
  const auto locations = locations_with(config_.gateway.mappings, config_.gateway.adapters);
  convert::Diagnostics diagnostics;
  adapters_.load_folder(locations.adapters, diagnostics, &catalogue_);
  for (const auto& diagnostic : diagnostics.all()) log_.error("adapter", {{"at", to_string(diagnostic)}});
  for (const auto& adapter : adapters_.all()) {
    log_.info("adapter loaded", {{"name", adapter->name}, {"version", adapter->version}});
  }
  bool works = config_.sources.empty();
  for (const auto& source : config_.sources) {
    if (programs_.count(source.profile) == 0) {
      programs_[source.profile] = load_profile(source.profile, false, [](std::string_view) {});
      if (programs_[source.profile] == nullptr) refused_.insert(source.profile);
    }
    works = works || programs_[source.profile] != nullptr;
  }
  if (!works) return fail(Category::Incorrect, kNoMappingWorks, "no mapping that a source names can be used");
  return {};
}

std::shared_ptr<const convert::Program> Gateway::load_profile(const std::string& name, bool with_cases,
                                                              const Say& say) {
  const auto complain = [&](const std::string& text) {
    log_.error("mapping", {{"profile", name}, {"at", text}});
    say(text);
  };
  const auto locations = locations_with(config_.gateway.mappings, config_.gateway.adapters);
  convert::Diagnostics diagnostics;
  auto program = convert::load_profile({{locations.mappings}}, name, adapters_, diagnostics);
  for (const auto& diagnostic : diagnostics.all()) {
    if (!diagnostic.is_warning) complain(to_string(diagnostic));
  }
  if (!program) {
    complain(program.error().category == Category::NotFound ? said_where_named(name, program.error())
                                                            : to_string(program.error()));
    return nullptr;
  }
  if (!with_cases) return *program;
  if (const auto failing = failing_case(*program); !failing.empty()) {
    complain(failing);
    return nullptr;
  }
  return *program;
}

// A profile that does not exist is a mistake of the configuration: its first mention is where to correct it.
std::string Gateway::said_where_named(const std::string& profile, const Error& error) const {
  for (std::size_t i = 0; i < config_.sources.size(); ++i) {
    if (config_.sources[i].profile != profile) continue;
    return place_in_file(config_, place_of_source(i) + ".profile") + ": " + to_string(error);
  }
  return to_string(error);
}

// What messages were converted with can be told for ever after (semantics 25).
Result<void> Gateway::keep_mappings() {
  for (const auto& [profile, program] : programs_) {
    if (program == nullptr) continue;
    if (auto kept = keep_mapping(*program); !kept) return kept;
  }
  return {};
}

Result<void> Gateway::keep_mapping(const convert::Program& program) {
  const auto files = convert::read_program_files(program);
  if (!files) {
    // Somebody is writing to them; the next reload keeps them. Replays of what comes meanwhile know less.
    log_.warning("a mapping is not kept", {{"error", to_string(files.error())}});
    return {};
  }
  return store_->submit_and_wait([&](store::Transaction& transaction) {
    return journal::keep_mapping(transaction, program.identity(), *files, clock_.now());
  });
}

bool Gateway::mapping_refused(const std::string& profile) const {
  const std::lock_guard lock(mappings_mutex_);
  return refused_.count(profile) > 0;
}

bool Gateway::reload(const Say& say) {
  const std::lock_guard one(operating_);
  bool sound = true;
  std::vector<std::string> names;
  for (const auto& [profile, program] : programs_) names.push_back(profile);
  for (const auto& name : names) {
    auto program = load_profile(name, true, say);
    sound = sound && program != nullptr;
    if (program != nullptr) {
      use_program(name, std::move(program), say);
      continue;
    }
    const std::lock_guard lock(mappings_mutex_);
    refused_.insert(name);
    const bool before = programs_[name] != nullptr;
    log_.error("mapping not taken into use",
               {{"profile", name}, {"in_use", before ? programs_[name]->identity() : std::string("none")}});
    say(name + (before ? ": not taken into use; the mapping before stays" : ": cannot be used"));
  }
  return sound;
}

void Gateway::use_program(const std::string& profile, std::shared_ptr<const convert::Program> program,
                          const Say& say) {
  {
    const std::lock_guard lock(mappings_mutex_);
    refused_.erase(profile);
    const auto& before = programs_[profile];
    if (before != nullptr && before->identity() == program->identity())
      return say(program->identity() + ": unchanged");
  }
  if (auto kept = keep_mapping(*program); !kept)
    log_.warning("a mapping is not kept", {{"error", to_string(kept.error())}});
  for (auto& source : sources_) {
    if (source.config->profile != profile || source.intake == nullptr) continue;
    if (auto used = source.intake->use(program); !used) {
      log_.error("mapping", {{"profile", profile}, {"at", to_string(used.error())}});
      return say(to_string(used.error()));
    }
  }
  log_.info("mapping in use", {{"mapping", program->identity()}});
  say(program->identity() + ": in use");
  const std::lock_guard lock(mappings_mutex_);
  programs_[profile] = std::move(program);
}

}  // namespace lienthong::app
