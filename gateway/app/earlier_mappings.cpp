#include "gateway/app/earlier_mappings.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/journal/mapping_snapshots.h"

namespace lienthong::app {
namespace {

namespace fs = std::filesystem;

// A folder that goes away with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code failed;
    std::string pattern = (fs::temp_directory_path(failed) / "lienthong-mapping-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

// Names come from our own database, but a file never lands outside the folder.
bool unpack(const std::vector<journal::MappingFile>& files, const fs::path& folder) {
  for (const auto& [name, content] : files) {
    const auto below = fs::path(name).lexically_normal();
    if (below.is_absolute() || below.begin()->string() == "..") return false;
    std::error_code failed;
    fs::create_directories((folder / below).parent_path(), failed);
    std::ofstream out(folder / below, std::ios::binary);
    out << content;
    if (!out.flush()) return false;
  }
  return true;
}

}  // namespace

std::shared_ptr<const convert::Program> earlier_mapping(store::Connection& connection,
                                                        const convert::AdapterRegistry& adapters,
                                                        const std::string& identity) {
  const auto files = journal::read_mapping(connection, identity);
  if (!files || !*files) return nullptr;
  const TemporaryFolder folder;
  if (folder.path().empty() || !unpack(**files, folder.path())) return nullptr;
  convert::Diagnostics ignored;
  const auto name = identity.substr(0, identity.find(' '));
  auto program = convert::load_profile({{folder.path().string()}}, name, adapters, ignored);
  return program ? *program : nullptr;
}

}  // namespace lienthong::app
