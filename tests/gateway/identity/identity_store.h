#pragma once
// A real store in a folder of its own, for the tests of this room.

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "gateway/identity/schema.h"
#include "gateway/store/store.h"

struct IdentityStore {
  IdentityStore() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lienthong-identity-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    lienthong::store::StoreOptions options;
    options.path = folder + "/store.db";
    auto opened = lienthong::store::Store::open(options, lienthong::identity::migrations());
    REQUIRE(opened);
    store = std::move(*opened);
  }
  ~IdentityStore() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  // Runs `work` in a job; its checks stand in the job.
  void run(lienthong::store::Work work) { REQUIRE(store->submit_and_wait(std::move(work))); }

  std::string folder;
  std::unique_ptr<lienthong::store::Store> store;
};
