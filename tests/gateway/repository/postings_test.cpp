// Posting lists: few rows stand in a list's tail, many in blocks before it; what is read is what was written.
#include <memory>
#include <random>

#include "gateway/repository/sqlite/posting_reader.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "searching.h"

using namespace testing;
using namespace lienthong::repository::sqlite;

namespace {

const store::Sql kBlocks("SELECT count(*) FROM post");
const store::Sql kTails("SELECT count(*) FROM post_tail");
const store::Sql kAddBlock(
    "INSERT INTO post(param, value, first, count, last, block) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

constexpr PostingKey kList{7, 1};

struct Lists : SearchStore {
  std::unique_ptr<PostingWriter> writer = std::make_unique<PostingWriter>();

  // One commit.
  template <class Edits>
  void flush(Edits edits) {
    REQUIRE(store->submit_and_wait([&](store::Transaction& transaction) {
      edits();
      return writer->flush(transaction);
    }));
  }
  Rows read(PostingKey key = kList) {
    Rows rows;
    REQUIRE(sqlite::read_postings(*reader, key.parameter, {key.value, key.value}, rows));
    return rows;
  }
  std::int64_t count(PostingKey key = kList) {
    return sqlite::count_postings(*reader, key.parameter, {key.value, key.value}, INT64_MAX - 1).value();
  }
  // Each way of reading finds `wanted`.
  void check(const Rows& wanted) {
    CHECK(read() == wanted);
    CHECK(count() == static_cast<std::int64_t>(wanted.size()));
    PostingSource every(*reader, kList), leaping(*reader, kList);
    for (const auto row : wanted) CHECK(every.seek(row).value() == row);
    for (std::size_t i = 0; i < wanted.size(); i += 41)
      CHECK(leaping.seek(i == 0 ? 0 : wanted[i - 1] + 1).value() == wanted[i]);
    const std::int64_t behind = wanted.empty() ? 1 : wanted.back() + 1;
    CHECK(leaping.seek(behind).value() == kNoRow);
  }
};

void insert(Rows& rows, std::int64_t row) {
  const auto place = std::lower_bound(rows.begin(), rows.end(), row);
  if (place == rows.end() || *place != row) rows.insert(place, row);
}

}  // namespace

TEST_CASE("postings: a short list has no block, a growing one no more than it fills") {
  Lists store;
  Rows wanted;
  for (std::int64_t row = 5; row < 45; ++row) {
    store.flush([&] { store.writer->add(kList, row); });
    wanted.push_back(row);
  }
  CHECK(store.rows(kBlocks) == 0);
  CHECK(store.rows(kTails) == 1);
  store.check(wanted);
  for (std::int64_t row = 45; row < 2000; ++row) {
    store.flush([&] { store.writer->add(kList, row); });
    wanted.push_back(row);
  }
  CHECK(store.rows(kBlocks) == 3);  // of 901 rows each, one byte a row
  CHECK(store.rows(kTails) == 1);
  store.check(wanted);
  store.flush([&] {
    for (const auto row : wanted) store.writer->remove(kList, row);
  });
  store.check({});
  CHECK(store.rows(kBlocks) == 0);
  CHECK(store.rows(kTails) == 0);
}

TEST_CASE("postings: rows join and leave anywhere, whether the writer remembers the list or not") {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    Lists store;
    std::mt19937 random(seed);
    Rows wanted;
    std::int64_t top = 0;
    const auto change_one = [&] {
      const auto kind = random() % 10;
      if (kind < 5 || wanted.empty()) {  // behind all others
        top += static_cast<std::int64_t>(random() % 400 + 1);
        store.writer->add(kList, top);
        return insert(wanted, top);
      }
      const auto near_end = std::min<std::size_t>(wanted.size(), 30);
      const auto index = kind < 8 ? wanted.size() - 1 - random() % near_end : random() % wanted.size();
      const std::int64_t row = wanted[index];
      if (kind % 2 == 0 && row > 1) {
        store.writer->add(kList, row - 1);
        return insert(wanted, row - 1);
      }
      store.writer->remove(kList, row);
      wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(index));
    };
    for (int round = 0; round < 120; ++round) {
      if (random() % 5 == 0) store.writer = std::make_unique<PostingWriter>();
      const std::size_t changes = round % 30 == 29 ? 900 : random() % 40 + 1;
      store.flush([&] {
        for (std::size_t i = 0; i < changes; ++i) change_one();
      });
      INFO("seed " << seed << ", round " << round);
      REQUIRE(store.read() == wanted);
    }
    store.check(wanted);
    store.flush([&] {
      for (const auto row : wanted) store.writer->remove(kList, row);
    });
    CHECK(store.rows(kBlocks) == 0);
    CHECK(store.rows(kTails) == 0);
  }
}

TEST_CASE("postings: what a commit undid is not remembered") {
  Lists store;
  store.flush([&] { store.writer->add(kList, 10); });
  REQUIRE_FALSE(store.store->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
    store.writer->add(kList, 20);
    if (const auto flushed = store.writer->flush(transaction); !flushed) return flushed;
    return fail(Category::Incorrect, kBadParameter, "undone");
  }));
  store.writer->forget();
  store.flush([&] { store.writer->add(kList, 30); });
  store.check({10, 30});
}

TEST_CASE("postings: many values are read, counted and told apart") {
  Lists store;
  store.flush([&] {
    for (std::int64_t value = 1; value <= 20; ++value) {
      for (std::int64_t row = 1; row <= value * 40; ++row) store.writer->add({8, value}, row * 20 + value);
    }
  });
  CHECK(store.count({8, 20}) == 800);
  Rows rows;
  REQUIRE(sqlite::read_postings(*store.reader, 8, {3, 5}, rows));
  CHECK(rows.size() == 480);
  CHECK(sqlite::count_postings(*store.reader, 8, {3, 5}, 1'000'000).value() == 480);
  CHECK(sqlite::count_postings(*store.reader, 8, {1, 20}, 100).value() > 100);
  CHECK(sqlite::count_postings(*store.reader, 8, {21, 30}, 100).value() == 0);
}

TEST_CASE("postings: the lists of a store without tails are read, grow and shrink") {
  Lists store;
  store.close();
  std::filesystem::remove_all(store.folder);
  std::filesystem::create_directory(store.folder);
  std::vector<store::Migration> former;
  for (const auto& migration : repository::sqlite::migrations()) {
    if (migration.room != "repository" || migration.version <= 3) former.push_back(migration);
  }
  store::StoreOptions options;
  options.path = store.folder + "/store.db";
  Rows wanted;
  for (std::int64_t row = 1; row <= 3000; ++row) wanted.push_back(row * 3);
  {
    auto opened = store::Store::open(options, former);
    REQUIRE(opened);
    REQUIRE((*opened)->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
      for (const auto& block : blocks_of(wanted)) {
        const auto added = transaction.run(kAddBlock, kList.parameter, kList.value, block.first, block.count,
                                           block.last, store::Blob{block.steps});
        if (!added) return added;
      }
      return {};
    }));
  }
  store.open();
  store.check(wanted);
  store.flush([&] { store.writer->add(kList, 9'500); });
  wanted.push_back(9'500);
  store.check(wanted);
  CHECK(store.rows(kTails) == 1);
  store.writer = std::make_unique<PostingWriter>();
  store.flush([&] {
    store.writer->add(kList, 8);
    store.writer->add(kList, 9'499);
    store.writer->remove(kList, 9'000);
  });
  insert(wanted, 8);
  insert(wanted, 9'499);
  std::erase(wanted, 9'000);
  store.check(wanted);
}
