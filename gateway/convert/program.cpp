#include "gateway/convert/program.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <utility>

#include "gateway/convert/compiler.h"
#include "gateway/convert/error_numbers.h"
#include "gateway/convert/mapping_library.h"
#include "gateway/convert/optimizer.h"
#include "gateway/convert/profile.h"
#include "gateway/convert/program_data.h"

namespace lienthong::convert {
namespace {

void resolve_envelope(const std::string& source, AdapterPaths& paths, const std::string& file, lt_path& out,
                      Diagnostics& diagnostics) {
  if (source.empty()) return;
  std::string nearest;
  if (!paths.resolve(0, source, out, nearest)) {
    diagnostics.error(file, 0, 0,
                      "[envelope] names the unknown source \"" + source + "\"" + suggestion(nearest));
  }
}

// A file's name is the same wherever the mappings lie.
std::string name_below(const std::vector<std::string>& roots, const std::string& path) {
  for (const auto& root : roots) {
    auto folder = std::filesystem::path(root).lexically_normal().string();
    if (!folder.ends_with('/')) folder += '/';
    if (path.starts_with(folder)) return path.substr(folder.size());
  }
  return path;
}

void identify(ProgramData& data, const std::map<std::string, std::uint64_t>& files,
              const std::vector<std::string>& roots) {
  for (const auto& [path, hash] : files) data.sources.push_back({name_below(roots, path), path, hash});
  std::sort(data.sources.begin(), data.sources.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string all;
  for (const auto& file : data.sources) all += file.name + '\n' + std::to_string(file.hash) + '\n';
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash_of_content(all)));
  data.identity = data.profile.name + " " + data.profile.version + " #" + digits;
}

const CodeTable* table_named(const ProgramData& data, std::string_view name) noexcept {
  const auto found =
      std::find_if(data.tables.begin(), data.tables.end(), [&](const auto& t) { return t->name() == name; });
  return found == data.tables.end() ? nullptr : found->get();
}

// Semantics 18: which labels are due is asked for only where a value, a row or the mapping itself may ask for
// one.
void guard(ProgramData& data) {
  const Sensitivity sensitivity(table_named(data, "sensitivity"));
  for (const auto& table : data.tables) {
    table->guard([&](const CodeRow& row) {
      return row.coding.empty() || sensitivity.may_be_code(row.target_code) ||
             sensitivity.labels_of(row.coding) != 0;
    });
  }
  auto own = data.literals;
  for (const auto& resource : data.resources) own += resource.tag;
  data.is_guarded = sensitivity.labels_of(own) != 0 || sensitivity.may_be_system(own);
  for (std::size_t from = 0; from < own.size() && !data.is_guarded;) {
    const auto end = std::min(own.find('"', from), own.size());
    data.is_guarded = sensitivity.may_be_code(std::string_view(own).substr(from, end - from));
    from = end + 1;
  }
  data.sensitivity = sensitivity;
}

// An instruction numbers them in 16 bits each.
bool columns_fit(const ProgramData& data) {
  return data.places.size() <= kMostColumns &&
         std::all_of(data.places.begin(), data.places.end(),
                     [](const auto& kind) { return kind.columns.size() <= kMostColumns; });
}

Result<std::shared_ptr<const Program>> compile(const MappingFolders& folders, ProfileChain chain,
                                               const Adapter& adapter, Diagnostics& diagnostics) {
  auto paths = AdapterPaths::open(adapter, chain.info);
  if (!paths) {
    diagnostics.error(chain.info.folder + "/profile.toml", 0, 0, paths.error().text);
    return forward(paths);
  }
  auto data = std::make_unique<ProgramData>();
  data->adapter = &adapter;
  const auto errors = diagnostics.error_count();
  const auto profile_folders = chain.folders;
  auto sources = chain.folders;
  sources.insert(sources.end(), folders.roots.begin(),
                 folders.roots.end());  // mappings/codes serves every profile
  auto roots = folders.roots;
  for (const auto& root : folders.roots) roots.push_back(root + "/vendors");
  MappingLibrary library(std::move(sources), std::move(roots), diagnostics);
  const auto file = chain.info.folder + "/profile.toml";
  resolve_envelope(chain.info.accept_ack, **paths, file, data->accept_ack, diagnostics);
  resolve_envelope(chain.info.application_ack, **paths, file, data->application_ack, diagnostics);
  data->profile = std::move(chain.info);
  Compiler compiler(*data, library, **paths, diagnostics);
  compiler.compile_messages();
  data->made_up = MadeUpValues(library.find_table("made-up-values"), diagnostics);
  if (diagnostics.error_count() > errors) {
    return fail(Category::Incorrect, kMappingIncorrect,
                "the mapping of the profile " + data->profile.name + " has " +
                    std::to_string(diagnostics.error_count() - errors) + " errors");
  }
  static_cast<void>(library.find_table("sensitivity"));  // looked up by name: it serves every profile
  for (const auto& folder : profile_folders) library.note_file(folder + "/profile.toml");
  identify(*data, library.files_read(), folders.roots);
  data->tables = std::move(library.tables());
  if (!columns_fit(*data)) {
    diagnostics.error(file, 0, 0, "the mapping reads too many different sources");
    return fail(Category::Incorrect, kMappingIncorrect, "the mapping reads too many different sources");
  }
  optimize(*data);
  for (const auto& resource : data->resources) data->stencil_plans.push_back(plan_stencil(*data, resource));
  guard(*data);
  return std::make_shared<const Program>(std::move(data));
}

}  // namespace

