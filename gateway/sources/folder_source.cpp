#include "gateway/sources/folder_source.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "gateway/base/metric_table.h"
#include "gateway/base/named_thread.h"
#include "gateway/sources/file_taking.h"
#include "gateway/sources/folder_signal.h"

namespace lienthong::sources {
namespace {

constexpr std::uint32_t kReadError = 6102, kStopped = 6103;
constexpr auto kLookSoon = std::chrono::milliseconds(500);

// A file's bytes, until the source is to stop.
class FileSupply final : public intake::ByteSupply {
 public:
  FileSupply(net::UniqueFd file, FolderSignal& signal) : file_(std::move(file)), signal_(signal) {}

  Result<std::size_t> read(char* into, std::size_t space) override {
    if (signal_.stopping()) return fail(Category::Interrupted, kStopped, "the source is stopping");
    for (;;) {
      const ssize_t n = ::read(file_.get(), into, space);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR)
        return fail(Category::Unavailable, kReadError,
                    std::string("a file cannot be read: ") + std::strerror(errno));
    }
  }
  bool rewind() override { return ::lseek(file_.get(), 0, SEEK_SET) == 0; }

 private:
  net::UniqueFd file_;
  FolderSignal& signal_;
};

std::string summary_of(const std::string& file, const FolderOptions& options, FileTaking& taking) {
  const auto& counts = taking.report().counts();
  const auto in = [&](std::string_view english, std::string_view vietnamese) {
    return std::string(word_in(options.language, english, vietnamese));
  };
  std::string text = in("file ", "tệp ") + file + in(", source ", ", nguồn ") + options.name + ": " +
                     std::to_string(counts.messages()) + in(" messages", " bản tin");
  const std::pair<std::string, std::size_t> parts[] = {{in("stored", "đã lưu"), counts.stored},
                                                       {in("repeated", "gửi lặp"), counts.repeated},
                                                       {in("refused", "bị từ chối"), counts.refused},
                                                       {in("quarantined", "bị cách ly"), counts.quarantined}};
  for (const auto& [word, count] : parts) {
    if (count > 0) text += ", " + std::to_string(count) + " " + word;
  }
  if (taking.error()) text += "; " + taking.error()->text;
  return text;
}

}  // namespace

FolderSource::FolderSource(FolderOptions options, intake::Taker& taker, unsigned worker, Metrics& metrics,
                           Log& log)
    : options_(std::move(options)),
      taker_(taker),
      worker_(worker),
      log_(log),
      waiting_(metrics.gauge(metric::kFolderWaiting, {{"source", options_.name}})),
      oldest_(metrics.gauge(metric::kFolderOldest, {{"source", options_.name}})),
      readable_(metrics.gauge(metric::kFolderReadable, {{"source", options_.name}})),
      done_(metrics.counter(metric::kFolderFiles, {{"source", options_.name}, {"fate", "done"}})),
      failed_(metrics.counter(metric::kFolderFiles, {{"source", options_.name}, {"fate", "failed"}})),
      signal_(std::make_unique<FolderSignal>()) {}

FolderSource::~FolderSource() {
  stop();
}

void FolderSource::start() {
  thread_ = named_thread("lt-in-" + options_.name, [this] { run(); });
}

void FolderSource::stop() {
  signal_->stop();
  if (thread_.joinable()) thread_.join();
}

void FolderSource::post(MoveFunction<void()> task) {
  signal_->post(std::move(task));
}

bool FolderSource::stopping() {
  return signal_->stopping();
}

// False when the source is to stop.
bool FolderSource::wait(std::chrono::milliseconds time) {
  if (!stopping()) signal_->wait(time);
  return !stopping();
}

void FolderSource::run() {
  while (!stopping()) {
    if (folder_ == nullptr && !open_folder()) {
      wait(options_.scan_every);
      continue;
    }
    look();
  }
}

bool FolderSource::open_folder() {
  auto opened = WatchedFolder::open(options_.rules);
  readable_.set(opened ? 1 : 0);
  if (!opened) return complain(opened.error()), false;
  folder_ = std::move(*opened);
  complaint_.clear();
  signal_->watch(options_.rules.folder);
  auto unfinished = folder_->unfinished();
  if (!unfinished) return complain(unfinished.error()), false;
  for (const auto& name : *unfinished) {
    if (stopping() || folder_ == nullptr) break;
    take(name);
  }
  return folder_ != nullptr;
}

