#include "gateway/sources/watched_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>

namespace lienthong::sources {
namespace {

constexpr std::uint32_t kFolderError = 6101;
constexpr const char* kWorking = "working";
constexpr const char* kDone = "done";
constexpr const char* kFailed = "failed";
constexpr std::string_view kBeingWritten[] = {".tmp",        ".temp", ".part", ".partial", ".filepart",
                                              ".crdownload", ".swp",  ".lock", ".writing"};
constexpr int kMostSameNames = 10'000;

Failure failure(const char* what, int code) {
  const auto category = code == ENOENT || code == ENOTDIR  ? Category::NotFound
                        : code == EACCES || code == EPERM  ? Category::Forbidden
                        : code == ENOSPC || code == EDQUOT ? Category::Busy
                                                           : Category::Unavailable;
  return fail(category, kFolderError, std::string(what) + ": " + std::strerror(code));
}

bool ends_with_any(std::string_view name) {
  return std::any_of(std::begin(kBeingWritten), std::end(kBeingWritten), [&](std::string_view end) {
    if (name.size() < end.size()) return false;
    const std::string_view tail = name.substr(name.size() - end.size());
    return std::equal(tail.begin(), tail.end(), end.begin(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == b; });
  });
}

std::int64_t time_of(const struct stat& status) noexcept {
  return status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
}

// Calls `each` with every name but "." and "..".
Result<void> each_name(int folder, const std::function<void(const char*)>& each) {
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* listing = copy < 0 ? nullptr : ::fdopendir(copy);
  if (listing == nullptr) {
    const int code = errno;
    if (copy >= 0) ::close(copy);
    return failure("the folder cannot be read", code);
  }
  errno = 0;
  while (const dirent* entry = ::readdir(listing)) {
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) each(entry->d_name);
    errno = 0;
  }
  const int code = errno;
  ::closedir(listing);
  if (code != 0) return failure("the folder cannot be read", code);
  return {};
}

// "a.csv" → "a.2.csv"
std::string numbered(const std::string& name, int number) {
  if (number == 1) return name;
  const auto dot = name.rfind('.');
  const auto at = dot == std::string::npos || dot == 0 ? name.size() : dot;
  return name.substr(0, at) + "." + std::to_string(number) + name.substr(at);
}

}  // namespace

