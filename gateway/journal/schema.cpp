#include "gateway/journal/schema.h"

namespace lienthong::journal {
namespace {

// Rows ascend with time and bodies lie only in rowid tables; indexes are narrow and grow at their ends.
// `seen` keeps the control id as text: senders count it up, so new entries land side by side.
constexpr store::Migration kMigrations[] = {{"journal", 1, R"sql(
CREATE TABLE kind(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE profile(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE dictionary(
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  bytes BLOB NOT NULL) STRICT;
CREATE TABLE message(
  row INTEGER PRIMARY KEY,
  number BLOB NOT NULL,
  source INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  fate INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  control_id TEXT,
  hash INTEGER NOT NULL,
  problems TEXT,
  answer BLOB,
  batch INTEGER,
  place INTEGER,
  raw_size INTEGER NOT NULL,
  dictionary INTEGER NOT NULL,
  raw BLOB) STRICT;
CREATE UNIQUE INDEX message_by_number ON message(number);
CREATE INDEX message_by_source ON message(source);
CREATE INDEX message_by_fate ON message(fate, row) WHERE fate <> 0;
CREATE INDEX message_by_batch ON message(batch) WHERE batch IS NOT NULL;
CREATE VIEW stored_message AS
  SELECT m.row AS row, m.number AS number, m.source AS source, m.received_at AS received_at, k.name AS kind,
    m.fate AS fate, p.name AS profile, m.control_id AS control_id, m.hash AS hash, m.problems AS problems,
    m.answer AS answer, m.batch AS batch, m.place AS place, m.raw_size AS raw_size
  FROM message m LEFT JOIN kind k ON k.id=m.kind LEFT JOIN profile p ON p.id=m.profile;
CREATE TABLE seen(
  source INTEGER NOT NULL,
  control_id TEXT NOT NULL,
  hash INTEGER NOT NULL,
  message INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY(source, control_id, hash)) STRICT, WITHOUT ROWID;
CREATE TABLE contribution(message INTEGER PRIMARY KEY, pairs BLOB NOT NULL) STRICT;
CREATE TABLE batch(
  row INTEGER PRIMARY KEY,
  number BLOB NOT NULL,
  source INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  hash INTEGER NOT NULL,
  state INTEGER NOT NULL,
  size INTEGER NOT NULL,
  next_message INTEGER NOT NULL,
  problems TEXT) STRICT;
CREATE INDEX batch_by_hash ON batch(hash);
CREATE INDEX batch_open ON batch(row) WHERE state = 0;
CREATE TABLE batch_part(
  row INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  place INTEGER NOT NULL,
  raw_size INTEGER NOT NULL,
  dictionary INTEGER NOT NULL,
  raw BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX batch_part_by_place ON batch_part(batch, place);
CREATE TABLE crasher(
  source INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  crashes INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY(source, hash)) STRICT, WITHOUT ROWID;
)sql"},
                                            // Codes without a row, and who waits for one; mappings that were
                                            // in use, by the name in `profile`.
                                            {"journal", 2, R"sql(
CREATE TABLE unmapped_code(
  row INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  name TEXT NOT NULL,
  code TEXT NOT NULL,
  seen INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE(source, name, code)) STRICT;
CREATE TABLE waiting_code(
  code INTEGER NOT NULL,
  message INTEGER NOT NULL,
  PRIMARY KEY(code, message)) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_by_message ON waiting_code(message);
CREATE TABLE mapping(
  profile TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  raw_size INTEGER NOT NULL,
  files BLOB NOT NULL) STRICT;
)sql"},
                                            // Instead of two indexes that every message was entered into.
                                            {"journal", 3, R"sql(
DROP INDEX message_by_number;
DROP INDEX message_by_source;
CREATE TABLE message_block(
  block INTEGER PRIMARY KEY,
  least BLOB NOT NULL,
  most BLOB NOT NULL,
  sources TEXT NOT NULL) STRICT;
INSERT INTO message_block(block, least, most, sources)
  SELECT row/256, min(number), max(number), ',' || group_concat(DISTINCT source) || ',' FROM message
  WHERE row/256 < (SELECT (max(row)+1)/256 FROM message) GROUP BY row/256;
)sql"}};

}  // namespace

std::span<const store::Migration> migrations() noexcept {
  return kMigrations;
}

}  // namespace lienthong::journal
