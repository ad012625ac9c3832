#pragma once
// Claims copies of results: which stored result a row of an insurance claim (XML4) is a copy of. Records of
// their own, with the reason and since when; neither resource is changed by them. Source: semantics.md rule
// 16. What agrees with what is judged by the repository, which knows the resources; here is what was found.

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::identity {

// Why a copy stands as it does. Numbers are stored and never change.
enum class TieReason : std::uint8_t {
  None = 0,          // no result agrees: untied
  SameRecord = 1,    // tied; both belong to one patient record
  LinkedRecord = 2,  // tied; their records are one person by a link or a merge
  Several = 3,       // more than one result agrees equally well: untied
};

// By what a copy is found when a result arrives.
struct CopyKey {
  ResourceRow patient;
  std::int64_t at = 0;               // microseconds since 1970: the earliest moment that it can be of
  std::vector<std::uint64_t> codes;  // hashes of what it is a result of
};

struct Tie {
  ResourceRow original;  // 0: untied
  TieReason reason = TieReason::None;
  std::vector<std::int64_t> candidates;  // rows of all results that agree, sorted; the tied one among them
};

// Makes the copy known, or known by another key. Keeps its tie.
Result<void> note_copy(store::Transaction& transaction, ResourceRow copy, const CopyKey& key);
// It is a copy no more, or can agree with nothing. True when it was tied: the tie ends.
Result<bool> forget_copy(store::Transaction& transaction, ResourceRow copy, Instant now);

// Copies of a patient by a code and within these moments; of a patient; that `original` agrees with.
Result<std::vector<std::int64_t>> copies_of(store::Connection& connection, ResourceRow patient,
                                            std::uint64_t code, std::int64_t from, std::int64_t to);
Result<std::vector<std::int64_t>> copies_of(store::Connection& connection, ResourceRow patient);
Result<std::vector<std::int64_t>> copies_agreeing(store::Connection& connection, ResourceRow original);
Result<bool> has_copies(store::Connection& connection, ResourceRow patient);
// Whether the store knows of any.
Result<bool> has_copies(store::Connection& connection);

// What setting a tie changed.
struct TieChange {
  bool original = false;  // the copy is tied to another result, to none, or to one for the first time
  bool reason = false;
  bool was_tied = false;
};
// Of a copy that is known; else nothing happens.
Result<TieChange> set_tie(store::Transaction& transaction, ResourceRow copy, const Tie& tie, Instant now);

// The result that the copy was tied to at `at` (receipt, as links are); 0: none.
Result<ResourceRow> original_of(store::Connection& connection, ResourceRow copy, Instant at);

}  // namespace lienthong::identity
