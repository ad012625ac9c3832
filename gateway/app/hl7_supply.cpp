#include "gateway/app/hl7_supply.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

#include "gateway/app/file.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {
namespace {

bool is_batch_segment(std::string_view line) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"FHS", "BHS", "BTS", "FTS"};
  for (const auto name : kNames) {
    if (line.starts_with(name)) return true;
  }
  return false;
}

// The next line of `text`, without MLLP's bytes around it (VT, FS).
std::string_view take_line(std::string_view& text) noexcept {
  // Not find_first_of: that calls memchr for each character.
  const auto* const at =
      std::find_if(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; });
  const auto end = static_cast<std::size_t>(at - text.begin());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!line.empty() && (line.front() == '\x0b' || line.front() == '\x1c')) line.remove_prefix(1);
  while (!line.empty() && line.back() == '\x1c') line.remove_suffix(1);
  return line;
}

}  // namespace

std::vector<std::string> split_hl7(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);  // a byte order mark, as Windows' editors leave it
  std::vector<std::string> messages;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty() || is_batch_segment(line)) continue;
    if (line.starts_with("MSH") || messages.empty()) messages.emplace_back();
    messages.back().append(line).append(1, '\r');
  }
  return messages;
}

Result<MessageSupply> supply_from_files(const std::vector<std::string>& files) {
  auto messages = std::make_shared<std::vector<std::string>>();
  for (const auto& file : files) {
    const auto content = read_file(file);
    if (!content) return forward(content);
    auto split = split_hl7(*content);
    const bool any = std::any_of(split.begin(), split.end(),
                                 [](const std::string& message) { return message.starts_with("MSH"); });
    if (!any)
      return fail(Category::Incorrect, kNoHl7, file + " holds no HL7 v2 message: no line begins with MSH");
    std::move(split.begin(), split.end(), std::back_inserter(*messages));
  }
  return [messages, next = std::size_t{0}](SuppliedMessage& out) mutable {
    if (next == messages->size()) return false;
    out.text = std::move((*messages)[next++]);
    out.lane = std::hash<std::string_view>{}(hl7_field(out.text, "PID", 3));
    return true;
  };
}

MessageSupply supply_from_morning(const MorningOptions& options) {
  auto morning = std::make_shared<Morning>(options);
  return [morning, message = MorningMessage()](SuppliedMessage& out) mutable {
    if (!morning->next(message)) return false;
    out.text = std::move(message.text);
    out.lane = message.patient;
    return true;
  };
}

std::string_view hl7_field(std::string_view message, std::string_view name, unsigned number) noexcept {
  if (message.size() < 4) return {};
  const char separator = message[3];
  while (!message.empty()) {
    auto line = take_line(message);
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != separator) continue;
    // MSH-1 is the separator itself (HL7 v2.5.1 §2.15.9.1).
    for (unsigned i = name == "MSH" ? 1 : 0; i < number; ++i) {
      const auto at = line.find(separator);
      if (at == std::string_view::npos) return {};
      line.remove_prefix(at + 1);
    }
    return line.substr(0, line.find(separator));
  }
  return {};
}

}  // namespace lienthong::app
