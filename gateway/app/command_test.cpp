// lienthong test: runs the cases beside mappings.

#include <fmt/format.h>

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/convert/cases.h"

namespace lienthong::app {
namespace {

struct Counts {
  std::size_t passed = 0, failed = 0, rewritten = 0;
};

void print_result(const convert::CaseResult& result, Counts& counts) {
  if (result.rewritten) {
    ++counts.rewritten;
    std::puts(fmt::format("rewritten {}", result.file).c_str());
  } else if (result.passed) {
    ++counts.passed;
    std::puts(fmt::format("passed {}", result.file).c_str());
  } else {
    ++counts.failed;
    std::puts(fmt::format("failed {}\n{}", result.file, result.difference).c_str());
  }
}

// False when the profile cannot be loaded or its cases not be read.
bool test_profile(const Invocation& call, const MappingTools& tools, const std::string& name,
                  Counts& counts) {
  const auto program = tools.load(call, name);
  if (!program) return false;
  const auto results = convert::run_cases(program, call.has("--accept"));
  if (!results) return results.error().category == Category::NotFound || (call.say(results.error()), false);
  for (const auto& result : *results) print_result(result, counts);
  return true;
}

int run(const Invocation& call) {
  const MappingTools tools(call.language, locations_of(call));
  convert::Diagnostics diagnostics;
  const auto profiles = convert::find_profiles(tools.folders(), diagnostics);
  say_diagnostics(diagnostics, call.language);

  Counts counts;
  bool loaded = diagnostics.error_count() == 0;
  if (call.has("--profile")) {
    loaded = test_profile(call, tools, call.text("--profile"), counts) && loaded;
  } else {
    for (const auto& profile : profiles) loaded = test_profile(call, tools, profile.name, counts) && loaded;
  }
  const Bilingual kSum = {"{} passed, {} failed, {} rewritten\n", "{} đạt, {} không đạt, {} ghi lại\n"};
  std::fputs(fmt::format(fmt::runtime(call.in(kSum)), counts.passed, counts.failed, counts.rewritten).c_str(),
             stderr);
  if (!loaded) return kCallWrong;
  return counts.failed > 0 ? kInputRefused : kAllDone;
}

}  // namespace

Command test_command() {
  auto profile = kProfileOption;
  profile.required = false;
  return {"test",
          "",
          0,
          0,
          {"runs the cases beside mappings", "chạy các trường hợp kiểm thử đặt cạnh ánh xạ"},
          "lienthong test --mappings mappings",
          {profile,
           {"--accept",
            "",
            {"rewrite the expected side of the cases that differ",
             "ghi lại phần kết quả mong đợi của các trường hợp sai khác"}},
           kMappingsOption,
           kAdaptersOption},
          run};
}

}  // namespace lienthong::app
