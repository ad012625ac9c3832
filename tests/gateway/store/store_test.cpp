#include "gateway/store/store.h"

#include <sys/wait.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "gateway/store/error_numbers.h"
#include "gateway/store/names.h"
#include "gateway/store/values.h"
#include "store_fixture.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

const Sql kNoSuchTable("SELECT 1 FROM nowhere");
const Sql kThingIds("SELECT id FROM thing ORDER BY id");
const Sql kPragmaSynchronous("PRAGMA synchronous");
const Sql kPragmaJournal("PRAGMA journal_mode");
const Sql kPragmaPage("PRAGMA page_size");
const Sql kPragmaVacuum("PRAGMA auto_vacuum");
const Sql kPragmaDelete("PRAGMA secure_delete");

Job thing_job(std::int64_t id, Completion completion = {}) {
  Job job;
  job.work = [id](Transaction& transaction) { return transaction.run(kAddThing, id, Blob{"x"}); };
  job.completion = std::move(completion);
  job.bytes = 1;
  return job;
}

class Recorder final : public CompletionExecutor {
 public:
  void post(std::vector<Completed>&& batch) override {
    const std::lock_guard lock(mutex_);
    batches_.push_back(std::move(batch));
  }
  std::size_t batches() {
    const std::lock_guard lock(mutex_);
    return batches_.size();
  }
  std::vector<Completed> take(std::size_t index) {
    const std::lock_guard lock(mutex_);
    return std::move(batches_[index]);
  }

 private:
  std::mutex mutex_;
  std::vector<std::vector<Completed>> batches_;
};

}  // namespace

TEST_CASE("store: what is acknowledged is there after reopening") {
  TemporaryFolder folder;
  Uuid installation;
  {
    auto store = open_or_throw(options_for(folder));
    installation = store->installation();
    for (int i = 1; i <= 10; ++i) REQUIRE(add_thing(*store, i));
  }
  auto store = open_or_throw(options_for(folder));
  CHECK(count(*store) == 10);
  CHECK(store->installation() == installation);
}

TEST_CASE("store: the layout is WAL, FULL, 4 KiB pages, incremental vacuum, secure delete") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  const Result<void> done = store->submit_and_wait([](Transaction& transaction) -> Result<void> {
    const auto number = [&](const Sql& sql) {
      Statement statement = transaction.statement(sql);
      return statement.step().value_or(false) ? statement.integer(0) : -1;
    };
    CHECK(number(kPragmaSynchronous) == 2);
    CHECK(number(kPragmaPage) == 4096);
    CHECK(number(kPragmaVacuum) == 2);
    CHECK(number(kPragmaDelete) == 1);
    Statement journal = transaction.statement(kPragmaJournal);
    CHECK(journal.step().value_or(false));
    CHECK(journal.text(0) == "wal");
    return {};
  });
  REQUIRE(done);
}

TEST_CASE("store: a failing job does not hurt its neighbours in the same group") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  Gate gate(*store);
  const std::uint64_t before = store->counters().commits;
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  const auto tell = [&](Result<void> result) { result ? ++good : ++bad; };
  REQUIRE(store->submit(thing_job(1, tell)));
  Job failing;
  failing.work = [](Transaction& transaction) -> Result<void> {
    if (Result<void> done = transaction.run(kAddThing, 2, Blob{"x"}); !done) return done;
    return fail(Category::Incorrect, 9, "no");
  };
  failing.completion = tell;
  REQUIRE(store->submit(std::move(failing)));
  REQUIRE(store->submit(thing_job(1, tell)));  // the row exists: a constraint fails
  REQUIRE(store->submit(thing_job(3, tell)));
  gate.open();
  REQUIRE(wait_until([&] { return good + bad == 4; }));
  CHECK(good == 2);
  CHECK(bad == 2);
  CHECK(store->counters().commits - before == 2);  // the gate's own and one for all four
  CHECK(count(*store) == 2);
}

TEST_CASE("store: errors keep their category and number") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  REQUIRE(add_thing(*store, 1));
  const Result<void> twice = add_thing(*store, 1);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().category == Category::Conflict);
  CHECK(twice.error().number == kConstraint);
  const Result<void> wrong =
      store->submit_and_wait([](Transaction& transaction) { return transaction.run(kNoSuchTable); });
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().number == kStatementFailed);
  CHECK(store->state() == StoreState::Ready);
}

