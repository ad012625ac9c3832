#include "gateway/intake/replay.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <chrono>
#include <thread>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/intake/claims_copy.h"
#include "gateway/intake/problem_text.h"
#include "gateway/intake/quarantine.h"
#include "gateway/journal/contributions.h"
#include "gateway/journal/waiting_codes.h"

namespace lienthong::intake {
namespace {

constexpr std::size_t kUnderWay = 64;

}  // namespace

// One message between this thread and the writer.
struct Replayer::Job {
  MessageRow row;
  MessageNumber number;
  Instant received_at{};
  journal::Fate fate = journal::Fate::Stored;
  repository::PreparedClaims claims;
  delivery::Lane lane;
  bool pass_on = false;
  bool earlier_unknown = false;
  ProblemSink sink;
  std::vector<journal::Contribution> made;
  std::uint64_t created = 0;
};

Replayer::Replayer(const Services& services, ReplayConverter& converter, Options options)
    : services_(services),
      converter_(converter),
      options_(options),
      preparer_(services.repository == nullptr ? nullptr : services.repository->make_preparer()),
      check_(services.validator == nullptr || converter.rules().check == CheckMode::Off
                 ? nullptr
                 : std::make_unique<ResourceCheck>(*services.validator)) {}

Replayer::~Replayer() {
  finish();
}

void Replayer::apply(store::Connection& connection, MessageRow row) {
  auto job = std::make_unique<Job>();
  job->row = row;
  if (prepare(connection, *job)) return submit(std::move(job));
  const std::lock_guard lock(mutex_);
  ++totals_.failed;
}

bool Replayer::prepare(store::Connection& connection, Job& job) {
  const auto message = journal::read_message(connection, job.row);
  const auto raw = message ? journal::read_raw(connection, services_.dictionaries, job.row)
                           : Result<std::string>(forward(message));
  if (!raw) return false;
  job.number = message->number;
  job.received_at = message->received_at;
  const auto source = converter_.rules().id;
  const journal::ContentHash hash{XXH3_64bits(raw->data(), raw->size())};
  if (services_.quarantine.crashes_of(source, hash.value) > 0) return false;
  const PaddedBytes bytes(*raw);
  // Should this message end the program, the next start finds it like any other (semantics 22).
  services_.in_hand.note(services_.in_hand.slots() - 1, source, hash, *raw);
  const auto said = converter_.now(*message, bytes.view(), job.sink);
  const bool prepared = said && prepare_claims(job, *said, *message, bytes.view());
  services_.in_hand.clear(services_.in_hand.slots() - 1);
  return prepared;
}

bool Replayer::prepare_claims(Job& job, const ReplayConverter::Said& said,
                              const journal::StoredMessage& message, std::string_view bytes) {
  const auto& rules = converter_.rules();
  const bool test_traffic = !said.envelope->processing.empty() && said.envelope->processing != "P";
  if (test_traffic && !rules.settings.test) return false;  // semantics 19 holds for a replay, too
  if (check_ != nullptr && said.conversion != nullptr) {
    const bool wrong = check_->check(*said.conversion, rules.check, job.sink);
    if (wrong && rules.check == CheckMode::Reject) return false;
  }
  if (rules.state == SourceState::Learn) return true;
  if (preparer_ == nullptr) {
    job.pass_on = said.conversion != nullptr && !said.conversion->claims.empty();
    if (job.pass_on) job.lane = lane_of(*said.conversion, job.number);
    return true;
  }
  const bool mapping_changed = message.profile != converter_.identity();
  const auto before = mapping_changed ? converter_.before(message, bytes) : std::nullopt;
  job.earlier_unknown = mapping_changed && !before && message.fate == journal::Fate::Stored;
  static const convert::Conversion kNothing;
  copy_claims(said.conversion == nullptr ? kNothing : *said.conversion, claims_);
  claims_.replay = true;
  if (before && before->conversion != nullptr) {
    for (const auto& claim : before->conversion->claims) {
      if (claim.role != convert::Role::Subject) continue;
      claims_.superseded.push_back(
          {claim.resource_type, claim.id, claim.event, claim.json, claim.event_time});
    }
  }
  auto prepared = preparer_->prepare(claims_, claim_source_of(rules, *said.envelope), job.sink);
  if (!prepared) return false;
  job.claims = std::move(*prepared);
  return true;
}

void Replayer::submit(std::unique_ptr<Job> job) {
  {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [this] { return under_way_ < kUnderWay; });
    ++under_way_;
  }
  auto* message = job.get();
  store::Job work;
  work.bytes = sizeof *message + message->claims.bytes();
  work.work = [this, message](store::Transaction& transaction) { return write(transaction, *message); };
  work.completion = [this, owned = std::move(job)](Result<void> result) {
    answered(*owned, result.has_value());
  };
  auto submitted = services_.store.submit(std::move(work));
  // A replay gives way to the messages that arrive: it waits while their queue is full.
  while (!submitted && submitted.error().category == Category::Busy) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto state = services_.store.state();
    if (state == store::StoreState::Failed || state == store::StoreState::Stopped) break;
    submitted = services_.store.submit(std::move(work));
  }
  if (!submitted) work.completion(std::move(submitted));
}

