#pragma once
// The dictionaries kept in the store, and which one each source compresses with now.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/journal/dictionary.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

// Any thread. Dictionaries are never deleted: rows name them.
class Dictionaries {
 public:
  // Reads all dictionaries; at start.
  Result<void> load(store::Connection& connection);

  // What `source` compresses with now; nullptr: none yet.
  std::shared_ptr<const Dictionary> active(SourceId source) const;
  // nullptr when unknown. Id 0 is "no dictionary" and also gives nullptr.
  std::shared_ptr<const Dictionary> find(DictionaryId id) const;

  // Fault: LT-1302 (unknown dictionary), LT-1303 (damaged bytes).
  Result<std::string> decompress(const CompressedRaw& raw) const;

  // Writes a new dictionary. Call activate() with what it returns after the commit, not before.
  static Result<DictionaryId> insert(store::Transaction& transaction, SourceId source, Instant now,
                                     std::string_view bytes);
  void activate(SourceId source, DictionaryId id, std::string_view bytes);

 private:
  mutable std::mutex mutex_;
  std::map<DictionaryId, std::shared_ptr<const Dictionary>> all_;
  std::map<SourceId, std::shared_ptr<const Dictionary>> active_;
};

}  // namespace lienthong::journal
