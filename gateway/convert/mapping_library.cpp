#include "gateway/convert/mapping_library.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace lienthong::convert {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileSize = std::uintmax_t{16} << 20;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::vector<std::string> files_in(const std::string& folder, const std::string& extension) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == extension) found.push_back(entry.path().stem().string());
  }
  return found;
}

// "../mappings/hl7v2/./x" → the shortest form, as people expect it in errors.
std::string tidy(const fs::path& path) {
  return path.lexically_normal().string();
}

}  // namespace

std::optional<std::string> read_file(const std::string& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed || size > kMaxFileSize) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

std::uint64_t hash_of_content(std::string_view content) noexcept {
  return XXH3_64bits(content.data(), content.size());
}

std::string nearest_name(const std::vector<std::string>& names, std::string_view name) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : names) {
    const auto distance = edit_distance(candidate, name);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string suggestion(const std::string& nearest) {
  return nearest.empty() ? "" : "; was \"" + nearest + "\" meant?";
}

MappingLibrary::MappingLibrary(std::vector<std::string> folders, std::vector<std::string> roots,
                               Diagnostics& diagnostics)
    : folders_(std::move(folders)), roots_(std::move(roots)), diagnostics_(diagnostics) {}

const MappingNode* MappingLibrary::find(const std::string& kind, const std::string& name) {
  const auto key = kind + "/" + name;
  const auto known = cache_.find(key);
  if (known != cache_.end()) return known->second ? &*known->second : nullptr;
  auto& slot = cache_[key];
  for (const auto& folder : folders_) {
    const auto file = tidy(fs::path(folder) / kind / (name + ".yaml"));
    if (!fs::exists(file)) continue;
    std::vector<std::string> open_files;
    slot = load(file, open_files);
    break;
  }
  return slot ? &*slot : nullptr;
}

std::optional<std::string> MappingLibrary::read(const std::string& file) {
  auto content = read_file(file);
  if (content) files_read_[file] = hash_of_content(*content);
  return content;
}

std::string MappingLibrary::absence_of(const std::string& kind, const std::string& name) const {
  const auto known = names(kind);
  const auto file = kind + "/" + name + ".yaml";
  if (std::find(known.begin(), known.end(), name) != known.end()) return file + " cannot be used as it is";
  return "there is no " + file + suggestion(nearest_name(known, name));
}

void MappingLibrary::note_file(const std::string& file) {
  read(tidy(file));
}

std::optional<MappingNode> MappingLibrary::load(const std::string& file,
                                                std::vector<std::string>& open_files) {
  const auto text = read(file);
  if (!text) {
    diagnostics_.error(file, 0, 0, "the file cannot be read");
    return std::nullopt;
  }
  auto node = parse_mapping(keep(file), *text, diagnostics_);
  if (!node) return std::nullopt;
  if (!node->is_map()) {
    diagnostics_.error(file, 1, 1, "a mapping file holds names with their rules (name: rule)");
    return std::nullopt;
  }
  open_files.push_back(file);
  extend(*node, open_files);
  open_files.pop_back();
  return node;
}

void MappingLibrary::extend(MappingNode& node, std::vector<std::string>& open_files) {
  const auto* extends = node.find("extends");
  if (extends == nullptr) return;
  const auto& place = extends->value.place;
  for (const auto& root : roots_) {
    const auto file = tidy(fs::path(root) / (extends->value.text + ".yaml"));
    if (!extends->value.is_scalar() || !fs::exists(file)) continue;
    if (std::find(open_files.begin(), open_files.end(), file) != open_files.end()) {
      diagnostics_.error(place.file, place.line, place.column,
                         "\"" + extends->value.text + "\" extends this file in turn: a circle");
      return;
    }
    auto base = load(file, open_files);
    if (!base) return;
    apply_overlay(*base, node, diagnostics_);
    node = std::move(*base);
    return;
  }
  diagnostics_.error(
      place.file, place.line, place.column,
      "there is no mapping \"" + extends->value.text + "\" to extend (written like hl7v2/segments/PID)");
}

std::vector<std::string> MappingLibrary::names(const std::string& kind) const {
  std::set<std::string> all;
  for (const auto& folder : folders_) {
    for (auto& name : files_in((fs::path(folder) / kind).string(), ".yaml")) all.insert(std::move(name));
  }
  return {all.begin(), all.end()};
}

CodeTable* MappingLibrary::find_table(const std::string& name) {
  for (const auto& table : tables_) {
    if (table->name() == name) return table.get();
  }
  std::unique_ptr<CodeTable> table;
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
    const auto file = tidy(fs::path(*folder) / "codes" / (name + ".csv"));
    const auto csv = read(file);
    if (!csv) continue;
    if (!table) table = std::make_unique<CodeTable>(name, file);
    table->read(file, *csv, diagnostics_);
  }
  if (!table) return nullptr;
  table->build_index();
  tables_.push_back(std::move(table));
  return tables_.back().get();
}

std::vector<std::string> MappingLibrary::table_names() const {
  std::set<std::string> all;
  for (const auto& folder : folders_) {
    for (auto& name : files_in((fs::path(folder) / "codes").string(), ".csv")) all.insert(std::move(name));
  }
  return {all.begin(), all.end()};
}

std::string_view MappingLibrary::keep(const std::string& file) {
  file_names_.push_back(std::make_unique<std::string>(file));
  return *file_names_.back();
}

}  // namespace lienthong::convert