TEST_CASE("store: jobs run in the order of submitting, across groups") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.batch_jobs = 7;
  auto store = open_or_throw(options);
  std::vector<int> order;
  std::atomic<int> told{0};
  for (int i = 0; i < 100; ++i) {
    Job job;
    job.work = [&order, i](Transaction&) -> Result<void> {
      order.push_back(i);
      return {};
    };
    job.completion = [&told, i](const Result<void>&) {
      if (told == i) ++told;
    };
    REQUIRE(store->submit(std::move(job)));
  }
  REQUIRE(wait_until([&] { return told == 100; }));
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("store: a full queue refuses at once and leaves the job untouched") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.queue_jobs = 3;
  options.queue_bytes = 100;
  auto store = open_or_throw(options);
  Gate gate(*store);
  REQUIRE(store->submit(thing_job(1)));
  REQUIRE(store->submit(thing_job(2)));
  CHECK(store->queue_depth() == 3);
  Job refused = thing_job(3);
  const Result<void> full = store->submit(std::move(refused));
  REQUIRE_FALSE(full);
  CHECK(full.error().category == Category::Busy);
  CHECK(full.error().number == kQueueFull);
  gate.open();
  REQUIRE(wait_until([&] { return store->queue_depth() == 0; }));
  REQUIRE(store->submit(std::move(refused)));
  REQUIRE(wait_until([&] { return count(*store) == 3; }));

  Gate second(*store);
  Job large = thing_job(4);
  large.bytes = 101;
  CHECK_FALSE(store->submit(std::move(large)));
  second.open();
  REQUIRE(wait_until([&] { return store->queue_depth() == 0; }));
  REQUIRE(store->submit(std::move(large)));  // larger than the whole bound, but alone
}

TEST_CASE("store: an executor gets the completions of a group in one post") {
  TemporaryFolder folder;
  Recorder first;
  Recorder second;
  auto store = open_or_throw(options_for(folder));
  Gate gate(*store);
  int told = 0;
  for (int i = 0; i < 10; ++i) {
    Job job = thing_job(i, [&told](const Result<void>& result) {
      if (result) ++told;
    });
    job.executor = i % 2 == 0 ? &first : &second;
    REQUIRE(store->submit(std::move(job)));
  }
  gate.open();
  REQUIRE(wait_until([&] { return second.batches() == 1; }));
  REQUIRE(first.batches() == 1);
  CHECK(told == 0);
  std::vector<Completed> batch = first.take(0);
  CHECK(batch.size() == 5);
  for (Completed& completed : batch) completed();
  CHECK(told == 5);
  for (Completed& completed : second.take(0)) completed();
  CHECK(told == 10);
}

