#pragma once
// Numbers of the repository's Errors (LT-15xx, raised with their texts) and problems (LT-156x, problems.tsv).

#include <cstdint>

namespace lienthong::repository {

inline constexpr std::uint16_t kNotAResource = 1501;      // Incorrect: body is no JSON object of that type
inline constexpr std::uint16_t kNoSuchResource = 1502;    // NotFound
inline constexpr std::uint16_t kUnknownType = 1503;       // NotFound: no resource type of R4
inline constexpr std::uint16_t kGone = 1504;              // NotFound, HTTP 410: deleted
inline constexpr std::uint16_t kVersionMismatch = 1505;   // Conflict, HTTP 412: If-Match
inline constexpr std::uint16_t kSeveralMatches = 1506;    // Conflict, HTTP 412: conditional on more than one
inline constexpr std::uint16_t kFeedOwned = 1507;         // Conflict: owned by a feed (semantics 5)
inline constexpr std::uint16_t kOtherOwner = 1508;        // Conflict: owned by another facility
inline constexpr std::uint16_t kOldSequence = 1509;       // Conflict: sequence number not above the stored
inline constexpr std::uint16_t kIdMismatch = 1510;        // Incorrect: body's id is not the URL's
inline constexpr std::uint16_t kBadId = 1511;             // Incorrect: not [A-Za-z0-9-.]{1,64}
inline constexpr std::uint16_t kBadBundle = 1512;         // Incorrect: a transaction or batch that is none
inline constexpr std::uint16_t kBadReference = 1513;      // Incorrect: a urn:uuid that no entry has
inline constexpr std::uint16_t kUnknownParameter = 1514;  // Incorrect: a search parameter this server lacks
inline constexpr std::uint16_t kBadParameter = 1515;      // Incorrect: its value cannot be read
inline constexpr std::uint16_t kBadCursor = 1516;         // Incorrect: not a next link of this server
inline constexpr std::uint16_t kSameResourceTwice =
    1517;                                                // Incorrect: twice in one transaction (R4 §3.1.0.11)
inline constexpr std::uint16_t kDamagedBody = 1518;      // Fault: stored bytes cannot be read
inline constexpr std::uint16_t kBadPrecondition = 1519;  // Incorrect: If-Match that is no W/"n"
inline constexpr std::uint16_t kNoSequence = 1520;   // Incorrect: a delivery without a change sequence number
inline constexpr std::uint16_t kKeysAreMade = 1521;  // Busy: search keys are being made anew after an upgrade

// Problems (texts in problems.tsv).
inline constexpr std::uint16_t kSubjectConflict =
    1561;  // same key with another patient: both kept (semantics 4)
inline constexpr std::uint16_t kAdmitAfterEnd = 1562;    // admission long after the end (semantics 4)
inline constexpr std::uint16_t kClaimUnreadable = 1563;  // a claim is not a JSON object of its type
inline constexpr std::uint16_t kUnknownEvent = 1564;     // an Encounter event that the table does not have
inline constexpr std::uint16_t kEventRefused = 1565;     // an Encounter event not possible in its state
inline constexpr std::uint16_t kResultKept = 1566;       // a late preliminary left a final result as it is
inline constexpr std::uint16_t kOwnedElsewhere =
    1567;  // the resource belongs to another facility: left alone
inline constexpr std::uint16_t kRemovalHeld =
    1568;  // a dossier would end too much of what it held (semantics 15)

inline constexpr std::uint16_t kMergeRefused = 1569;  // a merge that would lead back (semantics 3)
inline constexpr std::uint16_t kSeveralResults =
    1570;  // a claims copy agrees equally with more than one result: untied (semantics 16)

}  // namespace lienthong::repository
