#include "gateway/delivery/folder_sender.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace lienthong::delivery {
namespace {

// Writes everything and syncs; false with errno set.
bool write_file(const std::string& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) return false;
  bool good = true;
  while (good && !bytes.empty()) {
    const auto wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    good = wrote > 0;
    if (good) bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  good = good && ::fsync(file) == 0;
  return ::close(file) == 0 && good;
}

bool sync_folder(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool good = ::fsync(file) == 0;
  ::close(file);
  return good;
}

class FolderSender final : public Sender {
 public:
  FolderSender(std::string folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

  void send(std::string bundle, SendCallback callback) override {
    char name[64];
    std::snprintf(name, sizeof name, "%016lld-%08llu.json",
                  static_cast<long long>(clock_.now().time_since_epoch().count()),
                  static_cast<unsigned long long>(++counter_));
    const std::string path = folder_ + "/" + name;
    const std::string hidden = folder_ + "/." + name + ".part";
    SendResult result;
    if (write_file(hidden, bundle) && ::rename(hidden.c_str(), path.c_str()) == 0 && sync_folder(folder_)) {
      result.kind = SendResult::Kind::Confirmed;
    } else {
      result.reason = std::string("folder: ") + std::strerror(errno);
      ::unlink(hidden.c_str());
    }
    callback(std::move(result));
  }

 private:
  std::string folder_;
  const Clock& clock_;
  std::uint64_t counter_ = 0;
};

}  // namespace

Result<std::unique_ptr<Sender>> make_folder_sender(std::string folder, const Clock& clock) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return fail(Category::NotFound, 7001, "the folder " + folder + " of a destination does not exist");
  }
  return std::make_unique<FolderSender>(std::move(folder), clock);
}

}  // namespace lienthong::delivery