Result<std::unique_ptr<WatchedFolder>> WatchedFolder::open(const FolderRules& rules) {
  std::unique_ptr<WatchedFolder> made(new WatchedFolder(rules));
  made->folder_ = net::UniqueFd(::open(rules.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!made->folder_) {
    const int code = errno;
    return failure(("the folder " + rules.folder + " cannot be opened").c_str(), code);
  }
  for (const auto& [name, place] : {std::pair{kWorking, &made->working_}, std::pair{kDone, &made->done_},
                                    std::pair{kFailed, &made->failed_}}) {
    auto opened = made->open_below(name);
    if (!opened) return forward(opened);
    *place = std::move(*opened);
  }
  return made;
}

Result<net::UniqueFd> WatchedFolder::open_below(const char* name) {
  if (::mkdirat(folder_.get(), name, 0770) != 0 && errno != EEXIST)
    return failure("a folder below it cannot be made", errno);
  net::UniqueFd fd(::openat(folder_.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return failure("a folder below it cannot be opened", errno);
  return fd;
}

bool WatchedFolder::is_wanted(std::string_view name) const {
  if (name.front() == '.' || name.front() == '~' || name.back() == '~' || ends_with_any(name)) return false;
  if (rules_.files.empty()) return true;
  const std::string text(name);
  return std::any_of(rules_.files.begin(), rules_.files.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD | FNM_PERIOD) == 0;
  });
}

bool WatchedFolder::comes_before(const Candidate& a, const Candidate& b) const {
  if (rules_.order == FileOrder::Time && a.seen.time != b.seen.time) return a.seen.time < b.seen.time;
  return a.name < b.name;
}

// The clock is our own: a share's may stand anywhere.
bool WatchedFolder::is_stable(const Candidate& candidate, Steady now) {
  auto& seen = seen_[candidate.name];
  const bool same = seen.size == candidate.seen.size && seen.time == candidate.seen.time &&
                    seen.inode == candidate.seen.inode;
  if (!same) {
    seen = candidate.seen;
    seen.since = now;
  }
  return now - seen.since >= rules_.stable_for;
}

Result<WatchedFolder::Scan> WatchedFolder::scan(Steady now) {
  Scan scan;
  std::vector<Candidate> oldest;  // a heap with the youngest on top
  const auto before = [this](const Candidate& a, const Candidate& b) { return comes_before(a, b); };
  auto read = each_name(folder_.get(), [&](const char* name) {
    if (!is_wanted(name)) return;
    struct stat status{};
    if (::fstatat(folder_.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(status.st_mode)) return;
    if (!S_ISREG(status.st_mode)) {
      ++scan.not_files;
      return;
    }
    ++scan.waiting;
    const auto age =
        std::chrono::seconds(std::max<std::int64_t>(std::time(nullptr) - status.st_mtim.tv_sec, 0));
    scan.oldest = std::max(scan.oldest, age);
    oldest.push_back({name, {status.st_size, time_of(status), status.st_ino, {}}});
    std::push_heap(oldest.begin(), oldest.end(), before);
    if (oldest.size() <= kMostCandidates) return;
    std::pop_heap(oldest.begin(), oldest.end(), before);
    oldest.pop_back();
  });
  if (!read) return forward(read);
  std::sort_heap(oldest.begin(), oldest.end(), before);
  std::map<std::string, Seen> still;
  for (const auto& candidate : oldest) {
    if (is_stable(candidate, now))
      scan.ready.push_back(candidate.name);
    else
      scan.has_growing = true;
    still.emplace(candidate.name, seen_[candidate.name]);
  }
  seen_.swap(still);
  return scan;
}

Result<std::vector<std::string>> WatchedFolder::unfinished() const {
  std::vector<Candidate> found;
  auto read = each_name(working_.get(), [&](const char* name) {
    struct stat status{};
    const bool is_file =
        ::fstatat(working_.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
    if (is_file) found.push_back({name, {status.st_size, time_of(status), status.st_ino, {}}});
  });
  if (!read) return forward(read);
  std::sort(found.begin(), found.end(),
            [this](const Candidate& a, const Candidate& b) { return comes_before(a, b); });
  std::vector<std::string> names;
  for (auto& one : found) names.push_back(std::move(one.name));
  return names;
}

Result<bool> WatchedFolder::pick_up(const std::string& name) {
  struct stat status{};
  if (::fstatat(folder_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return false;
    return failure("a file cannot be looked at", errno);
  }
  const auto seen = seen_.find(name);
  const bool unchanged = seen != seen_.end() && seen->second.size == status.st_size &&
                         seen->second.time == time_of(status) && seen->second.inode == status.st_ino;
  if (!S_ISREG(status.st_mode) || !unchanged) return false;
  if (::renameat2(folder_.get(), name.c_str(), working_.get(), name.c_str(), RENAME_NOREPLACE) == 0)
    return true;
  if (errno == ENOENT || errno == EEXIST) return false;
  const bool no_flags = errno == EINVAL || errno == ENOSYS;  // some network file systems
  if (no_flags && ::renameat(folder_.get(), name.c_str(), working_.get(), name.c_str()) == 0) return true;
  return failure("a file cannot be moved", errno);
}

Result<net::UniqueFd> WatchedFolder::open_picked(const std::string& name) const {
  net::UniqueFd file(::openat(working_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return failure("a file cannot be opened", errno);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return failure("a file is no regular one", EINVAL);
  return file;
}

Result<void> WatchedFolder::write_report(int folder, const std::string& name,
                                         std::string_view content) const {
  const net::UniqueFd file(
      ::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0660));
  if (!file) return failure("a report cannot be written", errno);
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int code = errno;
      ::unlinkat(folder, name.c_str(), 0);
      return failure("a report cannot be written", code);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// The move comes last: a file that lies in done/ or failed/ has its report.
Result<std::string> WatchedFolder::finish(const std::string& name, FileEnd end, std::string_view json,
                                          std::string_view text) {
  const int folder = end == FileEnd::Done ? done_.get() : failed_.get();
  std::string target;
  for (int number = 1; number < kMostSameNames && target.empty(); ++number) {
    struct stat status{};
    const auto candidate = numbered(name, number);
    if (::fstatat(folder, candidate.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
      target = candidate;
  }
  if (target.empty()) return failure("too many files of one name", EEXIST);
  auto report = write_report(folder, target + ".report.json", json);
  if (report) report = write_report(folder, target + ".report.txt", text);
  if (!report) return forward(report);
  if (::renameat(working_.get(), name.c_str(), folder, target.c_str()) != 0)
    return failure("a file cannot be moved", errno);
  return target;
}

std::size_t WatchedFolder::remove_older(std::chrono::seconds age) {
  const auto limit = std::time(nullptr) - age.count();
  std::vector<std::string> old;
  static_cast<void>(each_name(done_.get(), [&](const char* name) {
    struct stat status{};
    if (::fstatat(done_.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    // The time of its move (or of its report's writing), not of its content.
    if (S_ISREG(status.st_mode) && status.st_ctim.tv_sec < limit) old.emplace_back(name);
  }));
  std::size_t removed = 0;
  for (const auto& name : old) removed += ::unlinkat(done_.get(), name.c_str(), 0) == 0 ? 1U : 0U;
  return removed;
}

}  // namespace lienthong::sources
