#include "gateway/app/secret.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

#include "gateway/app/file.h"
#include "gateway/app/problem_numbers.h"

namespace lienthong::app {
namespace {

constexpr std::uint64_t kLongestSecret = 64 * 1024;

}  // namespace

Result<std::string> read_secret(const SecretReference& secret) {
  std::string value;
  if (!secret.environment.empty()) {
    const auto* found = std::getenv(secret.environment.c_str());
    if (found == nullptr) {
      return fail(Category::Incorrect, kNoEnvironment,
                  fmt::format("the environment variable {} is not set", secret.environment));
    }
    value = found;
  } else {
    auto content = read_file(secret.file, kLongestSecret);
    if (!content) return forward(content);
    value = std::move(*content);
  }
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r' || value.back() == ' '))
    value.pop_back();
  if (value.empty()) {
    return fail(Category::Incorrect, kEmptySecret,
                fmt::format("{} holds no token", secret.file.empty() ? secret.environment : secret.file));
  }
  return value;
}

bool is_readable_by_all(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

}  // namespace lienthong::app
