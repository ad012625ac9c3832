#pragma once
// What the store's tests share: a folder of their own, a small table, short ways to write and count.

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "gateway/store/store.h"

namespace lienthong::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lienthong-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline constexpr store::Migration kThings[] = {
    {"things", 1, "CREATE TABLE thing(id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT"}};

inline const store::Sql kAddThing("INSERT INTO thing(id, body) VALUES (?1, ?2)");
inline const store::Sql kCountThings("SELECT count(*) FROM thing");

inline store::StoreOptions options_for(const TemporaryFolder& folder) {
  store::StoreOptions options;
  options.path = folder.file("store.db");
  return options;
}

inline std::unique_ptr<store::Store> open_or_throw(store::StoreOptions options) {
  auto opened = store::Store::open(std::move(options), kThings);
  if (!opened) throw std::runtime_error(to_string(opened.error()));
  return std::move(*opened);
}

inline Result<void> add_thing(store::Store& store, std::int64_t id, std::string body = "body") {
  return store.submit_and_wait([id, body = std::move(body)](store::Transaction& transaction) {
    return transaction.run(kAddThing, id, store::Blob{body});
  });
}

inline std::int64_t count(store::Connection& connection) {
  store::Statement statement = connection.statement(kCountThings);
  return statement.step().value_or(false) ? statement.integer(0) : -1;
}

inline std::int64_t count(store::Store& store) {
  auto reader = store.open_reader();
  return reader ? count(**reader) : -1;
}

// Polls until `done` or 20 s have passed.
template <class Done>
bool wait_until(Done done) {
  for (int i = 0; i < 4'000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// Holds the writer thread until released, so that what is submitted meanwhile forms one group.
class Gate {
 public:
  explicit Gate(store::Store& store) {
    store::Job job;
    job.work = [this](store::Transaction&) -> Result<void> {
      entered_.set_value();
      opened_.get_future().wait();
      return {};
    };
    if (!store.submit(std::move(job))) throw std::runtime_error("the gate was not taken");
    entered_.get_future().wait();
  }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> opened_;
};

}  // namespace lienthong::test
