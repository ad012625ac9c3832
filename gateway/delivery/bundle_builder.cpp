#include "gateway/delivery/bundle_builder.h"

#include <utility>

#include "gateway/repository/rest.h"

namespace lienthong::delivery {
namespace {

// Far above any real closure; ends a runaway.
constexpr std::size_t kMostInClosure = 5000;

}  // namespace

BundleBuilder::BundleBuilder(const repository::Repository& repository, store::Connection& connection,
                             DestinationId destination, const std::unordered_set<std::int64_t>& in_flight,
                             const Clearance& clearance)
    : repository_(repository),
      connection_(connection),
      destination_(destination),
      in_flight_(in_flight),
      withholding_(repository, connection, clearance) {}

Result<BundleBuilder::Added> BundleBuilder::add(const OutboxEntry& entry) {
  if (rows_.count(entry.resource.value) > 0) return Added::Yes;
  std::int64_t change = 0;
  auto waiting = waiting_entry(connection_, destination_, entry.resource, change);
  if (!waiting) return forward(waiting);
  if (*waiting == 0) return Added::AlreadyDelivered;
  std::vector<Pending> closure;
  auto gathered = gather(entry.resource, closure);
  if (!gathered) return forward(gathered);
  if (!*gathered) return Added::MustWait;
  if (closure.empty()) {
    withheld_entries_.push_back({EntryKind::Resource, *waiting, change});
    return Added::Withheld;
  }
  for (const auto& pending : closure) {
    if (auto appended = append(pending); !appended) return forward(appended);
  }
  return Added::Yes;
}

// Everything below `row` that the destination lacks and may have, targets first; nothing when it may not have
// `row` itself. False when something of it is in flight.
// A depth first walk with a stack of its own, since references may form long chains.
Result<bool> BundleBuilder::gather(ResourceRow row, std::vector<Pending>& closure) {
  std::vector<Pending> stack;
  std::unordered_set<std::int64_t> seen{row.value};
  stack.push_back({{}, {row, {}, 0, 0}, false});
  while (!stack.empty()) {
    if (stack.back().references_done) {
      closure.push_back(std::move(stack.back()));
      stack.pop_back();
      continue;
    }
    stack.back().references_done = true;
    bool wanted = false;
    auto good = look_up(stack.back(), wanted);
    if (!good) return forward(good);
    if (!*good) return false;
    if (!wanted) {
      stack.pop_back();
      continue;
    }
    auto targets = repository_.references_of(connection_, stack.back().version);
    if (!targets) return forward(targets);
    for (const auto target : *targets) {
      if (rows_.count(target.value) > 0 || !seen.insert(target.value).second) continue;
      if (seen.size() > kMostInClosure)
        return fail(Category::Incorrect, 7002, "a resource refers to too many others");
      stack.push_back({{}, {target, {}, 0, 0}, false});
    }
  }
  return true;
}

// Reads one resource if the destination lacks it and may have it. False: it is in flight.
Result<bool> BundleBuilder::look_up(Pending& pending, bool& wanted) {
  std::int64_t change = 0;
  auto waiting = waiting_entry(connection_, destination_, pending.included.resource, change);
  if (!waiting) return forward(waiting);
  if (in_flight_.count(pending.included.resource.value) > 0) return false;
  wanted = *waiting != 0;
  if (!wanted) return true;
  auto version = repository_.read_row(connection_, pending.included.resource);
  if (!version) return forward(version);
  auto withheld = withholding_.withholds(*version);
  if (!withheld) return forward(withheld);
  wanted = !*withheld;
  if (!wanted) return true;
  pending.included.entry = *waiting;
  pending.included.lane = Lane{version->lane.value};
  pending.included.change = version->change;
  pending.version = std::move(*version);
  return true;
}

Result<void> BundleBuilder::append(const Pending& pending) {
  const auto& version = pending.version;
  auto json = withholding_.masked(version.json);
  if (!json) return forward(json);
  const std::string url = std::string(version.type) + "/" + version.id;
  if (!entries_.empty()) entries_ += ',';
  entries_ += "{\"extension\":[{\"url\":\"";
  entries_ += repository::kSequenceExtension;
  entries_ += "\",\"valueString\":\"" + std::to_string(version.change) + "\"}],";
  if (!version.deleted) {
    // No fullUrl: references are "Type/id" and the ids are kept, so they resolve at the destination.
    entries_ += "\"resource\":" + *json + ",";
    entries_ += "\"request\":{\"method\":\"PUT\",\"url\":\"" + url + "\"}}";
  } else {
    entries_ += "\"request\":{\"method\":\"DELETE\",\"url\":\"" + url + "\"}}";
  }
  rows_.insert(pending.included.resource.value);
  included_.push_back(pending.included);
  return {};
}

std::string BundleBuilder::finish() {
  return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + std::exchange(entries_, {}) +
         "]}";
}

}  // namespace lienthong::delivery
