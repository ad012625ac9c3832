#pragma once
// Every setting of the configuration file, declared once: reading, checking, the reference page
// (docs/configuration.md) and `lienthong check --settings` all come from this table. Defaults come from the
// structs in config.h.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/app/bilingual.h"
#include "gateway/app/config.h"

namespace lienthong::app {

// How a value is written in the file.
enum class SettingKind : std::uint8_t {
  Text,
  Choice,  // one of `choices`
  Boolean,
  Count,     // whole number
  Size,      // bytes: 4096 or "16 MiB"
  Duration,  // "30s"
  TextList,
  TextTable,  // { key = "text", … }
  Schedule,   // "every 30m, Mon-Sat 07-17"
};

// A value read, before it is put into its place. Choice: the index; Size, Duration (ms), Count: the number.
using SettingValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>,
                                  std::vector<std::pair<std::string, std::string>>, Schedule>;

// What a text must look like; applied to each text of a list.
enum class TextForm : std::uint8_t {
  Any,
  Name,
  Endpoint,
  AddressBlock,
  Url,
  UtcOffset,
  Path,
  ResourceType,
  Charset
};

struct Setting {
  std::string name;  // within its section; may have a dot: "tls.certificate"
  SettingKind kind = SettingKind::Text;
  TextForm form = TextForm::Any;
  std::vector<std::string_view> choices;
  std::int64_t minimum = 0, maximum = 0;  // Count, Size, Duration
  bool required = false;
  std::string default_text;  // as it would be written in the file; empty = none
  Bilingual help;
  std::function<void(void* section, const SettingValue& value)> assign;
};

enum class SectionId : std::uint8_t { Gateway, Store, Http, Token, Repository, Source, Destination };

struct Section {
  SectionId id;
  std::string_view path;  // "source", "http.token"
  bool repeated;          // [[source]]
  Bilingual help;
  std::vector<Setting> settings;
};

// Built once, immutable; any thread.
std::span<const Section> all_sections();
const Section& section_of(SectionId id);

}  // namespace lienthong::app
