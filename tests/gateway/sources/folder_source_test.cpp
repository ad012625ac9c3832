// A watched folder with real files; a taker that the test decides on.
#include "gateway/sources/folder_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <sstream>

#include "gateway/base/metric_table.h"

using namespace lienthong;
using namespace lienthong::sources;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

// Each line is a message; what becomes of it is the test's.
class LineTaker final : public intake::Taker {
 public:
  std::function<intake::Fate(const std::string&)> fate = [](const std::string& line) {
    return line == "bad" ? intake::Fate::Refused : intake::Fate::Stored;
  };

  int readings = 1;  // of each file

  void take(unsigned, std::string_view, intake::Completion) override {}
  void take_beginning(unsigned, std::string_view, intake::Completion) override {}
  void take_all(unsigned, std::string_view, std::shared_ptr<const void>,
                MoveFunction<void(std::vector<intake::Outcome>)>) override {}
  void take_file(unsigned, intake::FileTake take) override {
    std::string text;
    for (int left = readings; left > 0; --left) {
      text.clear();
      char piece[100];
      for (;;) {
        auto read = take.bytes->read(piece, sizeof piece);
        if (!read) return take.done(forward(read), {});
        if (*read == 0) break;
        text.append(piece, *read);
      }
      if (!take.bytes->rewind()) return take.done(fail(Category::Fault, 1, "not rewound"), {});
    }
    std::istringstream lines(text);
    std::string line;
    for (std::size_t index = 0; std::getline(lines, line); ++index) {
      if (index < take.skip) continue;
      intake::Outcome outcome;
      outcome.fate = fate(line);
      outcome.number = MessageNumber{new_uuid_v7(index + 1)};
      if (outcome.fate == intake::Fate::Refused) {
        Problem problem;
        problem.number = 1701;
        problem.where_input = "row 2";
        problem.value = "secret of a patient";
        outcome.problems.push_back(problem);
      }
      const bool busy = outcome.fate == intake::Fate::Busy;
      if (!busy) note(line);
      take.each(index, std::move(outcome));
      if (busy) break;
    }
    take.done({}, {});
  }

