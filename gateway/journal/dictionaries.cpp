#include "gateway/journal/dictionaries.h"

#include "gateway/journal/columns.h"
#include "gateway/journal/compressor.h"
#include "gateway/journal/error_numbers.h"

namespace lienthong::journal {
namespace {

using store::Sql;
using store::Statement;

const Sql kAll("SELECT id, source, bytes FROM dictionary ORDER BY id");
const Sql kInsert("INSERT INTO dictionary(source, created_at, bytes) VALUES (?1, ?2, ?3)");

}  // namespace

Result<void> Dictionaries::load(store::Connection& connection) {
  Statement statement = connection.statement(kAll);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return {};
    activate(statement.id<SourceId>(1), statement.id<DictionaryId>(0), statement.blob(2));
  }
}

std::shared_ptr<const Dictionary> Dictionaries::active(SourceId source) const {
  const std::lock_guard lock(mutex_);
  const auto found = active_.find(source);
  return found == active_.end() ? nullptr : found->second;
}

std::shared_ptr<const Dictionary> Dictionaries::find(DictionaryId id) const {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  return found == all_.end() ? nullptr : found->second;
}

Result<std::string> Dictionaries::decompress(const CompressedRaw& raw) const {
  if (raw.dictionary.value == 0) return journal::decompress(raw, nullptr);
  const std::shared_ptr<const Dictionary> dictionary = find(raw.dictionary);
  if (dictionary == nullptr) {
    return fail(Category::Fault, kDictionaryNotFound,
                "The journal lacks compression dictionary " + std::to_string(raw.dictionary.value) + ".");
  }
  return journal::decompress(raw, dictionary.get());
}

Result<DictionaryId> Dictionaries::insert(store::Transaction& transaction, SourceId source, Instant now,
                                          std::string_view bytes) {
  const Result<void> kept = transaction.run(kInsert, source, to_column(now), store::Blob{bytes});
  if (!kept) return forward(kept);
  return DictionaryId{static_cast<std::uint32_t>(transaction.last_insert_rowid())};
}

void Dictionaries::activate(SourceId source, DictionaryId id, std::string_view bytes) {
  auto dictionary = std::make_shared<const Dictionary>(id, bytes);  // digested outside the lock
  const std::lock_guard lock(mutex_);
  all_[id] = dictionary;
  active_[source] = std::move(dictionary);
}

}  // namespace lienthong::journal
