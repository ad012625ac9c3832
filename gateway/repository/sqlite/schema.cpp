#include <string_view>

#include "gateway/identity/schema.h"
#include "gateway/repository/repository.h"

namespace lienthong::repository::sqlite {
namespace {

// resource: the newest version; `row` ascends in order of creation and never changes, so keys stay valid over
//   updates. `id` is a BLOB of 16 bytes for a UUID, else TEXT. `keys`: what stands in uniq and ref for this
//   resource.
// history: older versions. ids: 64-bit hash of (type, id) → row, the one table with keys in random order
// besides uniq. change: every version in order of the store's change sequence number, by type. uniq:
// identifiers and other nearly unique tokens, 64-bit hash (44 bits of type and value, 20 of the system). ref:
// references by the row of their target. scope: semantics 9, the members of a snapshot. dict, post, dat, num,
// str are for the search parameters with few or ordered values.
constexpr const char* kVersion1 = R"SQL(
CREATE TABLE resource(
  row INTEGER PRIMARY KEY, type INTEGER NOT NULL, id NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL,
  change INTEGER NOT NULL, flags INTEGER NOT NULL, lane INTEGER NOT NULL, owner INTEGER NOT NULL,
  sequence INTEGER NOT NULL, claim INTEGER NOT NULL, source BLOB, keys BLOB, state BLOB, body BLOB);
CREATE TABLE history(
  row INTEGER NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL, flags INTEGER NOT NULL, source BLOB,
  body BLOB, PRIMARY KEY(row, version)) WITHOUT ROWID;
CREATE TABLE ids(hash INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(hash, row)) WITHOUT ROWID;
CREATE TABLE change(
  type INTEGER NOT NULL, change INTEGER NOT NULL, row INTEGER NOT NULL, version INTEGER NOT NULL,
  updated INTEGER NOT NULL, PRIMARY KEY(type, change)) WITHOUT ROWID;
CREATE TABLE type_total(type INTEGER PRIMARY KEY, live INTEGER NOT NULL);
CREATE TABLE uniq(hash INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(hash, row)) WITHOUT ROWID;
CREATE TABLE ref(
  param INTEGER NOT NULL, target INTEGER NOT NULL, type INTEGER NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY(param, target, type, row)) WITHOUT ROWID;
CREATE TABLE scope(hash INTEGER PRIMARY KEY, at INTEGER NOT NULL, members BLOB NOT NULL);
CREATE TABLE dict(key INTEGER PRIMARY KEY, param INTEGER NOT NULL, system TEXT NOT NULL, code TEXT NOT NULL);
CREATE UNIQUE INDEX dict_code ON dict(param, code, system);
CREATE TABLE post(
  key INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, last INTEGER NOT NULL, block BLOB NOT NULL,
  PRIMARY KEY(key, first)) WITHOUT ROWID;
CREATE TABLE dat(
  param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY(param, low, high, row)) WITHOUT ROWID;
CREATE TABLE num(
  param INTEGER NOT NULL, unit INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY(param, unit, low, high, row)) WITHOUT ROWID;
CREATE TABLE str(
  param INTEGER NOT NULL, folded TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(param, folded, row)) WITHOUT ROWID;
)SQL";

// Search keys of all of R4 (version 1 had identifiers and patients): resource.idx says what stands in the
// tables for a row; the rows that are there get theirs by ResourceTable::rekey_slice(). resource.keys and the
// tables uniq and ref of version 1 are not used any more.
// post: rows by parameter and value, in blocks (PostingBlock); a value is a code's number in dict, the row of
//   what is referred to, a bucket of dates or numbers, or a hash. dict: codes, URIs. uniq: nearly unique
//   tokens, 64-bit hash (44 bits of parameter and value, 20 of the system). str: folded strings.
constexpr const char* kVersion2 = R"SQL(
DROP TABLE uniq;
DROP TABLE ref;
DROP TABLE dict;
DROP TABLE post;
DROP TABLE dat;
DROP TABLE num;
DROP TABLE str;
ALTER TABLE resource ADD COLUMN idx BLOB;
CREATE TABLE dict(key INTEGER PRIMARY KEY, param INTEGER NOT NULL, code TEXT NOT NULL, system TEXT NOT NULL);
CREATE UNIQUE INDEX dict_code ON dict(param, code, system);
CREATE TABLE post(
  param INTEGER NOT NULL, value INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
  last INTEGER NOT NULL, block BLOB NOT NULL, PRIMARY KEY(param, value, first)) WITHOUT ROWID;
CREATE TABLE uniq(hash INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(hash, row)) WITHOUT ROWID;
CREATE TABLE str(
  param INTEGER NOT NULL, folded TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(param, folded, row)) WITHOUT ROWID;
INSERT INTO value(key, value) SELECT 'repository.rekey_row', CAST('1' AS BLOB) WHERE EXISTS(SELECT 1 FROM resource);
)SQL";

// scope.heard: when the newest list was received (of its message's number): between lists of one time it
// decides.
constexpr const char* kVersion3 = "ALTER TABLE scope ADD COLUMN heard INTEGER NOT NULL DEFAULT 0";

// The newest rows of each list (PostingWriter). first, count, last, block: as in post, behind all that is
// there; count 0: none, and last is what the rows to come are above. older: whether post may have rows of the
// list. Lists without a row here are all in post: nothing of an older store must be moved.
constexpr const char* kVersion4 = R"SQL(
CREATE TABLE post_tail(
  param INTEGER NOT NULL, value INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
  last INTEGER NOT NULL, older INTEGER NOT NULL, block BLOB NOT NULL, PRIMARY KEY(param, value)) WITHOUT ROWID;
)SQL";

}  // namespace

std::vector<store::Migration> migrations() {
  const auto others = identity::migrations();
  std::vector<store::Migration> all(others.begin(), others.end());
  all.push_back({"repository", 1, kVersion1});
  all.push_back({"repository", 2, kVersion2});
  all.push_back({"repository", 3, kVersion3});
  all.push_back({"repository", 4, kVersion4});
  return all;
}

}  // namespace lienthong::repository::sqlite
