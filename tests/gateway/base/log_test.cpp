#include "gateway/base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

using namespace lienthong;
using namespace std::chrono_literals;

namespace {

// A log that writes to a file of its own.
struct LogFile {
  explicit LogFile(LogOptions options = {}) : clock(Instant(1'772'435'700'120'000us)) {
    std::string name = (std::filesystem::temp_directory_path() / "lienthong-log-XXXXXX").string();
    options.descriptor = ::mkstemp(name.data());
    path = name;
    log.emplace(options, clock);
    descriptor = options.descriptor;
  }
  ~LogFile() {
    ::close(descriptor);
    std::filesystem::remove(path);
  }
  std::string text() const {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  FixedClock clock;
  std::filesystem::path path;
  int descriptor = -1;
  std::optional<Log> log;
};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a log line is logfmt with time, level, event and fields") {
  LogFile file;
  file.log->info("source listening", {{"source", "his-adt"}, {"port", 2575}, {"tls", false}, {"share", 0.5}});
  CHECK(file.text() ==
        "time=2026-03-02T07:15:00.120Z level=info event=\"source listening\" source=his-adt port=2575 "
        "tls=false "
        "share=0.5\n");
}

TEST_CASE("what is below the level is not written") {
  LogFile file({.level = LogLevel::Warning});
  file.log->info("quiet");
  file.log->warning("loud");
  CHECK_FALSE(file.log->enabled(LogLevel::Info));
  CHECK(count(file.text(), "quiet") == 0);
  CHECK(count(file.text(), "event=loud") == 1);
  file.log->set_level(LogLevel::Debug);
  file.log->debug("now heard");
  CHECK(count(file.text(), "now heard") == 1);
}

TEST_CASE("a value of a peer cannot forge a log line") {
  LogFile file;
  file.log->info("peer", {{"name", "a\"b\nlevel=error event=forged\x01"}});
  const auto text = file.text();
  CHECK(count(text, "\n") == 1);
  CHECK(count(text, R"(name="a\"b\nlevel=error event=forged\x01")") == 1);
}

TEST_CASE("repeats of one event are held back and counted") {
  LogFile file({.repeats = 3, .window = 10s});
  for (int i = 0; i < 50; ++i) file.log->warning("connection refused", {{"n", i}});
  file.log->warning("another event");
  CHECK(count(file.text(), "connection refused") == 3);
  CHECK(count(file.text(), "another event") == 1);
  file.clock.advance(10s);
  file.log->warning("connection refused");
  CHECK(count(file.text(), "connection refused\" suppressed=47\n") == 1);
}

TEST_CASE("for journald the priority stands in front and the time is left to it") {
  LogFile file({.journald = true});
  file.log->error("disk full");
  CHECK(file.text() == "<3>event=\"disk full\"\n");
}

TEST_CASE("lines of several threads never mix") {
  LogFile file({.repeats = 0});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&file] {
      for (int i = 0; i < 200; ++i) file.log->info("line", {{"text", std::string(200, 'x')}});
    });
  }
  for (auto& thread : threads) thread.join();
  std::ifstream in(file.path);
  std::string line;
  std::size_t lines = 0;
  while (std::getline(in, line)) {
    ++lines;
    REQUIRE(line.ends_with("event=line text=" + std::string(200, 'x')));
  }
  CHECK(lines == 800);
}

TEST_CASE("log levels have names that read back") {
  for (const auto level :
       {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error, LogLevel::Off}) {
    CHECK(parse_log_level(name_of(level)) == level);
  }
  CHECK_FALSE(parse_log_level("loud"));
}
