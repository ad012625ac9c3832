#include "gateway/app/file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "gateway/app/problem_numbers.h"

namespace lienthong::app {
namespace {

struct Closer {
  void operator()(std::FILE* file) const noexcept {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, Closer>;

Failure cannot_read(const std::string& path, int code) {
  const auto category = code == ENOENT   ? Category::NotFound
                        : code == EACCES ? Category::Forbidden
                                         : Category::Fault;
  return fail(category, kCannotRead, fmt::format("cannot read {}: {}", path, std::strerror(code)));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) return cannot_read(path, errno);
  std::string content;
  std::string block(std::size_t{1} << 16, '\0');
  for (;;) {
    const auto got = std::fread(block.data(), 1, block.size(), file.get());
    content.append(block, 0, got);
    if (content.size() > limit) return cannot_read(path, EFBIG);
    if (got == block.size()) continue;
    if (std::ferror(file.get()) != 0) return cannot_read(path, errno);
    return content;
  }
}

Result<void> write_file(const std::string& path, std::string_view content) {
  const File file(std::fopen(path.c_str(), "wb"));
  if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() ||
      std::fflush(file.get()) != 0) {
    return fail(Category::Fault, kCannotWrite,
                fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }
  return {};
}

}  // namespace lienthong::app
