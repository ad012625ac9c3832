#pragma once
// One value of the file, read as its setting says.

#include <optional>
#include <string>

#include "gateway/app/settings.h"
#include "gateway/app/toml_tree.h"
#include "gateway/base/problem.h"

namespace lienthong::app {

// Nothing when the value is not what the setting takes; then `problem` says what it should be. `folder`: what
// relative paths are relative to. "credential:NAME" becomes $CREDENTIALS_DIRECTORY/NAME (systemd.exec(5)).
std::optional<SettingValue> read_value(const TomlNode& node, const Setting& setting,
                                       const std::string& folder, Problem& problem);

// "debug, info, warning" for messages and the reference.
std::string join(const std::vector<std::string_view>& words);

// Bounds as people write them, by the setting's kind; empty when it has none.
std::string render_bound(const Setting& setting, std::int64_t bound);

}  // namespace lienthong::app