Program::Program(std::unique_ptr<const ProgramData> data) : data_(std::move(data)) {}
Program::~Program() = default;
const ProfileInfo& Program::profile() const noexcept {
  return data_->profile;
}
const Adapter& Program::adapter() const noexcept {
  return *data_->adapter;
}
const std::string& Program::identity() const noexcept {
  return data_->identity;
}
const std::vector<ProgramFile>& Program::files() const noexcept {
  return data_->sources;
}

bool Program::maps(std::string_view table, std::string_view code) const noexcept {
  const auto* found = table_named(*data_, table);
  return found != nullptr && found->find(code) != nullptr;
}

std::vector<std::string> Program::nearest_codes(std::string_view table, std::string_view code) const {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> near;
  const auto* found = table_named(*data_, table);
  if (found == nullptr) return near;
  std::vector<std::string> codes;
  for (const auto& row : found->rows()) codes.push_back(row.code);
  while (near.size() < kMost) {
    const auto best = nearest_name(codes, code);
    if (best.empty()) break;
    std::erase(codes, best);
    near.push_back(best);
  }
  return near;
}

std::size_t Program::instruction_count() const noexcept {
  return data_->code.size();
}

std::vector<std::string> Program::message_types() const {
  std::vector<std::string> types;
  for (const auto& [type, program] : data_->messages) types.push_back(type);
  return types;
}

Result<std::vector<std::pair<std::string, std::string>>> read_program_files(const Program& program) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& file : program.files()) {
    auto content = read_file(file.path);
    if (!content || hash_of_content(*content) != file.hash) {
      return fail(Category::Conflict, kMappingIncorrect,
                  "the file " + file.path + " has changed since the mapping was loaded");
    }
    files.emplace_back(file.name, std::move(*content));
  }
  return files;
}

std::vector<ProfileInfo> find_profiles(const MappingFolders& folders, Diagnostics& diagnostics) {
  std::vector<ProfileInfo> profiles;
  for (const auto& [name, folder] : list_profiles(folders)) {
    if (auto chain = load_profile_chain(folders, name, diagnostics))
      profiles.push_back(std::move(chain->info));
  }
  std::sort(profiles.begin(), profiles.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return profiles;
}

std::vector<std::string> profile_names(const MappingFolders& folders) {
  std::vector<std::string> names;
  for (auto& profile : list_profiles(folders)) names.push_back(std::move(profile.first));
  return names;
}

Result<std::shared_ptr<const Program>> load_profile(const MappingFolders& folders, std::string_view name,
                                                    const AdapterRegistry& registry,
                                                    Diagnostics& diagnostics) {
  const auto names = profile_names(folders);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    return fail(Category::NotFound, kNoSuchProfile,
                "there is no profile \"" + std::string(name) + "\"" + suggestion(nearest_name(names, name)));
  }
  auto chain = load_profile_chain(folders, name, diagnostics);
  if (!chain)
    return fail(Category::Incorrect, kMappingIncorrect,
                "the profile " + std::string(name) + " cannot be read");
  const auto* adapter = registry.find(chain->info.adapter);
  if (adapter == nullptr) {
    return fail(Category::Unavailable, kAdapterAbsent,
                "the profile " + std::string(name) + " needs the adapter \"" + chain->info.adapter +
                    "\", which is not loaded");
  }
  return compile(folders, std::move(*chain), *adapter, diagnostics);
}

}  // namespace lienthong::convert
