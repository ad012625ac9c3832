#include "gateway/convert/program.h"

#include <algorithm>
#include <utility>

#include "gateway/convert/compiler.h"
#include "gateway/convert/error_numbers.h"
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
  if (diagnostics.error_count() > errors) {
    return fail(Category::Incorrect, kMappingIncorrect,
                "the mapping of the profile " + data->profile.name + " has " +
                    std::to_string(diagnostics.error_count() - errors) + " errors");
  }
  data->tables = std::move(library.tables());
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
std::size_t Program::instruction_count() const noexcept {
  return data_->code.size();
}

std::vector<std::string> Program::message_types() const {
  std::vector<std::string> types;
  for (const auto& [type, program] : data_->messages) types.push_back(type);
  return types;
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

Result<std::shared_ptr<const Program>> load_profile(const MappingFolders& folders, std::string_view name,
                                                    const AdapterRegistry& registry,
                                                    Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const auto& profile : list_profiles(folders)) names.push_back(profile.first);
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
