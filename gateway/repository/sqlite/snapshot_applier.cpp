// Snapshots: the members of a scope that the newest full list does not name end; they are never deleted.
// Source: semantics.md rules 9 and 15. Every member ever named is kept, so that the order of arrival does not
// matter.
#include <algorithm>
#include <compare>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/byte_codec.h"
#include "gateway/repository/sqlite/claim_applier.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kFind("SELECT at, heard, members FROM scope WHERE hash = ?1");
const store::Sql kSet("INSERT OR REPLACE INTO scope(hash, at, heard, members) VALUES (?1, ?2, ?3, ?4)");

struct Member {
  std::int64_t row = 0;
  bool listed = false;  // by the newest list
};

bool by_row(const Member& a, const Member& b) noexcept {
  return a.row < b.row;
}

std::string encode(const std::vector<Member>& members) {
  ByteWriter out;
  std::int64_t last = 0;
  for (const Member& member : members) {
    out.signed_number((member.row - last) * 2 + (member.listed ? 1 : 0));
    last = member.row;
  }
  return out.take();
}

std::vector<Member> decode(std::string_view bytes) {
  std::vector<Member> members;
  ByteReader in(bytes);
  for (std::int64_t last = 0; !in.at_end() && in.ok();) {
    const std::int64_t value = in.signed_number();
    last += value >> 1;
    members.push_back({last, (value & 1) != 0});
  }
  return members;
}

// When a list was made and when it was received: the later one holds (semantics 15).
struct Age {
  std::int64_t at = INT64_MIN;
  std::int64_t heard = 0;
  auto operator<=>(const Age&) const = default;
};

// Message numbers ascend with the time of receipt (UUIDv7); a replayed message keeps its own.
std::int64_t heard_of(const MessageNumber& message) noexcept {
  std::int64_t head = 0;
  for (std::size_t i = 0; i < sizeof head; ++i) head = head << 8 | message.value.bytes[i];
  return head;
}

// A scope as it is stored.
struct Scope {
  Age newest;
  std::vector<Member> members;
};

Result<Scope> load_scope(store::Transaction& transaction, std::uint64_t hash) {
  Scope scope;
  store::Statement row = transaction.query(kFind, static_cast<std::int64_t>(hash));
  const auto found = row.step();
  if (!found) return forward(found);
  if (*found) {
    scope.newest = {row.integer(0), row.integer(1)};
    scope.members = decode(row.blob(2));
  }
  return scope;
}

// Semantics 15.
constexpr std::size_t kMostRemovedPercent = 30;

}  // namespace

// Sorted.
std::vector<std::int64_t> ClaimApplier::listed_rows(const PreparedSnapshot& snapshot) const {
  std::vector<std::int64_t> listed;
  for (const auto index : snapshot.members) {
    if (index < targets_.size() && !targets_[index].skip) listed.push_back(targets_[index].row.value);
  }
  std::sort(listed.begin(), listed.end());
  return listed;
}

// What this message made before and, converted anew, makes no more: that is no row that a later file leaves
// out.
bool ClaimApplier::is_retracted(std::int64_t row) const noexcept {
  return std::binary_search(retracted_.begin(), retracted_.end(), row);
}

// More than 30 % of what a dossier's tables held would end: they only add, and somebody is asked.
Result<void> ClaimApplier::hold_removals() {
  std::size_t held = 0, removed = 0;
  for (const auto& snapshot : content_.snapshots) {
    if (!snapshot.is_whole || !snapshot.ends) continue;
    const auto scope = load_scope(transaction_, snapshot.scope);
    if (!scope) return forward(scope);
    if (Age{snapshot.time, heard_of(message_)} < scope->newest) continue;
    const auto listed = listed_rows(snapshot);
    for (const Member& member : scope->members) {
      if (!member.listed || is_retracted(member.row)) continue;
      ++held;
      if (!std::binary_search(listed.begin(), listed.end(), member.row)) ++removed;
    }
  }
  if (removed * 100 <= held * kMostRemovedPercent || content_.source.confirms_removals) return {};
  for (auto& snapshot : content_.snapshots) {
    if (snapshot.is_whole) snapshot.ends = false;
  }
  problems_.add({Severity::Error,
                 kRemovalHeld,
                 "",
                 "",
                 "",
                 kNoOffset,
                 {std::to_string(removed), std::to_string(held)},
                 {}});
  return {};
}

Result<void> ClaimApplier::apply_snapshot(const PreparedSnapshot& snapshot) {
  auto scope = load_scope(transaction_, snapshot.scope);
  if (!scope) return forward(scope);
  auto& members = scope->members;
  const Age age{snapshot.time, heard_of(message_)};
  const bool holds = age >= scope->newest;
  const auto listed = listed_rows(snapshot);
  const std::size_t known = members.size();
  for (const auto row : listed) {
    const bool is_known = std::binary_search(
        members.begin(), members.begin() + static_cast<std::ptrdiff_t>(known), Member{row, false}, by_row);
    if (!is_known) members.push_back({row, false});
  }
  std::sort(members.begin(), members.end(), by_row);
  for (Member& member : members) {
    const bool is_named = std::binary_search(listed.begin(), listed.end(), member.row);
    const bool is_gone = !is_named && is_retracted(member.row);
    if (holds) member.listed = is_named || (member.listed && !snapshot.ends && !is_gone);
    if (is_gone && !snapshot.ends) continue;  // as the retraction left it
    const auto set = set_member_ending({member.row}, member.listed ? Ending::None : snapshot.ending);
    if (!set) return set;
  }
  const std::string encoded = encode(members);
  const auto newest = snapshot.ends ? std::max(scope->newest, age) : scope->newest;
  return transaction_.run(kSet, static_cast<std::int64_t>(snapshot.scope), newest.at, newest.heard,
                          store::Blob{encoded});
}

Result<void> ClaimApplier::set_member_ending(ResourceRow row, Ending ending) {
  auto record = load_record(transaction_, row);
  if (!record) return forward(record);
  if (!record->live() || record->state.empty()) return {};
  const auto bytes = unpack(record->state);
  if (!bytes) return forward(bytes);
  auto state = decode_state(*bytes);
  if (!state) return forward(state);
  if (state->ending == ending) return {};
  const auto old_body = unpack(record->body);
  if (!old_body) return forward(old_body);
  const auto ended =
      set_ending(*definition_of(type_name(record->type)), *old_body, std::move(*state), ending);
  if (!ended) return forward(ended);
  const Head previous = *record;
  const std::string previous_keys = record->keys;
  return store(*record, previous, previous_keys, *old_body, ended->body, pack(encode_state(ended->state)));
}

}  // namespace lienthong::repository::sqlite
