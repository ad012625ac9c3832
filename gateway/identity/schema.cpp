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

constexpr store::Migration kMigrations[] = {{"identity", 1, kVersion1}};

}  // namespace

std::span<const store::Migration> migrations() {
  return kMigrations;
}

}  // namespace lienthong::identity
