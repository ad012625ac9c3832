#include "gateway/app/config_reference.h"

#include <fmt/format.h>

#include <iterator>

#include "gateway/app/setting_value.h"
#include "gateway/app/settings.h"

namespace lienthong::app {
namespace {

constexpr std::string_view kHead =
    R"(# The configuration file

`lienthong serve --config FILE` reads one TOML file. `lienthong check --config FILE` says what is wrong with it, each with file, line and
column. This page is made by `lienthong check --settings`; a test keeps it up to date. `examples/hospital.toml` and
`examples/province.toml` are two complete files with explanations.

- Relative paths mean: beside the configuration file. `credential:NAME` is a systemd credential.
- Sizes are written `"16 MiB"`, times `"30s"` (ms, s, m, h, d).
- Secrets never stand in the file: it names a file (mode 0600) or an environment variable.
- A listener beyond this machine needs TLS and a proof of who connects (client certificates; for HTTP also tokens, for MLLP also an
  allow-list), a destination beyond it needs https, unless `insecure = true` says otherwise.
- A change takes effect at the next start.
)";

std::string describe_kind(const Setting& setting) {
  switch (setting.kind) {
    case SettingKind::Text:
      return "text";
    case SettingKind::Choice:
      return join(setting.choices);
    case SettingKind::Boolean:
      return "true, false";
    case SettingKind::TextList:
      return "list of texts";
    case SettingKind::TextTable:
      return "table of texts";
    case SettingKind::Schedule:
      return "schedule";
    case SettingKind::Count:
    case SettingKind::Size:
    case SettingKind::Duration:
      return fmt::format("{} … {}", render_bound(setting, setting.minimum),
                         render_bound(setting, setting.maximum));
  }
  return {};
}

std::string describe_default(const Setting& setting) {
  if (setting.required) return "required";
  return setting.default_text.empty() ? "" : '`' + setting.default_text + '`';
}

}  // namespace

std::string configuration_page() {
  std::string page(kHead);
  const auto out = std::back_inserter(page);
  for (const auto& section : all_sections()) {
    fmt::format_to(out, "\n## {}\n\n{} / {}\n\n| setting | value | default | meaning |\n|---|---|---|---|\n",
                   section.repeated ? fmt::format("[[{}]]", section.path) : fmt::format("[{}]", section.path),
                   section.help.english, section.help.vietnamese);
    for (const auto& setting : section.settings) {
      fmt::format_to(out, "| `{}` | {} | {} | {}<br>*{}* |\n", setting.name, describe_kind(setting),
                     describe_default(setting), setting.help.english, setting.help.vietnamese);
    }
  }
  return page;
}

}  // namespace lienthong::app
