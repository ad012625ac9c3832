#pragma once
// Numbers of the store's Errors (rendered LT-12xx). Stable across versions; texts are written where they are
// raised.

#include <cstdint>

namespace lienthong::store {

inline constexpr std::uint16_t kQueueFull = 1201;     // Busy: the writer's queue has no room
inline constexpr std::uint16_t kDiskFull = 1202;      // Busy: no space left; resumes by itself
inline constexpr std::uint16_t kStoreStopped = 1203;  // Interrupted: the store is closing
inline constexpr std::uint16_t kStoreFailed = 1204;   // Fault: reading or writing the disk failed
inline constexpr std::uint16_t kStoreInUse = 1205;    // Conflict: another process (or Store) has the file
inline constexpr std::uint16_t kNotAStore = 1206;     // Incorrect: not a SQLite file, or of another program
inline constexpr std::uint16_t kSchemaTooNew = 1207;  // Unsupported: written by a newer version
inline constexpr std::uint16_t kMigrationFailed = 1208;  // Fault: a migration's SQL failed
inline constexpr std::uint16_t kStatementFailed = 1209;  // Fault: SQL that this program wrote does not work
inline constexpr std::uint16_t kConstraint = 1210;       // Conflict: a UNIQUE, CHECK or NOT NULL constraint
inline constexpr std::uint16_t kReadTooLong = 1211;   // Interrupted: a snapshot lived longer than its limit
inline constexpr std::uint16_t kStoreCorrupt = 1212;  // Fault: SQLite found damage in the file
inline constexpr std::uint16_t kFileProblem = 1213;   // Fault: a file could not be made, renamed or synced
inline constexpr std::uint16_t kNoReaderFree = 1214;  // Busy: all pooled readers are in use
inline constexpr std::uint16_t kNoSuchName = 1215;    // NotFound: a source, facility or destination

}  // namespace lienthong::store
