#pragma once
// What a message's claims become before the writer's queue (architecture.md, rule 3).

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/problem.h"
#include "gateway/repository/prepared_claims.h"
#include "gateway/repository/sqlite/merge.h"
#include "gateway/repository/sqlite/resource_keys.h"

namespace lienthong::repository::sqlite {

// A claim as the only thing known of its resource: what is inserted when there is none yet.
struct NewForm {
  std::string body;    // plain, to compare with
  std::string packed;  // of body
  std::string state;   // packed
  ResourceKeys keys;
};

// What the same message said of a resource under another mapping (semantics 25).
struct Superseded {
  std::int64_t time = 0;
  EncounterEvent event = EncounterEvent::State;
  std::vector<std::string> groups;
};

// A resource that the message made under another mapping and makes no more.
struct PreparedOrphan {
  TypeNumber type = 0;
  Uuid id;
  Superseded superseded;
};

struct PreparedClaim {
  TypeNumber type = 0;
  const fhir::Type* definition = nullptr;  // null: left out (a problem was raised)
  Uuid id;
  Role role = Role::Subject;
  bool whole = false;
  EncounterEvent event = EncounterEvent::State;
  Said said;
  std::uint64_t hash = 0;
  std::size_t json_first = 0, json_size = 0;  // in PreparedClaims::Content::text
  std::vector<std::string> removed;           // groups
  std::uint32_t patient = kNoClaim;
  KeyEvent key_event = KeyEvent::None;
  std::uint32_t other = kNoClaim;       // of key_event
  std::uint32_t identifier_source = 0;  // see Contribution
  std::optional<Superseded> superseded;
  NewForm form;
};

struct PreparedSnapshot {
  std::uint64_t scope = 0;  // hash
  Ending ending = Ending::Inactive;
  std::int64_t time = 0;
  std::vector<std::uint32_t> members;  // claims
  bool is_whole = false;               // semantics 15
  bool ends = true;                    // what it does not name; else it only adds
};

// The parts of a claim that merge() takes; `splitter` owns what it points to.
Result<Contribution> contribution_of(const PreparedClaim& claim, std::string_view json,
                                     ElementSplitter& splitter);

// Nothing when the claim supersedes nothing. Views the claim.
SupersededPart superseded_of(const PreparedClaim& claim) noexcept;

// Fills claim.form from its JSON. Also used on the writer when an id in the JSON had to be patched.
Result<void> make_form(PreparedClaim& claim, std::string_view json, ElementSplitter& splitter,
                       KeyMaker& maker);

}  // namespace lienthong::repository::sqlite

namespace lienthong::repository {

struct PreparedClaims::Content {
  std::string text;
  ClaimSource source;
  std::vector<sqlite::PreparedClaim> claims;
  std::vector<IdPlace> id_places;
  std::vector<sqlite::PreparedSnapshot> snapshots;
  std::vector<sqlite::PreparedOrphan> orphans;
  bool replay = false;

  std::string_view json(const sqlite::PreparedClaim& claim) const {
    return std::string_view(text).substr(claim.json_first, claim.json_size);
  }
};

}  // namespace lienthong::repository
