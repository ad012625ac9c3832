// Snapshots: the members of a scope that the newest full list does not name end; they are never deleted.
// Source: semantics.md rules 9 and 15. Every member ever named is kept, so that the order of arrival does not
// matter.
#include <algorithm>

#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/byte_codec.h"
#include "gateway/repository/sqlite/claim_applier.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kFind("SELECT at, members FROM scope WHERE hash = ?1");
const store::Sql kSet("INSERT OR REPLACE INTO scope(hash, at, members) VALUES (?1, ?2, ?3)");

struct Member {
  std::int64_t row = 0;
  bool listed = false;  // by the newest list
};

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

}  // namespace

Result<void> ClaimApplier::apply_snapshot(const PreparedSnapshot& snapshot) {
  std::int64_t newest = INT64_MIN;
  std::vector<Member> members;
  {
    store::Statement row = transaction_.query(kFind, static_cast<std::int64_t>(snapshot.scope));
    const auto found = row.step();
    if (!found) return forward(found);
    if (*found) {
      newest = row.integer(0);
      members = decode(row.blob(1));
    }
  }
  const bool holds = snapshot.time >= newest;
  std::vector<std::int64_t> listed;
  for (const auto index : snapshot.members) {
    if (index < targets_.size() && !targets_[index].skip) listed.push_back(targets_[index].row.value);
  }
  for (const auto row : listed) {
    const bool known =
        std::any_of(members.begin(), members.end(), [&](const Member& m) { return m.row == row; });
    if (!known) members.push_back({row, false});
  }
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.row < b.row; });
  for (Member& member : members) {
    if (holds) member.listed = std::find(listed.begin(), listed.end(), member.row) != listed.end();
    const auto set = set_member_ending({member.row}, member.listed ? Ending::None : snapshot.ending);
    if (!set) return set;
  }
  const std::string encoded = encode(members);
  return transaction_.run(kSet, static_cast<std::int64_t>(snapshot.scope), std::max(newest, snapshot.time),
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
