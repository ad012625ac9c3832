#include "gateway/app/definition_folder.h"

#include <algorithm>
#include <filesystem>

#include "gateway/app/commands.h"
#include "gateway/app/file.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {

namespace fs = std::filesystem;

bool list_files(const Invocation& call, const std::string& path,
                std::initializer_list<std::string_view> extensions, std::vector<std::string>& files) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) return files.push_back(path), true;
  const auto first = static_cast<std::ptrdiff_t>(files.size());
  fs::recursive_directory_iterator it(path, failed);
  for (; !failed && it != fs::recursive_directory_iterator(); it.increment(failed)) {
    const auto extension = it->path().extension().string();
    const bool wanted = std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
    if (wanted && it->is_regular_file(failed)) files.push_back(it->path().string());
    if (failed) break;
  }
  if (failed) return call.say(kCannotRead, {path, failed.message()}), false;
  std::sort(files.begin() + first, files.end());
  return true;
}

bool load_definitions(const Invocation& call, const std::string& folder,
                      fhir::validate::DefinitionFiles& definitions) {
  std::vector<std::string> files;
  if (!list_files(call, folder, {".json", ".xml"}, files)) return false;
  for (const auto& file : files) {
    const auto content = read_file(file);
    if (!content) return call.say(content.error()), false;
    const auto added = definitions.add(*content);
    if (!added) return call.say(kCannotRead, {file, added.error()}), false;
  }
  return true;
}

}  // namespace lienthong::app
