#include "gateway/journal/contributions.h"

#include <string>

#include "gateway/journal/error_numbers.h"

namespace lienthong::journal {
namespace {

using store::Sql;
using store::Statement;

const Sql kSet(
    "INSERT INTO contribution(message, pairs) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET "
    "pairs=excluded.pairs");
const Sql kRemove("DELETE FROM contribution WHERE message=?1");
const Sql kGet("SELECT pairs FROM contribution WHERE message=?1");

// LEB128. A message's resources mostly have neighbouring rows and small versions: one or two bytes each.
void put(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

bool get(std::string_view& in, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// Small numbers for small differences of either sign.
std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace

Result<void> set_contributions(store::Transaction& transaction, MessageRow message,
                               std::span<const Contribution> contributions) {
  if (contributions.empty()) return transaction.run(kRemove, message);
  std::string pairs;
  std::int64_t last = 0;
  for (const Contribution& each : contributions) {
    put(pairs, zigzag(each.resource.value - last));
    put(pairs, each.version);
    last = each.resource.value;
  }
  return transaction.run(kSet, message, store::Blob{pairs});
}

Result<std::vector<Contribution>> read_contributions(store::Connection& connection, MessageRow message) {
  std::vector<Contribution> contributions;
  Statement statement = connection.query(kGet, message);
  const Result<bool> found = statement.step();
  if (!found) return forward(found);
  if (!*found) return contributions;
  std::string_view pairs = statement.blob(0);
  std::int64_t last = 0;
  while (!pairs.empty()) {
    std::uint64_t step = 0;
    std::uint64_t version = 0;
    if (!get(pairs, step) || !get(pairs, version)) {
      return fail(Category::Fault, kContributionsDamaged,
                  "The journal's list of what a message changed is damaged.");
    }
    last += unzigzag(step);
    contributions.push_back({ResourceRow{last}, static_cast<std::uint32_t>(version)});
  }
  return contributions;
}

}  // namespace lienthong::journal
