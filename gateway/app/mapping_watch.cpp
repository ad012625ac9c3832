#include "gateway/app/mapping_watch.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace lienthong::app {
namespace {

namespace fs = std::filesystem;

// What the folder looks like from outside; a folder that cannot be read looks empty.
std::string state_of(const std::string& folder) {
  std::set<std::string> lines;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code gone;
    const auto time = entry->last_write_time(gone).time_since_epoch().count();
    const auto size = entry->is_regular_file(gone) ? entry->file_size(gone) : 0;
    lines.insert(entry->path().string() + '|' + std::to_string(size) + '|' + std::to_string(time));
  }
  std::string state;
  for (const auto& line : lines) state += line + '\n';
  return state;
}

}  // namespace

MappingWatch::MappingWatch(std::string folder, std::chrono::milliseconds every, std::function<void()> changed)
    : folder_(std::move(folder)), every_(every), changed_(std::move(changed)), known_(state_of(folder_)) {}

void MappingWatch::start() {
  last_ = known_;
  ticker_.emplace("lt-mappings", every_, [this] { look(); }, Ticker::First::AfterOneInterval);
}

void MappingWatch::look() {
  auto now = state_of(folder_);
  if (now != known_ && now == last_) {
    known_ = now;
    changed_();
  }
  last_ = std::move(now);
}

}  // namespace lienthong::app
