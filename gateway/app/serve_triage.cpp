// What `triage` has the gateway do: set a message aside for good, let a quarantined content be opened again,
// queue dead letters once more.

#include <fmt/format.h>

#include "gateway/app/command.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/app/serve_gateway.h"
#include "gateway/journal/crashes.h"
#include "gateway/journal/messages.h"
#include "gateway/store/names.h"

namespace lienthong::app {
namespace {

constexpr std::size_t kAtOnce = 500;  // dead letters of one transaction

}  // namespace

Result<std::string> Gateway::discard(const MessageNumber& number) {
  auto reader = store_->open_reader();
  if (!reader) return forward(reader);
  const auto message = journal::read_message(**reader, number);
  if (!message) return forward(message);
  if (message->fate == journal::Fate::Stored)
    return fail(Category::Conflict, kNothingToTend, "the message is stored: there is nothing to discard");
  auto done = store_->submit_and_wait([&](store::Transaction& transaction) {
    return journal::set_fate(transaction, message->row, journal::Fate::Discarded);
  });
  if (!done) return forward(done);
  return fmt::format(R"({{"message":"{}","fate":"discarded"}})", to_string(number.value));
}

Result<std::string> Gateway::release(const MessageNumber& number) {
  auto reader = store_->open_reader();
  if (!reader) return forward(reader);
  const auto message = journal::read_message(**reader, number);
  if (!message) return forward(message);
  const auto raw = journal::read_raw(**reader, dictionaries_, message->row);
  if (!raw) return forward(raw);
  const auto hash = intake::Quarantine::hash_of(*raw);
  if (quarantine_.crashes_of(message->source, hash.value) == 0)
    return fail(Category::Conflict, kNothingToTend, "the message's content is not held for crashes");
  auto done = store_->submit_and_wait([&](store::Transaction& transaction) {
    return journal::forget_crashes(transaction, message->source, hash);
  });
  if (!done) return forward(done);
  quarantine_.release(message->source, hash.value);
  return fmt::format(R"({{"message":"{}","released":true}})", to_string(number.value));
}

Result<std::string> Gateway::resend(const std::string& destination) {
  auto reader = store_->open_reader();
  if (!reader) return forward(reader);
  const auto id = store::find_destination(**reader, destination);
  if (!id) return forward(id);
  std::size_t total = 0;
  for (std::size_t queued = kAtOnce; queued == kAtOnce; total += queued) {
    auto done = store_->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
      const auto some = outbox_.resend(transaction, *id, kAtOnce, clock_.now());
      if (!some) return forward(some);
      queued = *some;
      return {};
    });
    if (!done) return forward(done);
  }
  return fmt::format(R"({{"destination":"{}","queued":{}}})", destination, total);
}

int Gateway::tend(const std::string& verb, const std::string& what, const Say& say) {
  const std::lock_guard one(operating_);
  const auto uuid = verb == "resend" ? std::nullopt : parse_uuid(what);
  if (verb != "resend" && !uuid) return say("no such message"), kCallWrong;
  const auto number = MessageNumber{uuid.value_or(Uuid{})};
  const auto line = verb == "resend" ? resend(what) : verb == "discard" ? discard(number) : release(number);
  if (!line) {
    say(to_string(line.error()));
    return kInputRefused;
  }
  log_.info("triage", {{"action", verb}, {"of", what}});
  say(*line);
  return kAllDone;
}

}  // namespace lienthong::app
