#pragma once
// The files of a watched folder: which are complete, and their way through working/ to done/ or failed/.
//
// Everything happens below one opened folder by plain names, so that neither a symbolic link nor a moved
// folder leads elsewhere. All names stay on one file system: a move is one rename.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/net/unique_fd.h"

namespace lienthong::sources {

enum class FileOrder : std::uint8_t { Time, Name };

struct FolderRules {
  std::string folder;
  std::vector<std::string> files;  // patterns like "*.csv", capitals or not; none = all
  FileOrder order = FileOrder::Time;
  // Size and time must have stood still for so long; 0: a file is complete when it is there (it is moved in).
  std::chrono::milliseconds stable_for{5'000};
};

enum class FileEnd : std::uint8_t { Done, Failed };

// One thread.
class WatchedFolder {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostCandidates = 1024;  // looked at closely at once: the oldest

  struct Scan {
    std::vector<std::string> ready;  // complete ones, in their order
    std::size_t waiting = 0;         // all that are there, complete or not
    std::size_t not_files = 0;       // symbolic links, pipes, devices: never opened
    std::chrono::seconds oldest{0};  // age of the oldest by its own time
    bool has_growing = false;        // some may be complete soon
  };

  // Makes working/, done/ and failed/ where they are missing. Errors (LT-6101): NotFound, Forbidden,
  // Unavailable.
  static Result<std::unique_ptr<WatchedFolder>> open(const FolderRules& rules);

  // Files whose names begin with "." or "~" or end like files that are being written (.tmp, .part …) are no
  // candidates.
  Result<Scan> scan(Steady now);
  // What an earlier run had taken up and not finished, oldest first.
  Result<std::vector<std::string>> unfinished() const;
  // Moves the file to working/. False: it is gone, or no regular file, or grew since.
  Result<bool> pick_up(const std::string& name);
  // Opens a file of working/ for reading.
  Result<net::UniqueFd> open_picked(const std::string& name) const;
  // Writes the reports beside where the file will lie, then moves it there; its name there (a number is added
  // when the name is taken).
  Result<std::string> finish(const std::string& name, FileEnd end, std::string_view json,
                             std::string_view text);
  // Removes files of done/ that are older. How many.
  std::size_t remove_older(std::chrono::seconds age);

  const std::string& path() const noexcept { return rules_.folder; }

 private:
  explicit WatchedFolder(const FolderRules& rules) : rules_(rules) {}
  struct Seen {
    std::int64_t size = 0, time = 0;  // of its last change, nanoseconds
    std::uint64_t inode = 0;
    Steady since{};
  };
  struct Candidate {
    std::string name;
    Seen seen;
  };
  bool is_wanted(std::string_view name) const;
  bool comes_before(const Candidate& a, const Candidate& b) const;
  bool is_stable(const Candidate& candidate, Steady now);
  Result<net::UniqueFd> open_below(const char* name);
  Result<void> write_report(int folder, const std::string& name, std::string_view content) const;

  FolderRules rules_;
  net::UniqueFd folder_, working_, done_, failed_;
  std::map<std::string, Seen> seen_;
};

}  // namespace lienthong::sources
