#include "gateway/identity/schema.h"

namespace lienthong::identity {
namespace {

// person_key: a hash of everything that must agree for an automatic link; person: the hashes a patient has
// now. link: two rows a link, one from each side; until NULL = in force.
constexpr const char* kVersion1 = R"SQL(
CREATE TABLE alias(
  minted BLOB PRIMARY KEY, target BLOB NOT NULL, reason INTEGER NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX alias_target ON alias(target);
CREATE TABLE merge(
  replaced BLOB NOT NULL, survivor BLOB NOT NULL, at INTEGER NOT NULL, undone INTEGER NOT NULL,
  PRIMARY KEY(replaced, survivor)) WITHOUT ROWID;
CREATE INDEX merge_survivor ON merge(survivor);
CREATE TABLE person_key(hash INTEGER NOT NULL, patient INTEGER NOT NULL, PRIMARY KEY(hash, patient)) WITHOUT ROWID;
CREATE TABLE person(patient INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
CREATE TABLE link(
  patient INTEGER NOT NULL, other INTEGER NOT NULL, reason INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER,
  PRIMARY KEY(patient, other, reason, since)) WITHOUT ROWID;
)SQL";

// merge: one row a merge and event time; state as in merges.cpp; since, until: when it began and ceased to be
// in force here (receipt, not event), so that old versions are rendered as they were. apart: resources of one
// key that were kept apart because they name different patients; one and other are those patients' ids.
// moved: visits that changed their patient.
constexpr const char* kVersion2 = R"SQL(
ALTER TABLE merge RENAME TO merge_1;
DROP INDEX merge_survivor;
CREATE TABLE merge(
  replaced BLOB NOT NULL, at INTEGER NOT NULL, survivor BLOB NOT NULL, state INTEGER NOT NULL,
  since INTEGER NOT NULL, until INTEGER, PRIMARY KEY(replaced, at, survivor)) WITHOUT ROWID;
INSERT INTO merge(replaced, at, survivor, state, since, until)
  SELECT replaced, at, survivor, undone, at, CASE undone WHEN 0 THEN NULL ELSE at END FROM merge_1;
DROP TABLE merge_1;
CREATE INDEX merge_survivor ON merge(survivor);
CREATE TABLE apart(
  kept BLOB NOT NULL, apart BLOB NOT NULL, type TEXT NOT NULL, one BLOB NOT NULL, other BLOB NOT NULL,
  PRIMARY KEY(kept, apart)) WITHOUT ROWID;
CREATE INDEX apart_one ON apart(one);
CREATE INDEX apart_other ON apart(other);
CREATE TABLE moved(
  resource BLOB NOT NULL, at INTEGER NOT NULL, old BLOB NOT NULL, new BLOB NOT NULL,
  PRIMARY KEY(resource, at, old, new)) WITHOUT ROWID;
)SQL";

// result_copy: claims copies that can agree with a result; codes and candidates are lists of 64-bit numbers;
// original 0 = untied. result_copy_code: what they are found by. result_candidate: the results that agree
// with a copy. result_tie: since, until as of links; until NULL = in force.
constexpr const char* kVersion3 = R"SQL(
CREATE TABLE result_copy(
  copy INTEGER PRIMARY KEY, patient INTEGER NOT NULL, at INTEGER NOT NULL, codes BLOB NOT NULL,
  original INTEGER NOT NULL, reason INTEGER NOT NULL, candidates BLOB NOT NULL);
CREATE TABLE result_copy_code(
  patient INTEGER NOT NULL, code INTEGER NOT NULL, at INTEGER NOT NULL, copy INTEGER NOT NULL,
  PRIMARY KEY(patient, code, at, copy)) WITHOUT ROWID;
CREATE TABLE result_candidate(
  original INTEGER NOT NULL, copy INTEGER NOT NULL, PRIMARY KEY(original, copy)) WITHOUT ROWID;
CREATE TABLE result_tie(
  copy INTEGER NOT NULL, since INTEGER NOT NULL, original INTEGER NOT NULL, reason INTEGER NOT NULL,
  until INTEGER, PRIMARY KEY(copy, since, original)) WITHOUT ROWID;
)SQL";

constexpr store::Migration kMigrations[] = {
    {"identity", 1, kVersion1}, {"identity", 2, kVersion2}, {"identity", 3, kVersion3}};

}  // namespace

std::span<const store::Migration> migrations() {
  return kMigrations;
}

}  // namespace lienthong::identity
