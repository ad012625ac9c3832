#include "gateway/store/file_steps.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

Failure file_problem(const std::string& what, const std::string& path, const std::error_code& why) {
  return fail(Category::Fault, kFileProblem, what + " " + path + " failed: " + why.message() + ".");
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

Result<void> sync_path(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return file_problem("Opening", path, last_error());
  const bool synced = ::fsync(file) == 0;
  const std::error_code why = last_error();
  ::close(file);
  if (!synced) return file_problem("Syncing", path, why);
  return {};
}

}  // namespace

Result<void> sync_file(const std::string& path) {
  return sync_path(path, O_RDONLY);
}

Result<void> sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return sync_path(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

Result<void> rename_durably(const std::string& from, const std::string& to) {
  std::error_code why;
  std::filesystem::rename(from, to, why);
  if (why) return file_problem("Renaming", from, why);
  return sync_folder_of(to);
}

Result<void> remove_file(const std::string& path) {
  std::error_code why;
  std::filesystem::remove(path, why);
  if (why) return file_problem("Removing", path, why);
  return {};
}

Result<void> copy_file(const std::string& from, const std::string& to) {
  std::error_code why;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, why);
  if (why) return file_problem("Copying", from, why);
  return sync_file(to);
}

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace lienthong::store