void FolderSource::look() {
  auto scan = folder_->scan(std::chrono::steady_clock::now());
  if (!scan) return complain(scan.error());
  waiting_.set(static_cast<std::int64_t>(scan->waiting));
  oldest_.set(scan->waiting == 0 ? 0 : scan->oldest.count());
  if (scan->not_files != not_files_ && scan->not_files > 0)
    log_.warning("links and special files are left alone",
                 {{"source", options_.name}, {"count", scan->not_files}});
  not_files_ = scan->not_files;
  if (options_.keep.count() > 0) folder_->remove_older(options_.keep);
  for (const auto& name : scan->ready) {
    if (stopping() || folder_ == nullptr) return;
    take_up(name);
  }
  if (!scan->ready.empty()) return;  // others may have come meanwhile
  wait(scan->has_growing ? std::min(kLookSoon, options_.scan_every) : options_.scan_every);
}

void FolderSource::take_up(const std::string& name) {
  auto picked = folder_->pick_up(name);
  if (!picked) return complain(picked.error());
  if (*picked) take(name);
}

void FolderSource::take(const std::string& name) {
  FileTaking taking(*options_.catalogue, options_.language,
                    std::string(word_in(options_.language, "file ", "tệp ")) + name);
  if (take_whole(name, taking)) finish(name, taking);
}

// Until every message has a fate; what cannot be kept now is tried again. False: the file stays where it is.
bool FolderSource::take_whole(const std::string& name, FileTaking& taking) {
  auto pause = options_.retry_first;
  for (;;) {
    const auto before = taking.taken();
    take_from(name, before, taking);
    if (!taking.is_busy()) return !taking.error() || taking.error()->category != Category::Interrupted;
    if (taking.taken() > before) pause = options_.retry_first;
    log_.warning("nothing can be kept now; the file waits", {{"source", options_.name}});
    if (!wait(pause)) return false;
    pause = std::min(pause * 2, options_.retry_longest);
  }
}

void FolderSource::take_from(const std::string& name, std::size_t skip, FileTaking& taking) {
  auto file = folder_->open_picked(name);
  taking.begin();
  if (!file) return taking.end(forward(file), {});  // not ours to read: it goes to failed/
  intake::FileTake take;
  take.bytes = std::make_unique<FileSupply>(std::move(*file), *signal_);
  take.skip = skip;
  take.each = [&taking](std::size_t index, intake::Outcome outcome) {
    taking.note(index, std::move(outcome));
  };
  take.done = [&taking](Result<void> result, std::vector<Problem> notes) {
    taking.end(std::move(result), notes);
  };
  taker_.take_file(worker_, std::move(take));
  while (!taking.ended()) {
    signal_->wait(options_.scan_every);
    signal_->run_tasks();
  }
}

void FolderSource::finish(const std::string& name, FileTaking& taking) {
  const bool good =
      taking.report().counts().all_good() && !taking.report().has_note_errors() && !taking.error();
  const auto summary = summary_of(name, options_, taking);
  const auto end = good ? FileEnd::Done : FileEnd::Failed;
  auto finished =
      folder_->finish(name, end, taking.report().json(summary), summary + "\n" + taking.report().text());
  auto pause = options_.retry_first;
  while (!finished) {  // a full disk: the file is not let go without its report
    complain(finished.error());
    if (folder_ == nullptr || !wait(pause)) return;
    pause = std::min(pause * 2, options_.retry_longest);
    finished =
        folder_->finish(name, end, taking.report().json(summary), summary + "\n" + taking.report().text());
  }
  (good ? done_ : failed_).add();
  // File names may name people: they stand in the reports, not in the log.
  const auto& counts = taking.report().counts();
  log_.info(good ? "file done" : "file failed", {{"source", options_.name},
                                                 {"messages", counts.messages()},
                                                 {"stored", counts.stored},
                                                 {"repeated", counts.repeated}});
}

// Told once until something else is wrong or all is well; a folder that went away is opened anew.
void FolderSource::complain(const Error& error) {
  if (complaint_ != error.text)
    log_.error("folder", {{"source", options_.name}, {"error", to_string(error)}});
  complaint_ = error.text;
  const bool retry_alone = error.category == Category::Busy;
  if (retry_alone) return;
  readable_.set(0);
  folder_.reset();
  wait(std::min<std::chrono::milliseconds>(options_.scan_every, options_.retry_longest));
}

}  // namespace lienthong::sources