  std::vector<std::string> taken() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  void note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/lienthong-folder-XXXXXX";
    path = ::mkdtemp(name);
    options.name = "lab";
    options.rules.folder = path.string();
    options.rules.stable_for = std::chrono::milliseconds(0);
    options.scan_every = std::chrono::milliseconds(20);
    options.retry_first = std::chrono::milliseconds(5);
    options.catalogue = &Catalogue::gateway();
  }
  ~Folder() {
    stop();
    fs::remove_all(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Written elsewhere and moved in, as a careful sender does.
  void put(const std::string& name, const std::string& content, int minutes_ago = 0) const {
    const auto hidden = path / (".new-" + name);
    std::ofstream(hidden) << content;
    fs::last_write_time(hidden, fs::file_time_type::clock::now() - std::chrono::minutes(minutes_ago));
    fs::rename(hidden, path / name);
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path / name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  bool has(const std::string& name) const { return fs::exists(path / name); }
  bool comes(const std::string& name) const {
    return until([&] { return has(name); });
  }
  static bool until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      ::usleep(2'000);
    }
    return true;
  }
  void start() {
    source = std::make_unique<FolderSource>(options, taker, 0, metrics, log);
    source->start();
  }
  void stop() { source.reset(); }

  fs::path path;
  FolderOptions options;
  LineTaker taker;
  Metrics metrics;
  SystemClock clock;
  Log log{LogOptions{LogLevel::Off}, clock};
  std::unique_ptr<FolderSource> source;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("folder: a file whose messages are stored ends in done, with a report beside it") {
  Folder folder;
  folder.put("day.csv", "one\ntwo\n");
  folder.start();
  REQUIRE(folder.comes("done/day.csv"));
  CHECK(folder.taker.taken() == Lines{"one", "two"});
  CHECK_THAT(folder.read("done/day.csv.report.txt"), Contains("2 messages, 2 stored"));
  const auto json = folder.read("done/day.csv.report.json");
  CHECK_THAT(json, Contains("\"resourceType\":\"OperationOutcome\""));
  CHECK_THAT(json, Contains("message 2 "));
  CHECK_FALSE(folder.has("working/day.csv"));
}

TEST_CASE("folder: a file can be read again from its first byte") {
  Folder folder;
  folder.taker.readings = 3;
  folder.put("day.csv", "one\ntwo\n");
  folder.start();
  REQUIRE(folder.comes("done/day.csv"));
  CHECK(folder.taker.taken() == Lines{"one", "two"});
}

TEST_CASE(
    "folder: a file with a refused message ends in failed; its report names the place, never the value") {
  Folder folder;
  folder.put("day.csv", "one\nbad\nthree\n");
  folder.start();
  REQUIRE(folder.comes("failed/day.csv"));
  CHECK(folder.taker.taken() == Lines{"one", "bad", "three"});
  for (const auto* end : {".report.json", ".report.txt"}) {
    const auto report = folder.read(std::string("failed/day.csv") + end);
    CHECK_THAT(report, Contains("row 2"));
    CHECK_THAT(report, Contains("LT-1701"));
    CHECK_THAT(report, !Contains("secret"));
  }
}

TEST_CASE("folder: files that are being written, links, pipes and other names are left alone") {
  Folder folder;
  folder.options.rules.files = {"*.csv"};
  for (const auto* name : {".hidden.csv", "~lock.csv", "a.csv.part", "b.CSV.TMP", "c.xml"})
    std::ofstream(folder.path / name) << "no\n";
  std::ofstream("/tmp/lienthong-elsewhere.csv") << "no\n";
  fs::create_symlink("/tmp/lienthong-elsewhere.csv", folder.path / "link.csv");
  REQUIRE(::mkfifo((folder.path / "pipe.csv").c_str(), 0600) == 0);
  fs::create_directory(folder.path / "folder.csv");
  folder.put("Good.CSV", "yes\n");
  folder.start();
  REQUIRE(folder.comes("done/Good.CSV"));
  folder.put("second.csv", "yes\n");  // a whole look later the others are still there
  REQUIRE(folder.comes("done/second.csv"));
  CHECK(folder.taker.taken() == Lines{"yes", "yes"});
  for (const auto* name :
       {".hidden.csv", "~lock.csv", "a.csv.part", "b.CSV.TMP", "c.xml", "link.csv", "pipe.csv"})
    CHECK(folder.has(name));
  fs::remove("/tmp/lienthong-elsewhere.csv");
}

TEST_CASE("folder: a file is complete when it has stood still") {
  FolderRules rules;
  Folder folder;
  rules.folder = folder.path.string();
  rules.stable_for = std::chrono::seconds(5);
  auto watched = WatchedFolder::open(rules).value();
  const WatchedFolder::Steady start{};
  std::ofstream(folder.path / "a.csv") << "one\n";
  CHECK(watched->scan(start)->ready.empty());
  CHECK(watched->scan(start + std::chrono::seconds(4))->has_growing);
  std::ofstream(folder.path / "a.csv", std::ios::app) << "two\n";
  CHECK(watched->scan(start + std::chrono::seconds(6))->ready.empty());
  CHECK(watched->scan(start + std::chrono::seconds(11))->ready == Lines{"a.csv"});
  std::ofstream(folder.path / "a.csv", std::ios::app) << "three\n";
  CHECK(watched->pick_up("a.csv").value() == false);
}

TEST_CASE("folder: the oldest file comes first, or the first by name") {
  for (const auto order : {FileOrder::Time, FileOrder::Name}) {
    Folder folder;
    folder.options.rules.order = order;
    folder.put("a", "young\n", 1);
    folder.put("b", "old\n", 60);
    folder.start();
    REQUIRE(folder.comes("done/a"));
    REQUIRE(folder.comes("done/b"));
    CHECK(folder.taker.taken() == (order == FileOrder::Time ? Lines{"old", "young"} : Lines{"young", "old"}));
  }
}

TEST_CASE("folder: what an earlier run had taken up is taken first") {
  Folder folder;
  folder.put("new.csv", "new\n", 60);
  fs::create_directories(folder.path / "working");
  std::ofstream(folder.path / "working" / "left.csv") << "left\n";
  folder.start();
  REQUIRE(folder.comes("done/new.csv"));
  CHECK(folder.taker.taken() == Lines{"left", "new"});
  CHECK(folder.has("done/left.csv"));
}

TEST_CASE("folder: while nothing can be kept the file waits, and goes on at the message that was not kept") {
  Folder folder;
  int refusals = 3;
  folder.taker.fate = [&](const std::string& line) {
    return line == "two" && refusals-- > 0 ? intake::Fate::Busy : intake::Fate::Stored;
  };
  folder.put("day.csv", "one\ntwo\nthree\n");
  folder.start();
  REQUIRE(folder.comes("done/day.csv"));
  CHECK(folder.taker.taken() == Lines{"one", "two", "three"});
  CHECK_THAT(folder.read("done/day.csv.report.txt"), Contains("3 messages, 3 stored"));
}

TEST_CASE("folder: a stop leaves the file in working for the next start") {
  Folder folder;
  folder.taker.fate = [](const std::string&) { return intake::Fate::Busy; };
  folder.put("day.csv", "one\n");
  folder.start();
  REQUIRE(folder.comes("working/day.csv"));
  folder.stop();
  CHECK(folder.has("working/day.csv"));
  folder.taker.fate = [](const std::string&) { return intake::Fate::Stored; };
  folder.start();
  CHECK(folder.comes("done/day.csv"));
}

TEST_CASE("folder: a folder that is not there yet is looked for again") {
  Folder folder;
  folder.options.rules.folder = (folder.path / "share").string();
  folder.start();
  CHECK(folder.metrics.gauge(metric::kFolderReadable, {{"source", "lab"}}).value() == 0);
  fs::create_directory(folder.path / "share");
  folder.put("share-file", "one\n");
  fs::rename(folder.path / "share-file", folder.path / "share" / "a.csv");
  CHECK(folder.comes("share/done/a.csv"));
}

TEST_CASE("folder: a second file of the same name does not replace the first") {
  Folder folder;
  folder.put("day.csv", "one\n");
  folder.start();
  REQUIRE(folder.comes("done/day.csv"));
  folder.put("day.csv", "two\n");
  REQUIRE(folder.comes("done/day.2.csv"));
  CHECK(folder.read("done/day.csv") == "one\n");
  CHECK_THAT(folder.read("done/day.2.csv.report.txt"), Contains("1 stored"));
}

TEST_CASE("folder: more files than are looked at at once are all taken, and those that wait are counted") {
  Folder folder;
  constexpr std::size_t kFiles = WatchedFolder::kMostCandidates + 300;
  for (std::size_t i = 0; i < kFiles; ++i) std::ofstream(folder.path / std::to_string(i)) << i << "\n";
  auto watched = WatchedFolder::open(folder.options.rules).value();
  const auto scan = watched->scan({}).value();
  CHECK(scan.waiting == kFiles);
  CHECK(scan.ready.size() == WatchedFolder::kMostCandidates);
  folder.start();
  CHECK(Folder::until([&] { return folder.taker.taken().size() == kFiles; }));
}

TEST_CASE("folder: files of done are removed when they are older than they are kept") {
  Folder folder;
  folder.put("day.csv", "one\n");
  auto watched = WatchedFolder::open(folder.options.rules).value();
  REQUIRE(watched->scan({})->ready.size() == 1);
  REQUIRE(watched->pick_up("day.csv").value());
  REQUIRE(watched->finish("day.csv", FileEnd::Done, "{}", "text").has_value());
  CHECK(watched->remove_older(std::chrono::hours(1)) == 0);
  CHECK(watched->remove_older(std::chrono::seconds(-10)) == 3);
  CHECK_FALSE(folder.has("done/day.csv"));
}
