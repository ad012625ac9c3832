// lienthong store: the database file, with the gateway running or not.

#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/migrations.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/progress.h"
#include "gateway/app/store_file.h"
#include "gateway/store/maintenance.h"

namespace lienthong::app {
namespace {

using Action = int (*)(const Invocation&, const std::string& path);

int print_stats(const Invocation& call, const std::string& path) {
  const auto stats = store::store_stats(path);
  if (!stats) return call.say(stats.error()), kInputRefused;
  std::fputs(fmt::format("{{\"page_size\":{},\"pages\":{},\"free_pages\":{},\"wal_bytes\":{},\"tables\":[",
                         stats->page_size, stats->pages, stats->free_pages, stats->wal_bytes)
                 .c_str(),
             stdout);
  for (std::size_t i = 0; i < stats->tables.size(); ++i) {
    const auto& table = stats->tables[i];
    std::fputs(fmt::format("{}\n{{\"name\":\"{}\",\"pages\":{},\"bytes\":{},\"unused\":{}}}",
                           i == 0 ? "" : ",", table.name, table.pages, table.bytes, table.unused)
                   .c_str(),
               stdout);
  }
  std::fputs("]}\n", stdout);
  return kAllDone;
}

int check(const Invocation& call, const std::string& path) {
  const auto wrong = store::check_store(path, call.has("--quick"));
  if (!wrong) return call.say(wrong.error()), kInputRefused;
  for (const auto& line : *wrong) std::puts(line.c_str());
  if (!wrong->empty()) return kInputRefused;
  std::fputs(call.in({"the store is sound\n", "cơ sở dữ liệu nguyên vẹn\n"}).data(), stderr);
  return kAllDone;
}

// The file behind the action's name: required for backup and restore.
const std::string* other_file(const Invocation& call) {
  if (call.arguments.size() > 1) return &call.arguments[1];
  call.say(kTooFewArguments, {"store " + call.arguments.front()});
  return nullptr;
}

int backup(const Invocation& call, const std::string& path) {
  const auto* target = other_file(call);
  if (target == nullptr) return kCallWrong;
  Progress progress(1000);
  const auto done = store::backup_store(path, *target, [&](std::uint64_t pages, std::uint64_t all) {
    progress.update(all == 0 ? 0 : pages * 1000 / all);
  });
  if (!done) return call.say(done.error()), kInputRefused;
  return kAllDone;
}

int restore(const Invocation& call, const std::string& path) {
  const auto* source = other_file(call);
  if (source == nullptr) return kCallWrong;
  const auto done = store::restore_store(*source, path, all_migrations());
  if (!done) return call.say(done.error()), kInputRefused;
  return kAllDone;
}

int compact(const Invocation& call, const std::string& path) {
  const auto done = store::compact_store(path);
  if (!done) return call.say(done.error()), kInputRefused;
  return kAllDone;
}

struct Named {
  std::string_view name;
  Action action;
};
constexpr std::array<Named, 5> kActions = {{{"stats", print_stats},
                                            {"check", check},
                                            {"backup", backup},
                                            {"restore", restore},
                                            {"compact", compact}}};

Action find_action(std::string_view name) {
  for (const auto& action : kActions) {
    if (action.name == name) return action.action;
  }
  return nullptr;
}

int run(const Invocation& call) {
  const auto action = find_action(call.arguments.front());
  if (action == nullptr) {
    call.say(kBadChoice, {call.arguments.front(), "stats, check, backup, restore, compact"});
    return kCallWrong;
  }
  if (call.has("--database")) return action(call, call.text("--database"));
  if (!call.has("--config")) return call.say(kOptionRequired, {"--config", "store"}), kCallWrong;
  const auto file = call.text("--config");
  const auto outcome = load_config(file);
  if (!outcome.ok()) return say_config_problems(outcome, file, call.language), kCallWrong;
  return action(call, store_file(outcome.config.gateway));
}

}  // namespace

Command store_command() {
  return {"store",
          "stats|check|backup|restore|compact [BACKUP]",
          1,
          2,
          {"looks after the database: figures, check, backup, restore, compaction",
           "chăm sóc cơ sở dữ liệu: số liệu, kiểm tra, sao lưu, phục hồi, thu gọn"},
          "lienthong store --config /etc/lienthong/lienthong.toml backup /backup/lienthong.db",
          {{"--config", "FILE", {"the configuration of the gateway", "tệp cấu hình của cổng"}},
           {"--database", "FILE", {"or the database file itself", "hoặc chính tệp cơ sở dữ liệu"}},
           {"--quick",
            "",
            {"check: leave the comparison of indexes with tables out",
             "check: bỏ qua việc đối chiếu chỉ mục với bảng"}}},
          run};
}

}  // namespace lienthong::app
