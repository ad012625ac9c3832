#include "gateway/app/migrations.h"

#include "gateway/delivery/schema.h"
#include "gateway/journal/schema.h"
#include "gateway/repository/repository.h"

namespace lienthong::app {

std::vector<store::Migration> all_migrations() {
  std::vector<store::Migration> all;
  const auto append = [&all](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
  append(journal::migrations());
  append(repository::sqlite::migrations());
  append(delivery::migrations());
  return all;
}

}  // namespace lienthong::app
