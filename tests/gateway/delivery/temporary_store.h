#pragma once
// A real store in a folder of its own, gone with the test.

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/delivery/outbox.h"
#include "gateway/delivery/schema.h"
#include "gateway/repository/repository.h"
#include "gateway/store/names.h"
#include "gateway/store/store.h"

namespace lienthong::delivery {

struct TemporaryStore {
  std::string folder;
  Outbox outbox;
  std::unique_ptr<repository::Repository> repository = repository::sqlite::make_repository();
  std::unique_ptr<store::Store> store;
  DestinationId destination;

  explicit TemporaryStore(std::vector<std::string> types = {}) {
    std::string pattern = std::filesystem::temp_directory_path() / "lienthong-delivery-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    store::StoreOptions options;
    options.path = folder + "/test.db";
    auto migrations = repository::sqlite::migrations();
    migrations.insert(migrations.end(), delivery::migrations().begin(), delivery::migrations().end());
    auto opened = store::Store::open(std::move(options), migrations);
    REQUIRE(opened.has_value());
    store = std::move(*opened);
    store->add_hook(&outbox);
    REQUIRE(outbox.load(*reader()).has_value());
    run([&](store::Transaction& transaction) -> Result<void> {
      auto id = store::destination_id(transaction, "province");
      if (!id) return forward(id);
      destination = *id;
      outbox.set_routes({{destination, std::move(types)}});
      return {};
    });
  }
  ~TemporaryStore() {
    store.reset();
    std::filesystem::remove_all(folder);
  }

  std::unique_ptr<store::Reader> reader() const {
    auto opened = store->open_reader();
    REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  template <class Work>
  void run(Work work) {
    auto done = store->submit_and_wait(std::move(work));
    if (!done) FAIL(to_string(done.error()));
  }
};

}  // namespace lienthong::delivery
