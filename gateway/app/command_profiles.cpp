// lienthong profiles: what messages can be read with.

#include <fmt/format.h>

#include <cstdio>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_tools.h"

namespace lienthong::app {
namespace {

constexpr Bilingual kProfileHead = {"profile\tversion\tadapter\textends\ttitle",
                                    "hồ sơ đọc\tphiên bản\tbộ đọc\tkế thừa\ttên"};
constexpr Bilingual kAdapterHead = {"adapter\tversion\tfile\tdescription", "bộ đọc\tphiên bản\ttệp\tmô tả"};

int run(const Invocation& call) {
  const MappingTools tools(call.language, locations_of(call));
  convert::Diagnostics diagnostics;
  const auto profiles = convert::find_profiles(tools.folders(), diagnostics);
  say_diagnostics(diagnostics, call.language);

  std::puts(std::string(call.in(kProfileHead)).c_str());
  for (const auto& p : profiles) {
    std::puts(fmt::format("{}\t{}\t{}\t{}\t{}", p.name, p.version, p.adapter, p.extends, p.title).c_str());
  }
  std::puts(fmt::format("\n{}", call.in(kAdapterHead)).c_str());
  for (const auto& adapter : tools.registry().all()) {
    std::puts(
        fmt::format("{}\t{}\t{}\t{}", adapter->name, adapter->version, adapter->file, adapter->description)
            .c_str());
  }
  return diagnostics.error_count() > 0 ? kCallWrong : kAllDone;
}

}  // namespace

Command profiles_command() {
  return {"profiles",
          "",
          0,
          0,
          {"lists the profiles and adapters, with versions",
           "liệt kê các hồ sơ đọc và bộ đọc định dạng, kèm phiên bản"},
          "lienthong profiles",
          {kMappingsOption, kAdaptersOption},
          run};
}

}  // namespace lienthong::app
