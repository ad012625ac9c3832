#pragma once
// A watched folder as a way in: files are taken up one by one, oldest first, and end in done/ or failed/ with
// a report beside them.
//
// Survives a kill at any moment: what was taken up lies in working/ and is read again from its beginning;
// messages that were stored before are repeats without effect (semantics 21). Nothing is deleted but files of
// done/ after `keep`.

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/catalogue.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/intake/take.h"
#include "gateway/sources/watched_folder.h"

namespace lienthong::sources {

class FileTaking;
class FolderSignal;

struct FolderOptions {
  std::string name;  // the source's
  FolderRules rules;
  std::chrono::milliseconds scan_every{10'000};  // besides what the system tells of a local folder
  std::chrono::seconds keep{0};                  // files in done/; 0 = for ever
  std::chrono::milliseconds retry_first{1'000}, retry_longest{30'000};  // when nothing can be kept now
  Language language = Language::English;                                // of the reports
  const Catalogue* catalogue = nullptr;                                 // outlives the source
};

// One thread of its own, which is the taker's worker `worker`: it reads, converts and waits. A folder that is
// absent, forbidden or gone is looked for again.
class FolderSource {
 public:
  // Needs `start()`; everything given outlives it.
  FolderSource(FolderOptions options, intake::Taker& taker, unsigned worker, Metrics& metrics, Log& log);
  ~FolderSource();

  void start();
  // Blocking: the message in hand is finished, the file stays in working/. Before the store stops.
  void stop();
  // Runs `task` on the source's thread: completions of what it submitted. Any thread; while a file is taken.
  void post(MoveFunction<void()> task);

 private:
  void run();
  bool open_folder();
  void look();
  void take_up(const std::string& name);
  void take(const std::string& name);
  bool take_whole(const std::string& name, FileTaking& taking);
  void take_from(const std::string& name, std::size_t skip, FileTaking& taking);
  void finish(const std::string& name, FileTaking& taking);
  void complain(const Error& error);
  bool wait(std::chrono::milliseconds time);
  bool stopping();

  FolderOptions options_;
  intake::Taker& taker_;
  const unsigned worker_;
  Log& log_;
  Gauge& waiting_;
  Gauge& oldest_;
  Gauge& readable_;
  Counter& done_;
  Counter& failed_;
  std::unique_ptr<WatchedFolder> folder_;
  std::unique_ptr<FolderSignal> signal_;
  std::string complaint_;  // the last one, told once
  std::size_t not_files_ = 0;
  std::thread thread_;
};

}  // namespace lienthong::sources