Result<void> Replayer::write(store::Transaction& transaction, Job& job) {
  if (!job.claims.empty()) {
    if (auto done = write_claims(transaction, job); !done) return done;
  }
  if (job.pass_on && !options_.quiet && converter_.rules().state == SourceState::Live) {
    const bool test = converter_.rules().settings.test;
    auto added = services_.outbox.add(transaction, job.lane, job.row, services_.clock.now(), test);
    if (!added) return added;
  }
  auto done = journal::set_fate(transaction, job.row, journal::Fate::Stored, problems_as_json(job.sink));
  if (done) done = journal::set_profile(transaction, job.row, converter_.identity());
  if (!done) return done;
  return journal::renew_unmapped(transaction, job.row, converter_.rules().id, job.received_at,
                                 unmapped_codes(job.sink));
}

Result<void> Replayer::write_claims(store::Transaction& transaction, Job& job) {
  auto applied =
      services_.repository->apply(transaction, job.claims, job.number, services_.clock.now(), job.sink);
  if (!applied) return forward(applied);
  std::vector<delivery::Change> changes;
  for (const auto& change : applied->changes) {
    if (change.changed) {
      job.made.push_back({change.resource, change.version});
      if (change.created) ++job.created;
    }
    if (!change.changed && !options_.deliver) continue;
    auto sequence = change.change;
    if (!change.changed) {
      const auto version = services_.repository->read_row(transaction, change.resource);
      if (!version) return forward(version);
      sequence = version->change;
    }
    changes.push_back(
        {change.resource, change.type, delivery::Lane{change.lane.value}, sequence, change.test});
  }
  // What it contributed under the old mapping is history, and it stays its history.
  auto contributions = journal::read_contributions(transaction, job.row);
  if (!contributions) return forward(contributions);
  contributions->insert(contributions->end(), job.made.begin(), job.made.end());
  if (auto kept = journal::set_contributions(transaction, job.row, *contributions); !kept) return kept;
  if (options_.quiet || converter_.rules().state != SourceState::Live) return {};
  return services_.outbox.add(transaction, changes, services_.clock.now());
}

void Replayer::answered(const Job& job, bool done) {
  const std::lock_guard lock(mutex_);
  --under_way_;
  if (done) {
    ++totals_.messages;
    totals_.changed += job.made.size();
    totals_.created += job.created;
    totals_.waiting += unmapped_codes(job.sink).empty() ? 0 : 1;
    totals_.unknown += job.earlier_unknown ? 1 : 0;
  } else {
    ++totals_.failed;
  }
  moved_.notify_all();
}

ReplayTotals Replayer::finish() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] { return under_way_ == 0; });
  return totals_;
}

}  // namespace lienthong::intake
