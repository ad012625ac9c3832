// What `lienthong`, `lienthong --help` and `lienthong COMMAND --help` print.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "gateway/app/command_line.h"
#include "gateway/app/version.h"

namespace lienthong::app {
namespace {

constexpr Bilingual kUsage = {"usage", "cách dùng"};
constexpr Bilingual kCommands = {"commands", "các lệnh"};
constexpr Bilingual kOptions = {"options", "các tùy chọn"};
constexpr Bilingual kExample = {"example", "ví dụ"};
constexpr Bilingual kRequired = {" (required)", " (bắt buộc)"};
constexpr Bilingual kWhat = {
    "takes what hospital systems send, makes FHIR R4 of it, keeps it and passes it on",
    "nhận dữ liệu từ các hệ thống bệnh viện, chuyển thành FHIR R4, lưu giữ và chuyển tiếp"};
constexpr Bilingual kMore = {"`lienthong COMMAND --help` says more. Messages in Vietnamese: --lang vi.",
                             "`lienthong LỆNH --help` cho biết thêm. Thông báo bằng tiếng Anh: --lang en."};
constexpr Option kHelpOption = {"--help", "", {"show this", "hiện phần này"}};
constexpr Option kLangOption = {"--lang", "en|vi", {"the language of messages", "ngôn ngữ của thông báo"}};

void append_option(std::string& out, const Option& option, Language language) {
  auto left = std::string(option.name);
  if (!option.argument.empty()) left += ' ' + std::string(option.argument);
  fmt::format_to(std::back_inserter(out), "  {:<24} {}{}\n", left, option.help.in(language),
                 option.required ? kRequired.in(language) : "");
}

}  // namespace

std::string overall_help(Language language) {
  auto out = fmt::format("lienthong {}: {}\n\n{}: lienthong COMMAND [OPTION…] [ARGUMENT…]\n\n{}:\n", kVersion,
                         kWhat.in(language), kUsage.in(language), kCommands.in(language));
  for (const auto& command : all_commands()) {
    fmt::format_to(std::back_inserter(out), "  {:<10} {}\n", command.name, command.summary.in(language));
  }
  out += '\n' + std::string(kMore.in(language)) + '\n';
  return out;
}

std::string command_help(const Command& command, Language language) {
  auto usage = fmt::format("lienthong {}", command.name);
  for (const auto& option : command.options) {
    if (option.required) usage += fmt::format(" {} {}", option.name, option.argument);
  }
  if (command.options.size() > 0) usage += " [OPTION…]";
  if (!command.arguments.empty()) usage += ' ' + std::string(command.arguments);
  auto out = fmt::format("{}\n\n{}: {}\n\n{}:\n", command.summary.in(language), kUsage.in(language), usage,
                         kOptions.in(language));
  for (const auto& option : command.options) append_option(out, option, language);
  append_option(out, kLangOption, language);
  append_option(out, kHelpOption, language);
  out += fmt::format("\n{}:\n  {}\n", kExample.in(language), command.example);
  return out;
}

}  // namespace lienthong::app
