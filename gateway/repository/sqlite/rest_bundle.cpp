// Bundles: a transaction is all or nothing and has an order of its own; in a batch each entry stands alone.
// Source: R4 §3.1.0.11.
#include <algorithm>
#include <set>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/rest_writer.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kSave("SAVEPOINT batch_entry");
const store::Sql kUndo("ROLLBACK TO batch_entry");
const store::Sql kRelease("RELEASE batch_entry");

}  // namespace

Result<void> RestWriter::run_transaction() {
  for (std::size_t i = 0; i < content_.entries.size(); ++i) {
    const auto resolved = resolve_condition(content_.entries[i], outcome_.results[i]);
    if (!resolved) return resolved;
  }
  if (const auto distinct = refuse_twice(); !distinct) return distinct;
  std::vector<std::size_t> order(content_.entries.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return content_.entries[a].kind < content_.entries[b].kind;
  });
  if (const auto replaced = replace_all_references(); !replaced) return replaced;
  for (const RestEntry& entry : content_.entries) {
    if (entry.kind == RestEntry::Kind::Create && entry.minted) table_.reserve(entry.type, entry.id);
  }
  for (const std::size_t index : order) {
    if (const auto done = run_entry(content_.entries[index], outcome_.results[index]); !done) return done;
  }
  return {};
}

Result<void> RestWriter::refuse_twice() {
  std::set<std::pair<TypeNumber, std::string>> seen;
  for (std::size_t i = 0; i < content_.entries.size(); ++i) {
    const RestEntry& entry = content_.entries[i];
    const bool found = outcome_.results[i].resource.row != ResourceRow{};
    if (entry.kind == RestEntry::Kind::Read || entry.id.empty() || found) continue;
    if (!seen.emplace(entry.type, entry.id).second) {
      return fail(Category::Incorrect, kSameResourceTwice, "A transaction changes the same resource twice.");
    }
  }
  return {};
}

// Only where a condition left ids open until now; the other Bundles came with their references replaced.
Result<void> RestWriter::replace_all_references() {
  ReferenceMap map;
  for (const auto& entry : content_.entries) {
    if (entry.full_url.empty() || entry.id.empty()) continue;
    map[entry.full_url] = std::string(type_name(entry.type)).append("/").append(entry.id);
  }
  for (auto& entry : content_.entries) {
    if (entry.form || entry.json.empty()) continue;
    auto replaced = replace_references(entry.json, map);
    if (!replaced) return forward(replaced);
    entry.json = std::move(*replaced);
    if (const auto done = replace_conditional_references(entry); !done) return done;
  }
  return {};
}

Result<void> RestWriter::run_batch() {
  for (std::size_t i = 0; i < content_.entries.size(); ++i) {
    RestEntry& entry = content_.entries[i];
    RestResult& result = outcome_.results[i];
    const std::size_t changes = outcome_.changes.size();
    const ResourceTable::Mark mark = table_.mark();
    if (const auto saved = transaction_.run(kSave); !saved) return saved;
    Result<void> done = entry.error ? Failure(*entry.error) : resolve_condition(entry, result);
    if (done) done = replace_conditional_references(entry);
    if (done) done = run_entry(entry, result);
    if (!done) {
      if (done.error().category == Category::Fault) return done;
      outcome_.changes.resize(changes);
      result = {};
      result.status = http_status(done.error());
      result.error = done.error();
      if (const auto undone = transaction_.run(kUndo); !undone) return undone;
      table_.undo_to(mark);
    }
    if (const auto released = transaction_.run(kRelease); !released) return released;
  }
  return {};
}

}  // namespace lienthong::repository::sqlite
