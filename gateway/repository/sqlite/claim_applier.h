#pragma once
// Applies one message's claims: first finds out which row each claim is about, then writes. Source:
// semantics.md rules 2 to 11.

#include <map>
#include <optional>
#include <vector>

#include "gateway/identity/apart.h"
#include "gateway/repository/change.h"
#include "gateway/repository/sqlite/prepared_content.h"
#include "gateway/repository/sqlite/resource_table.h"

namespace lienthong::repository::sqlite {

class ClaimApplier {
 public:
  ClaimApplier(store::Transaction& transaction, ResourceTable& table, PreparedClaims::Content& content,
               const MessageNumber& message, ProblemSink& problems)
      : transaction_(transaction), table_(table), content_(content), message_(message), problems_(problems) {}

  Result<ApplyOutcome> run();

 private:
  // What a claim is about.
  struct Target {
    ResourceRow row;
    std::optional<Head> head;  // as stored before this message; none: new
    Uuid id;
    Uuid number;           // an Encounter: of the first visit with its number
    bool skip = false;     // left out, or owned by another facility
    bool written = false;  // by an earlier claim of this message: `head` is out of date
  };

  Result<void> resolve(std::uint32_t index);
  Result<bool> keep_apart(std::uint32_t index, Target& target);
  Result<bool> belongs(const PreparedClaim& claim, const Target& target);
  Result<bool> is_same_person(const Uuid& one, const Uuid& other);
  const Target* find_earlier(std::uint32_t index, const Uuid& id);
  void link_changes();
  Result<void> find_target(std::uint32_t index, Target& target);
  Result<void> patch_ids();
  std::vector<std::uint32_t> claims_by_place() const;

  Result<void> write(std::uint32_t index);
  Result<void> write_new(const PreparedClaim& claim, Target& target, ResourceRow lane);
  Result<void> write_merged(const PreparedClaim& claim, Target& target, ResourceRow lane);
  Result<void> write_mention(const PreparedClaim& claim, Target& target, ResourceRow lane);
  Result<void> replace_mention(const PreparedClaim& claim, Target& target, ResourceRow lane);
  Result<void> store(Record& record, const Head& previous, const std::string& previous_keys,
                     std::string_view old_body, const std::string& new_body, const std::string& state);
  Result<void> after_patient(const PreparedClaim& claim, const Head& head, std::string_view body);

  // later_visits.cpp
  Result<void> choose_visit(std::uint32_t index, Target& target);
  static bool may_be_several_visits(const PreparedClaim& claim, const MergeState& state);
  Result<bool> write_visits(const PreparedClaim& claim, const Target& target, ResourceRow lane);
  struct Visit {
    Record record;
    std::string body;
    MergeState state;
  };
  Result<std::vector<Visit>> load_visits(const Uuid& number);
  static Result<Merged> visit_of(const fhir::Type& type, const std::vector<Visit>& visits, const Visit& added,
                                 const std::vector<std::int64_t>& starts, std::size_t index);
  Result<void> write_visit(const PreparedClaim& claim, Visit* visit, const Target& target, const Uuid& id,
                           ResourceRow lane, Merged merged, bool is_first);

  // key_events.cpp
  Result<void> renumber(std::uint32_t index);
  Result<void> apply_key_event(std::uint32_t index);
  Result<void> merge_patients(std::uint32_t index);
  Result<void> move(std::uint32_t index);
  // moved_visit.cpp
  Result<void> move_dependents(const PreparedClaim& claim, ResourceRow visit, const Uuid& from,
                               const Uuid& to);
  Result<void> move_dependent(const PreparedClaim& claim, ResourceRow row, const Uuid& from, const Uuid& to);

  Result<void> bring_together(TypeNumber type, const Uuid& replaced, const std::vector<Uuid>& changed);
  Result<void> unite(const identity::Apart& apart);
  Result<void> absorb(TypeNumber type, const Uuid& from, const Uuid& into, Instant since);
  Result<void> show_merges(TypeNumber type, const Uuid& id);
  Result<bool> is_owned_elsewhere(TypeNumber type, const Uuid& id);
  Result<bool> is_last_move(const PreparedClaim& claim, const Uuid& resource);

  Result<void> hold_removals();
  Result<void> retract(const PreparedOrphan& orphan);
  Result<void> apply_snapshot(const PreparedSnapshot& snapshot);
  bool is_retracted(std::int64_t row) const noexcept;
  std::vector<std::int64_t> listed_rows(const PreparedSnapshot& snapshot) const;
  Result<void> set_member_ending(ResourceRow row, Ending ending);

  ResourceRow lane_of(const PreparedClaim& claim) const;
  void note(const Head& head, bool changed);
  void raise(std::uint16_t number, Severity severity, const PreparedClaim& claim,
             std::vector<std::string> more = {});
  void raise_notes(const PreparedClaim& claim, const MergeNotes& notes);

  store::Transaction& transaction_;
  ResourceTable& table_;
  PreparedClaims::Content& content_;
  const MessageNumber& message_;
  ProblemSink& problems_;
  std::vector<Target> targets_;
  struct Renumbered {
    Uuid replaced;
    std::vector<Uuid> changed;  // ids whose merges are others since this message
  };
  std::map<std::uint32_t, Renumbered> renumbered_;                                 // by claim
  std::map<std::pair<decltype(PreparedClaim::type), Uuid>, std::uint32_t> index_;  // of targets_, by id
  std::vector<std::int64_t> retracted_;                                            // rows, sorted
  std::uint32_t indexed_ = 0;                                                      // so many of them
  ElementSplitter splitter_;
  ApplyOutcome outcome_;
};

}  // namespace lienthong::repository::sqlite
