// lienthong validate: judges resources by FHIR R4 and by profiles.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "fhir-model/validate/outcome.h"
#include "fhir-model/validate/validator.h"
#include "gateway/app/commands.h"
#include "gateway/app/definition_folder.h"
#include "gateway/app/file.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/progress.h"
#include "gateway/app/validation_input.h"

namespace lienthong::app {
namespace {

using fhir::validate::Issue;

// Findings by kind, for --summary.
class Summary {
 public:
  void add(const std::vector<Issue>& issues) {
    ++resources_;
    if (fhir::validate::error_count(issues) == 0) ++valid_;
    for (const Issue& issue : issues) {
      const auto& message = fhir::validate::message_of(issue.message);
      ++counts_[{fhir::validate::severity_code(issue.severity), message.issue_type, message.key}];
    }
  }
  void print(const Invocation& call) const {
    for (const auto& [kind, count] : counts_) {
      const auto& [severity, type, key] = kind;
      std::fputs(fmt::format("{}\t{}\t{}\t{}\n", count, severity, type, key).c_str(), stdout);
    }
    const Bilingual sum = {"{} resources, {} valid, {} with errors\n",
                           "{} tài nguyên, {} hợp lệ, {} có lỗi\n"};
    const auto text = std::string(call.in(sum));
    std::fputs(fmt::format(fmt::runtime(text), resources_, valid_, resources_ - valid_).c_str(), stdout);
  }

 private:
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::uint64_t> counts_;
  std::uint64_t resources_ = 0, valid_ = 0;
};

// Judges one resource after the other and prints or counts what is found.
class Judge {
 public:
  Judge(const Invocation& call, const fhir::validate::Validator& validator)
      : validation_(validator), summary_only_(call.has("--summary")) {
    options_.unknown_extensions_allowed = !call.has("--known-extensions");
    options_.best_practice = call.has("--best-practice");
    options_.wrong_displays_refused = call.has("--displays");
    const auto profiles = call.text("--against");
    for (std::size_t at = 0; at < profiles.size();) {
      const auto comma = std::min(profiles.find(',', at), profiles.size());
      if (comma > at) options_.profiles.push_back(profiles.substr(at, comma - at));
      at = comma + 1;
    }
  }

  // `file` is named in the outcome; empty: it is not.
  void take(const InputResource& resource, std::string_view file) {
    if (resource.error != nullptr) {
      found_ = {fhir::validate::issue_of(*resource.error)};
    } else {
      found_ = validation_.validate(*resource.document, options_);
    }
    for (Issue& issue : found_) issue.line += issue.line == 0 ? 0 : resource.first_line - 1;
    refused_ = refused_ || fhir::validate::error_count(found_) != 0;
    if (summary_only_) return summary_.add(found_);
    line_.clear();
    fhir::validate::append_outcome(found_, line_, file);
    line_ += '\n';
    std::fputs(line_.c_str(), stdout);
  }

  bool refused() const { return refused_; }
  void finish(const Invocation& call) const {
    if (summary_only_) summary_.print(call);
  }

 private:
  fhir::validate::Validation validation_;
  fhir::validate::ValidationOptions options_;
  std::vector<Issue> found_;
  Summary summary_;
  std::string line_;
  bool summary_only_;
  bool refused_ = false;
};

int run(const Invocation& call) {
  fhir::validate::DefinitionFiles definitions;
  for (const auto* option : {"--definitions", "--profiles"}) {
    if (call.has(option) && !load_definitions(call, call.text(option), definitions)) return kCallWrong;
  }
  const fhir::validate::Validator validator(std::move(definitions));
  for (const auto& problem : validator.problems()) {
    std::fputs(fmt::format("lienthong: {}\n", problem).c_str(), stderr);
  }
  Judge judge(call, validator);
  std::vector<std::string> files;
  bool unread = false;
  for (const auto& argument : call.arguments) {
    unread |= !list_files(call, argument, {".json", ".ndjson", ".xml"}, files);
  }
  if (call.arguments.empty()) files.emplace_back("-");
  Progress progress(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string_view name = files.size() > 1 ? std::string_view(files[i]) : std::string_view();
    const auto content = read_file(files[i]);
    if (content) {
      each_resource(*content, [&](const InputResource& resource) { judge.take(resource, name); });
    } else {
      unread = true;
      call.say(content.error());
    }
    progress.update(i + 1);
  }
  judge.finish(call);
  return judge.refused() || unread ? kInputRefused : kAllDone;
}

}  // namespace

Command validate_command() {
  return {
      "validate",
      "[FILE|FOLDER…]",
      0,
      kAnyNumber,
      {"judges resources by FHIR R4 and by profiles; prints one OperationOutcome a line",
       "kiểm tra tài nguyên theo FHIR R4 và theo profile; in mỗi dòng một OperationOutcome"},
      "lienthong validate --summary bundles.ndjson",
      {{"--against",
        "URL",
        {"the profile (canonical URL; several with commas) that every resource must conform to",
         "profile (URL canonical; nhiều profile cách nhau bằng dấu phẩy) mà mọi tài nguyên phải tuân theo"}},
       {"--definitions",
        "FOLDER",
        {"a folder (or file) of StructureDefinitions, ValueSets, CodeSystems and Questionnaires to load",
         "thư mục (hoặc tệp) chứa StructureDefinition, ValueSet, CodeSystem và Questionnaire cần nạp"}},
       {"--profiles", "FOLDER", {"the same as --definitions", "giống như --definitions"}},
       {"--summary", "", {"prints counts by code instead", "chỉ in số lượng theo mã"}},
       {"--known-extensions",
        "",
        {"extensions that are not known are errors", "coi phần mở rộng không được biết là lỗi"}},
       {"--displays",
        "",
        {"displays that are not those of their codes are errors, not warnings",
         "coi tên hiển thị sai so với mã là lỗi thay vì cảnh báo"}},
       {"--best-practice",
        "",
        {"also reports what FHIR only recommends", "báo cả những điều FHIR chỉ khuyến nghị"}}},
      run};
}

}  // namespace lienthong::app
