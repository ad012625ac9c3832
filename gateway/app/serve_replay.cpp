// Replays and the calls of the control socket.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/app/command.h"
#include "gateway/app/earlier_mappings.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/replay_selection.h"
#include "gateway/app/serve_gateway.h"

namespace lienthong::app {
namespace {

std::string totals_line(const intake::ReplayTotals& totals) {
  return fmt::format(
      R"({{"messages":{},"versions":{},"created":{},"still_waiting":{},"failed":{},"earlier_mapping_unknown":{}}})",
      totals.messages, totals.changed, totals.created, totals.waiting, totals.failed, totals.unknown);
}

void add(intake::ReplayTotals& to, const intake::ReplayTotals& from) {
  to.messages += from.messages;
  to.changed += from.changed;
  to.created += from.created;
  to.waiting += from.waiting;
  to.failed += from.failed;
  to.unknown += from.unknown;
}

}  // namespace

Result<intake::ReplayTotals> Gateway::replay(const ReplayCall& call) {
  const std::lock_guard one(operating_);
  intake::ReplayTotals totals;
  bool found = call.source.empty();
  for (const auto& source : sources_) {
    if (!call.source.empty() && source.config->name != call.source) continue;
    found = true;
    std::shared_ptr<const convert::Program> program;
    {
      const std::lock_guard lock(mappings_mutex_);
      program = programs_[source.config->profile];
    }
    if (program == nullptr) continue;  // said in the log, at start and with each reload
    auto rules = source.rules;
    rules.settings.references =
        repository_ ? convert::ReferenceStyle::Relative : convert::ReferenceStyle::UrnUuid;
    if (auto done = replay_source(call, rules, std::move(program), totals); !done) return forward(done);
  }
  if (!found) return fail(Category::NotFound, kNoSource, "there is no source \"" + call.source + "\"");
  return totals;
}

Result<void> Gateway::replay_source(const ReplayCall& call, const intake::SourceRules& rules,
                                    std::shared_ptr<const convert::Program> program,
                                    intake::ReplayTotals& totals) {
  auto reader = store_->open_reader();
  if (!reader) return forward(reader);
  auto selection = ReplaySelection::make(**reader, call, rules.id, *program, clock_.now());
  if (!selection) return forward(selection);
  intake::ReplayConverter converter(rules, std::move(program), [&](const std::string& identity) {
    return earlier_mapping(**reader, adapters_, identity);
  });
  const auto services = intake_services();
  intake::Replayer replayer(services, converter, {call.deliver, call.quiet});
  for (;;) {
    auto rows = selection->next(**reader);
    if (!rows) return forward(rows);
    if (rows->empty()) break;
    for (const auto row : *rows) replayer.apply(**reader, row);
  }
  add(totals, replayer.finish());
  return {};
}

int Gateway::say_status(const Say& say) const {
  Status::Health health{};
  auto text = status_->health(health);
  text.pop_back();  // its line end
  say(text);
  return health == Status::Health::Works ? kAllDone : kInputRefused;
}

int Gateway::answer(const std::vector<std::string>& words, const Say& say) {
  const auto verb = words.empty() ? std::string() : words.front();
  if (verb == "reload") return reload(say) ? kAllDone : kInputRefused;
  if (words.size() == 1 && verb == "status" && status_) return say_status(say);
  if (words.size() == 2 && (verb == "discard" || verb == "release" || verb == "resend"))
    return tend(verb, words[1], say);
  const auto call = ReplayCall::parse(words);
  if (!call) {
    say("this gateway does not know the call; program and gateway are of different versions");
    return kCallWrong;
  }
  const auto totals = replay(*call);
  if (!totals) {
    say(to_string(totals.error()));
    return kInputRefused;
  }
  log_.info("replayed", {{"messages", totals->messages}, {"failed", totals->failed}});
  say(totals_line(*totals));
  return totals->failed == 0 ? kAllDone : kInputRefused;
}

}  // namespace lienthong::app
