// lienthong status: whether the running gateway does all it should.

#include <fmt/format.h>

#include <cstdio>

#include "fhir-model/document/json_reader.h"
#include "gateway/app/commands.h"
#include "gateway/app/operated.h"

namespace lienthong::app {
namespace {

std::string text_of(const fhir::Node& object, std::string_view member) {
  const auto* found = object.find(member);
  return found == nullptr ? std::string() : std::string(found->text());
}

void say_line(const Invocation& call, Bilingual text, const std::string& first, const std::string& second) {
  std::fputs((fmt::format(fmt::runtime(call.in(text)), first, second) + '\n').c_str(), stderr);
}

void say_destination(const Invocation& call, const fhir::Node& one) {
  constexpr Bilingual kAway = {"destination {} has been away since {}", "đích {} không nhận từ {}"};
  constexpr Bilingual kDead = {"destination {} has refused {} for good (lienthong triage dead)",
                               "đích {} đã từ chối hẳn {} mục (lienthong triage dead)"};
  const auto away = text_of(one, "away_since"), dead = text_of(one, "dead");
  if (!away.empty()) say_line(call, kAway, text_of(one, "name"), away);
  if (dead != "0") say_line(call, kDead, text_of(one, "name"), dead);
}

void say_source(const Invocation& call, const fhir::Node& one) {
  constexpr Bilingual kLate = {"source {} should have spoken; it has been silent for {} s",
                               "nguồn {} lẽ ra phải gửi; đã im lặng {} giây"};
  constexpr Bilingual kRefused = {"source {}: its mapping is wrong; in use: \"{}\" (lienthong check)",
                                  "nguồn {}: ánh xạ có lỗi; đang dùng: \"{}\" (lienthong check)"};
  if (text_of(one, "late") == "true")
    say_line(call, kLate, text_of(one, "name"), text_of(one, "silent_seconds"));
  if (text_of(one, "mapping_refused") == "true")
    say_line(call, kRefused, text_of(one, "name"), text_of(one, "mapping"));
}

// In words what stands in the line.
void explain(const Invocation& call, std::string_view line) {
  std::string padded(line);
  padded.append(fhir::kPadding, '\0');
  fhir::Document document;
  if (!fhir::read_json({padded.data(), line.size()}, document)) return;
  const auto& root = document.root();
  if (const auto store = text_of(root, "store"); store != "ready")
    say_line(call, {"nothing can be kept: {}{}", "không lưu được dữ liệu: {}{}"}, store, "");
  if (const auto* all = root.find("destinations")) {
    for (const auto& one : all->children()) say_destination(call, one);
  }
  if (const auto* all = root.find("sources")) {
    for (const auto& one : all->children()) say_source(call, one);
  }
}

int run(const Invocation& call) {
  return ask_running(call, {"status"}, [&call](std::string_view line) {
    std::puts(std::string(line).c_str());
    explain(call, line);
  });
}

}  // namespace

Command status_command() {
  return {"status",
          "",
          0,
          0,
          {"whether the running gateway does all it should: what /health says, and in words what is amiss",
           "cổng đang chạy có hoạt động đầy đủ không: nội dung /health, kèm lời giải thích khi có vấn đề"},
          "lienthong status --config /etc/lienthong/lienthong.toml",
          {kConfigOption},
          run};
}

}  // namespace lienthong::app