namespace {

class TailHook final : public BatchHook {
 public:
  void before_job() override { saved_ = tail_; }
  void job_rolled_back() override { tail_ = saved_; }
  Result<void> before_commit(Transaction& transaction) override {
    if (refuse) return fail(Category::Fault, 7, "hook");
    if (tail_ == committed_) return {};
    return transaction.run(kAddThing, 1'000 + tail_, Blob{"tail"});
  }
  void after_commit() override { committed_ = tail_; }
  void after_rollback() override { tail_ = committed_; }
  void add() { ++tail_; }
  int tail() const { return tail_; }
  bool refuse = false;

 private:
  int tail_ = 0;
  int saved_ = 0;
  int committed_ = 0;
};

Job tail_job(TailHook& hook, bool succeed) {
  Job job;
  job.work = [&hook, succeed](Transaction&) -> Result<void> {
    hook.add();
    if (!succeed) return fail(Category::Incorrect, 9, "no");
    return {};
  };
  return job;
}

}  // namespace

TEST_CASE("store: hooks follow jobs, commits and rollbacks") {
  TemporaryFolder folder;
  TailHook hook;
  auto store = open_or_throw(options_for(folder));
  store->add_hook(&hook);
  Gate gate(*store);
  REQUIRE(store->submit(tail_job(hook, true)));
  REQUIRE(store->submit(tail_job(hook, false)));
  REQUIRE(store->submit(tail_job(hook, true)));
  gate.open();
  REQUIRE(store->submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
  CHECK(hook.tail() == 2);
  CHECK(count(*store) == 1);
  REQUIRE(store
              ->submit_and_wait([&hook](Transaction&) -> Result<void> {
                hook.refuse = true;
                return {};
              })
              .error()
              .number == 7);
  CHECK(hook.tail() == 2);
  CHECK(store->state() == StoreState::Ready);
}

TEST_CASE("store: two processes cannot open one file") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  const auto here = Store::open(options_for(folder), kThings);
  REQUIRE_FALSE(here);
  CHECK(here.error().category == Category::Conflict);
  CHECK(here.error().number == kStoreInUse);

  const pid_t child = ::fork();
  if (child == 0) {
    const auto there = Store::open(options_for(folder), kThings);
    ::_exit(!there && there.error().number == kStoreInUse ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  store.reset();
  CHECK(Store::open(options_for(folder), kThings));
}

TEST_CASE("store: files of other programs are refused and left alone") {
  TemporaryFolder folder;
  std::string content = "this is a letter, not a database";
  content.resize(4096, '.');
  {
    std::ofstream(folder.file("store.db")) << content;
  }
  const auto text = Store::open(options_for(folder), kThings);
  REQUIRE_FALSE(text);
  CHECK(text.error().number == kNotAStore);
  std::ifstream back(folder.file("store.db"));
  CHECK(std::string(std::istreambuf_iterator<char>(back), {}) == content);

  std::filesystem::remove(folder.file("store.db"));
  {
    auto other = Connection::open(folder.file("store.db"), Connection::Mode::Create, "");
    REQUIRE((*other)->execute("CREATE TABLE theirs(x)"));
  }
  const auto foreign = Store::open(options_for(folder), kThings);
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().number == kNotAStore);
}

TEST_CASE("store: stop commits what waits and refuses what comes later") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  for (int i = 0; i < 500; ++i) REQUIRE(store->submit(thing_job(i)));
  store->stop();
  CHECK(store->state() == StoreState::Stopped);
  const Result<void> late = store->submit(thing_job(501));
  REQUIRE_FALSE(late);
  CHECK(late.error().category == Category::Interrupted);
  CHECK(count(*store) == 500);
}

TEST_CASE("store: many threads submit, each keeps its order") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::vector<std::vector<int>> seen(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        Job job;
        job.work = [&seen, t, i](Transaction& transaction) {
          seen[static_cast<std::size_t>(t)].push_back(i);
          return transaction.run(kAddThing, t * 1'000 + i, Blob{"x"});
        };
        while (!store->submit(std::move(job))) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  store->stop();
  for (const auto& each : seen) {
    CHECK(each.size() == 500);
    CHECK(std::is_sorted(each.begin(), each.end()));
  }
  CHECK(count(*store) == 2'000);
}

TEST_CASE("store: names get lasting numbers, values are kept") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  REQUIRE(store->submit_and_wait([](Transaction& transaction) -> Result<void> {
    const auto his = source_id(transaction, "his");
    const auto lis = source_id(transaction, "lis");
    REQUIRE(his);
    REQUIRE(lis);
    CHECK(*his != *lis);
    CHECK(source_id(transaction, "his").value() == *his);
    CHECK(destination_id(transaction, "province").value().value == 1);
    CHECK(facility_id(transaction, "79001").value().value == 1);
    return set_value(transaction, "test.key", "one");
  }));
  auto reader = store->open_reader();
  REQUIRE(reader);
  CHECK(name_of(**reader, find_source(**reader, "lis").value()).value() == "lis");
  CHECK(find_source(**reader, "pacs").error().category == Category::NotFound);
  CHECK(get_value(**reader, "test.key").value() == "one");
  CHECK(get_value(**reader, "test.none").value() == std::nullopt);
}

TEST_CASE("store: a cached statement may be used while it is on loan") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  for (int i = 1; i <= 3; ++i) REQUIRE(add_thing(*store, i));
  auto reader = store->open_reader();
  Statement outer = (*reader)->statement(kThingIds);
  int pairs = 0;
  while (outer.step().value_or(false)) {
    Statement inner = (*reader)->statement(kThingIds);
    while (inner.step().value_or(false)) ++pairs;
  }
  CHECK(pairs == 9);
}

TEST_CASE("store: a remembered name that was undone is not remembered") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  static const Sql kFind("SELECT id FROM source WHERE name=?1");
  static const Sql kAdd("INSERT INTO source(name) VALUES (?1)");
  const Result<void> undone = store->submit_and_wait([](Transaction& transaction) -> Result<void> {
    REQUIRE(transaction.remembered_id(kFind, kAdd, "his"));
    return fail(Category::Incorrect, 9, "no");
  });
  REQUIRE_FALSE(undone);
  std::int64_t id = 0;
  REQUIRE(store->submit_and_wait([&id](Transaction& transaction) -> Result<void> {
    id = transaction.remembered_id(kFind, kAdd, "his").value();
    CHECK(transaction.remembered_id(kFind, kAdd, "his").value() == id);
    return {};
  }));
  auto reader = store->open_reader();
  CHECK(find_source(**reader, "his").value().value == id);
}
