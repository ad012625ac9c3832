#include "gateway/convert/profile.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "gateway/convert/mapping_library.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {
namespace {

namespace fs = std::filesystem;

void list_in(const fs::path& folder, std::vector<std::pair<std::string, std::string>>& found) {
  std::error_code failed;
  std::vector<std::pair<std::string, std::string>> here;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!fs::exists(entry.path() / "profile.toml", failed)) continue;
    here.emplace_back(entry.path().filename().string(), entry.path().lexically_normal().string());
  }
  std::sort(here.begin(), here.end());
  for (auto& one : here) {
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.first == one.first; });
    if (!known) found.push_back(std::move(one));
  }
}

// Reads one file; what it does not say keeps the value it has (from the profile it extends).
class ProfileReader {
 public:
  ProfileReader(std::string file, ProfileInfo& info, Diagnostics& diagnostics)
      : file_(std::move(file)), info_(info), diagnostics_(diagnostics) {}

  void read(const toml::table& root) {
    check_keys(root,
               {"version", "title", "adapter", "extends", "options", "defaults", "numbers", "envelope"});
    read_text(root, "version", info_.version);
    read_text(root, "title", info_.title);
    read_text(root, "adapter", info_.adapter);
    if (const auto* options = section(root, "options")) read_options(*options);
    if (const auto* defaults = section(root, "defaults")) read_defaults(*defaults);
    if (const auto* numbers = section(root, "numbers")) read_numbers(*numbers);
    if (const auto* envelope = section(root, "envelope")) {
      check_keys(*envelope, {"accept_ack", "application_ack", "sender_form"});
      read_text(*envelope, "accept_ack", info_.accept_ack);
      read_text(*envelope, "sender_form", info_.sender_form);
      read_text(*envelope, "application_ack", info_.application_ack);
    }
  }

 private:
  void error(const toml::source_region& at, std::string message) {
    diagnostics_.error(file_, at.begin.line, at.begin.column, std::move(message));
  }

  void check_keys(const toml::table& table, const std::vector<std::string>& known) {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      error(key.source(), "a profile has no \"" + std::string(key.str()) + "\"" +
                              suggestion(nearest_name(known, key.str())));
    }
  }

  const toml::table* section(const toml::table& root, const char* name) {
    const auto* node = root.get(name);
    if (node == nullptr) return nullptr;
    if (node->is_table()) return node->as_table();
    error(node->source(), std::string("[") + name + "] is a section of settings");
    return nullptr;
  }

  void read_text(const toml::table& table, const char* name, std::string& out) {
    const auto* node = table.get(name);
    if (node == nullptr) return;
    if (const auto* text = node->as_string())
      out = text->get();
    else
      error(node->source(), std::string("\"") + name + "\" is a text in quotes");
  }

  void read_flag(const toml::table& table, const char* name, bool& out) {
    const auto* node = table.get(name);
    if (node == nullptr) return;
    if (const auto* flag = node->as_boolean())
      out = flag->get();
    else
      error(node->source(), std::string("\"") + name + "\" is true or false");
  }

  // A list reaches the adapter as one text with a line for each entry.
  void read_options(const toml::table& table) {
    for (const auto& [key, value] : table) {
      const auto text = option_text(value);
      if (!text) {
        error(value.source(), "an option of an adapter is a text in quotes, or a list of them");
        continue;
      }
      const std::string name(key.str());
      std::erase_if(info_.options, [&](const auto& option) { return option.first == name; });
      info_.options.emplace_back(name, *text);
    }
  }

  static std::optional<std::string> option_text(const toml::node& value) {
    if (const auto* text = value.as_string()) return text->get();
    const auto* list = value.as_array();
    if (list == nullptr) return std::nullopt;
    std::string lines;
    for (const auto& entry : *list) {
      const auto* line = entry.as_string();
      if (line == nullptr || line->get().find('\n') != std::string::npos) return std::nullopt;
      if (!lines.empty()) lines += '\n';
      lines += line->get();
    }
    return lines;
  }

  void read_defaults(const toml::table& table) {
    check_keys(table, {"facility", "facility_name", "utc_offset", "charset", "null_deletes"});
    auto& defaults = info_.defaults;
    read_text(table, "facility", defaults.facility);
    read_text(table, "facility_name", defaults.facility_name);
    read_text(table, "charset", defaults.charset);
    read_flag(table, "null_deletes", defaults.null_deletes);
    read_text(table, "utc_offset", defaults.utc_offset);
    if (!read_offset(defaults.utc_offset)) {
      error(table.get("utc_offset")->source(), "\"utc_offset\" is written like +07:00");
    }
  }

  void read_numbers(const toml::table& table) {
    check_keys(table, {"decimal"});
    read_text(table, "decimal", info_.decimal_sign);
    if (!info_.decimal_sign.empty() && info_.decimal_sign != "." && info_.decimal_sign != ",") {
      error(table.get("decimal")->source(), "\"decimal\" is \".\" or \",\"");
    }
  }

  std::string file_;
  ProfileInfo& info_;
  Diagnostics& diagnostics_;
};

