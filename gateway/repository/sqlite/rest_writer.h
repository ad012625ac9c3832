#pragma once
// REST writes on the writer thread: conditions, ownership, order within a transaction. Source: R4 §3.1.0;
// semantics.md rule 5.

#include <set>

#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/sqlite/rest_content.h"
#include "gateway/repository/sqlite/sqlite_repository.h"

namespace lienthong::repository::sqlite {

class RestWriter {
 public:
  RestWriter(store::Transaction& transaction, ResourceTable& table, const SqliteRepository& repository,
             PreparedRest::Content& content)
      : transaction_(transaction), table_(table), repository_(repository), content_(content) {}

  Result<RestOutcome> run();

 private:
  Result<void> run_single();
  Result<void> run_transaction();
  Result<void> run_batch();
  Result<void> run_entry(RestEntry& entry, RestResult& result);

  // Finds what conditions mean now: existing ids, or that there is none.
  Result<void> resolve_condition(RestEntry& entry, RestResult& result);
  Result<std::optional<std::string>> find_one(TypeNumber type, std::string_view query);
  Result<void> refuse_twice();
  Result<void> replace_all_references();
  Result<void> replace_conditional_references(RestEntry& entry);

  Result<void> put(RestEntry& entry, RestResult& result);
  Result<void> put_new(RestEntry& entry, std::optional<Head> head, RestResult& result);
  Result<void> put_again(RestEntry& entry, const Head& head, RestResult& result);
  Result<void> remove(RestEntry& entry, RestResult& result);
  Result<void> get(const RestEntry& entry, RestResult& result);

  Result<void> may_write(const RestEntry& entry, const Head& head) const;
  Result<void> finish(Record& record, const Head* previous, std::string_view previous_keys,
                      const StoredForm* form, RestResult& result, int status);
  Result<void> answer(const Head& head, std::string_view packed, RestResult& result, int status);

  store::Transaction& transaction_;
  ResourceTable& table_;
  const SqliteRepository& repository_;
  PreparedRest::Content& content_;
  RestOutcome outcome_;
};

}  // namespace lienthong::repository::sqlite
