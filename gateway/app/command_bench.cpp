// lienthong bench: what this machine can do.

#include <array>

#include "gateway/app/bench.h"
#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"
#include "gateway/app/morning_options.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {
namespace {

struct Bench {
  std::string_view name;
  int (*run)(const Invocation&);
};
constexpr std::array<Bench, 6> kBenches = {{{"convert", bench_convert},
                                            {"validate", bench_validate},
                                            {"extract", bench_extract},
                                            {"store", bench_store},
                                            {"repository", bench_repository},
                                            {"morning", bench_morning}}};

int run(const Invocation& call) {
  for (const auto& bench : kBenches) {
    if (bench.name == call.arguments.front()) return bench.run(call);
  }
  call.say(kBadChoice, {call.arguments.front(), "convert, validate, extract, store, repository, morning"});
  return kCallWrong;
}

}  // namespace

Command bench_command() {
  Command command = {
      "bench",
      "convert|validate|extract|store|repository|morning",
      1,
      1,
      {"measures conversion, validation, search keys and the disk; writes an invented morning of HL7 v2",
       "đo chuyển đổi, kiểm tra, khóa tìm kiếm và đĩa; tạo một buổi sáng HL7 v2 tưởng tượng"},
      "lienthong bench convert --profile hl7v2 --patients 5000",
      {},
      run};
  auto profile = kProfileOption;
  profile.required = false;
  command.options = {
      profile,
      {"--patients",
       "N",
       {"how many patients the morning has (100)", "buổi sáng có bao nhiêu người bệnh (100)"}},
      {"--runs",
       "N",
       {"how often to measure; every run is printed (5)", "đo bao nhiêu lần; lần nào cũng in (5)"}},
      {"--folder",
       "DIR",
       {"store, repository: the disk to measure (the current folder)",
        "store, repository: đĩa cần đo (thư mục hiện tại)"}},
      {"--file",
       "FILE",
       {"convert: a file of messages instead of the morning; validate, extract: NDJSON of resources or "
        "Bundles; repository: NDJSON of transaction Bundles",
        "convert: tệp bản tin thay cho buổi sáng; validate, extract: tệp NDJSON chứa tài nguyên hoặc "
        "Bundle; repository: tệp NDJSON chứa Bundle transaction"}},
      {"--whole",
       "",
       {"validate, extract: Bundles are not taken apart",
        "validate, extract: không tách Bundle ra từng phần"}},
      {"--check",
       "",
       {"repository: each Bundle is validated first, as with check = \"warn\"",
        "repository: kiểm tra từng Bundle trước, như khi check = \"warn\""}},
      {"--definitions",
       "FOLDER",
       {"validate: StructureDefinitions, ValueSets and CodeSystems to load",
        "validate: StructureDefinition, ValueSet và CodeSystem cần nạp"}},
      kMappingsOption,
      kAdaptersOption};
  for (const auto& option : morning_option_list()) command.options.push_back(option);
  return command;
}

}  // namespace lienthong::app