std::optional<toml::table> parse_file(const std::string& file, Diagnostics& diagnostics) {
  const auto text = read_file(file);
  if (!text) {
    diagnostics.error(file, 0, 0, "the file cannot be read");
    return std::nullopt;
  }
  auto parsed = toml::parse(*text, file);
  if (parsed) return std::move(parsed).table();
  const auto& at = parsed.error().source().begin;
  diagnostics.error(file, at.line, at.column,
                    "not readable as TOML: " + std::string(parsed.error().description()));
  return std::nullopt;
}

struct FoundFile {
  std::string name, folder;
  toml::table table;
};

// The profile's file and those it extends, nearest first.
bool collect(const std::vector<std::pair<std::string, std::string>>& profiles, const std::string& first,
             std::vector<FoundFile>& files, Diagnostics& diagnostics) {
  std::set<std::string> seen;
  std::string wanted = first;
  while (!wanted.empty()) {
    const auto found =
        std::find_if(profiles.begin(), profiles.end(), [&](const auto& p) { return p.first == wanted; });
    const auto from = files.empty() ? std::string() : files.back().folder + "/profile.toml";
    if (found == profiles.end()) {
      if (!files.empty())
        diagnostics.error(from, 0, 0, "it extends the profile \"" + wanted + "\", which does not exist");
      return false;
    }
    if (!seen.insert(wanted).second) {
      diagnostics.error(from, 0, 0, "the profile \"" + wanted + "\" extends itself through others: a circle");
      return false;
    }
    auto table = parse_file((fs::path(found->second) / "profile.toml").string(), diagnostics);
    if (!table) return false;
    wanted = (*table)["extends"].value_or(std::string());
    files.push_back({found->first, found->second, std::move(*table)});
  }
  return !files.empty();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> list_profiles(const MappingFolders& folders) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& root : folders.roots) {
    list_in(fs::path(root), found);
    list_in(fs::path(root) / "vendors", found);
  }
  return found;
}

std::optional<ProfileChain> load_profile_chain(const MappingFolders& folders, std::string_view name,
                                               Diagnostics& diagnostics) {
  std::vector<FoundFile> files;
  if (!collect(list_profiles(folders), std::string(name), files, diagnostics)) return std::nullopt;
  ProfileChain chain;
  const auto errors = diagnostics.error_count();
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    ProfileReader((fs::path(file->folder) / "profile.toml").string(), chain.info, diagnostics)
        .read(file->table);
  }
  for (const auto& file : files) chain.folders.push_back(file.folder);
  chain.info.name = files.front().name;
  chain.info.folder = files.front().folder;
  chain.info.extends = files.size() > 1 ? files[1].name : "";
  if (diagnostics.error_count() > errors) return std::nullopt;
  return chain;
}

}  // namespace lienthong::convert
