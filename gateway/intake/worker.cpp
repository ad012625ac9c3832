#include "gateway/intake/worker.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <ctime>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/intake/ack_policy.h"
#include "gateway/intake/claims_copy.h"
#include "gateway/intake/problem_text.h"
#include "gateway/intake/quarantine.h"

namespace lienthong::intake {
namespace {

Problem problem_of(Severity severity, std::uint16_t number, std::vector<std::string> arguments) {
  Problem problem;
  problem.severity = severity;
  problem.number = number;
  problem.arguments = std::move(arguments);
  return problem;
}

std::uint64_t milliseconds(Instant at) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

// MSH-10 of answers: 20 characters (HL7 v2.5.1 table of MSH); the head of the message number holds time and
// counter.
std::string control_id_of(const MessageNumber& number) {
  std::string text = to_string(number.value);
  std::erase(text, '-');
  text.resize(20);
  return text;
}

void keep_code(std::string_view code, char (&place)[2]) noexcept {
  std::memset(place, 0, sizeof place);
  if (!code.empty()) std::memcpy(place, code.data(), std::min(code.size(), sizeof place));
}

std::string_view code_of(const char (&place)[2]) noexcept {
  return {place, place[0] == 0 ? std::size_t{0} : place[1] == 0 ? std::size_t{1} : std::size_t{2}};
}

// The same row below other headings is another message.
std::uint64_t hash_behind(std::string_view preamble, std::uint64_t hash) noexcept {
  return XXH3_64bits_withSeed(preamble.data(), preamble.size(), hash);
}

}  // namespace

Worker::Worker(const Services& services, const SourceRules& rules, const CurrentMapping& mapping,
               unsigned index, const Counters& counters)
    : services_(services),
      rules_(rules),
      mapping_(mapping),
      index_(index),
      preparer_(services.repository == nullptr ? nullptr : services.repository->make_preparer()),
      check_(services.validator == nullptr || rules.check == CheckMode::Off
                 ? nullptr
                 : std::make_unique<ResourceCheck>(*services.validator)),
      counters_(counters) {}

const Worker::Reading& Worker::reading() {
  if (mapping_.generation() == generation_) return reading_;
  const auto state = mapping_.current();
  generation_ = state.generation;
  // It was tried before it became the current one; should it fail now, the one before stays.
  auto made = convert::make_converter(state.program, rules_.settings);
  if (made) reading_ = {std::move(*made), state.program->identity()};
  return reading_;
}

Outcome Worker::no_mapping(std::string_view source) {
  Outcome outcome;
  outcome.fate = Fate::Busy;
  outcome.problems.push_back(problem_of(Severity::Error, 1708, {std::string(source)}));
  return outcome;
}

std::unique_ptr<MessageJob> Worker::make_job(const Reading& reading, Completion completion) {
  auto job = std::make_unique<MessageJob>();
  job->converter = reading.converter;
  job->received_at = services_.clock.now();
  job->number = MessageNumber{new_uuid_v7(milliseconds(job->received_at))};
  job->profile = reading.profile;
  job->outcome.number = job->number;
  job->completion = std::move(completion);
  return job;
}

void Worker::refuse(std::string_view bytes, const Reading& reading, const ProblemSink& problems,
                    Completion completion) {
  auto job = make_job(reading, std::move(completion));
  const auto kept = bytes.substr(0, rules_.max_message);
  counters_.bytes.add(bytes.size());
  job->sink = problems;
  job->outcome.fate = Fate::Refused;
  job->verdict = Verdict::BadData;
  job->kind = "unreadable";
  keep_unread(*job, kept);
  submit(std::move(job));
}

void Worker::keep_unread(MessageJob& job, std::string_view kept) {
  job.hash = journal::ContentHash{XXH3_64bits(kept.data(), kept.size())};
  job.problems_json = problems_as_json(job.sink);
  compress(job, kept);
}

void Worker::take(std::string_view message, const Reading& reading, convert::MessageStream* stream,
                  Completion completion) {
  if (reading.converter == nullptr) return completion(no_mapping(rules_.settings.name));
  auto job = make_job(reading, std::move(completion));
  // Kept with what it needs to be opened alone; opened without.
  const std::string_view preamble = stream == nullptr ? std::string_view() : stream->preamble();
  const std::string_view whole = pad(preamble, message);
  const std::string_view input = whole.substr(preamble.size());
  counters_.bytes.add(input.size());

  job->hash = journal::ContentHash{XXH3_64bits(whole.data(), whole.size())};
  const auto crashes = services_.quarantine.crashes_of(rules_.id, job->hash.value);
  if (crashes > 0) {
    job->sink.add(problem_of(Severity::Fatal, 1704, {std::to_string(crashes)}));
    job->outcome.fate = Fate::Quarantined;
    job->verdict = Verdict::NotTaken;
  } else if (input.size() > rules_.max_message) {
    refuse_too_long(*job, std::to_string(input.size()));
  } else {
    services_.in_hand.note(index_, rules_.id, job->hash, whole);
    open_and_convert(*job, input, stream);
    if (!preamble.empty() && job->look_for_repeat) job->hash.value = hash_behind(preamble, job->hash.value);
    services_.in_hand.clear(index_);
  }
  job->problems_json = problems_as_json(job->sink);
  compress(*job, whole);
  // Rendered now, while the record is open; rendered anew should the writer come to another verdict.
  job->outcome.answer = answer_to(*job, input);
  submit(std::move(job));
}

std::string_view Worker::pad(std::string_view preamble, std::string_view message) {
  padded_.assign(preamble);
  padded_.append(message);
  padded_.append(kPadding, '\0');
  return {padded_.data(), preamble.size() + message.size()};
}

bool Worker::inspect(std::string_view message, const Reading& reading, convert::MessageStream& stream) {
  if (message.size() > rules_.max_message) return false;
  const std::string_view preamble = stream.preamble();
  const std::string_view whole = pad(preamble, message);
  const journal::ContentHash hash{XXH3_64bits(whole.data(), whole.size())};
  if (services_.quarantine.crashes_of(rules_.id, hash.value) > 0) return false;
  services_.in_hand.note(index_, rules_.id, hash, whole);
  ProblemSink problems;
  const auto opened =
      reading.converter->open(whole.substr(preamble.size()), &stream, services_.clock.now(), problems);
  services_.in_hand.clear(index_);
  return opened.has_value() && !problems.has_errors();
}

void Worker::run_later(MoveFunction<void()> task) {
  auto* const executor = services_.executor(index_);
  if (executor == nullptr) return task();
  std::vector<store::Completed> one;
  one.push_back({[task = std::move(task)](Result<void>) mutable { task(); }, {}});
  executor->post(std::move(one));
}

void Worker::refuse_beginning(std::string_view beginning, const Reading& reading, Completion completion) {
  if (reading.converter == nullptr) return completion(no_mapping(rules_.settings.name));
  auto job = make_job(reading, std::move(completion));
  const PaddedBytes padded(beginning);
  counters_.bytes.add(beginning.size());
  refuse_too_long(*job, ">" + std::to_string(rules_.max_message));
  keep_unread(*job, beginning);
  job->outcome.answer = answer_to(*job, padded.view());
  submit(std::move(job));
}

void Worker::open_and_convert(MessageJob& job, std::string_view message, convert::MessageStream* stream) {
  const auto begin = std::chrono::steady_clock::now();
  auto envelope = job.converter->open(message, stream, job.received_at, job.sink);
  if (!envelope) {
    // Kept raw; a message of an unknown facility waits for the table to be completed (semantics 1).
    job.outcome.fate = envelope.error().category == Category::Incorrect ? Fate::Refused : Fate::Quarantined;
    job.verdict = Verdict::BadData;
    job.kind = "unreadable";
    return;
  }
  note_envelope(job, **envelope);
  if (!refuse_before_conversion(job, **envelope)) convert_claims(job, **envelope);
  counters_.convert.observe(std::chrono::steady_clock::now() - begin);
}

void Worker::note_envelope(MessageJob& job, const convert::Envelope& envelope) {
  job.kind = envelope.type;
  job.control_id = envelope.control_id;
  job.hash = journal::ContentHash{envelope.content_hash};
  job.look_for_repeat = true;
  keep_code(envelope.accept_ack, job.accept_ack);
  keep_code(envelope.application_ack, job.application_ack);
}

// MLLP frames are bounded before they come here; bodies of HTTP are not.
void Worker::refuse_too_long(MessageJob& job, std::string size) {
  job.sink.add(problem_of(Severity::Error, 1706, {std::move(size), std::to_string(rules_.max_message)}));
  job.outcome.fate = Fate::Refused;
  job.verdict = Verdict::NotTaken;
  job.kind = "too long";
}

// Semantics 19: test traffic only on a source marked test.
bool Worker::refuse_before_conversion(MessageJob& job, const convert::Envelope& envelope) {
  if (rules_.settings.test || envelope.processing.empty() || envelope.processing == "P") return false;
  job.sink.add(problem_of(Severity::Error, 1702, {std::string(envelope.processing)}));
  job.outcome.fate = Fate::Refused;
  job.verdict = Verdict::NotTaken;
  return true;
}

void Worker::convert_claims(MessageJob& job, const convert::Envelope& envelope) {
  auto conversion = job.converter->convert(job.sink);
  if (!conversion && conversion.error().category == Category::Unsupported) {
    const bool keep = rules_.keep_unknown_types;
    job.sink.add(problem_of(keep ? Severity::Warning : Severity::Error, 1701,
                            {std::string(name_of_mapping(job.profile)), std::string(envelope.type)}));
    job.outcome.fate = keep ? Fate::Stored : Fate::Refused;
    job.verdict = keep ? Verdict::Accepted : Verdict::NotTaken;
    return;
  }
  if (!conversion) {
    job.outcome.fate = Fate::Quarantined;
    job.verdict = Verdict::BadData;
    return;
  }
  services_.in_hand.advance(index_);
  if (!passes_check(job, **conversion)) return;
  if (job.sink.has_errors()) job.verdict = Verdict::BadData;
  if (rules_.state == SourceState::Learn || (*conversion)->claims.empty()) return;
  if (preparer_ != nullptr) {
    prepare_claims(job, **conversion, envelope);
  } else {
    job.pass_on = true;
    job.lane = lane_of(**conversion, job.number);
  }
}

// False when the message is refused for what it would make.
bool Worker::passes_check(MessageJob& job, const convert::Conversion& conversion) {
  if (check_ == nullptr) return true;
  const bool has_errors =
      check_->check(conversion, rules_.check, job.sink, [this] { services_.in_hand.advance(index_); });
  if (!has_errors || rules_.check != CheckMode::Reject) return true;
  job.outcome.fate = Fate::Refused;
  job.verdict = Verdict::BadData;
  return false;
}

void Worker::prepare_claims(MessageJob& job, const convert::Conversion& conversion,
                            const convert::Envelope& envelope) {
  copy_claims(conversion, claims_);
  const auto source = claim_source_of(rules_, envelope);
  auto prepared = preparer_->prepare(claims_, source, job.sink);
  if (!prepared) {
    job.outcome.fate = Fate::Quarantined;
    job.verdict = Verdict::BadData;
    return;
  }
  job.claims = std::move(*prepared);
}

void Worker::compress(MessageJob& job, std::string_view message) {
  const auto dictionary = services_.dictionaries.active(rules_.id);
  auto compressed = compressor_.compress(message, dictionary.get(), job.compressed);
  if (compressed) job.raw = *compressed;
  if (dictionary == nullptr && job.outcome.fate == Fate::Stored) services_.trainer.offer(rules_.id, message);
}

// The completion may outlive this call by as long as the disk takes; the job travels inside it.
void Worker::submit(std::unique_ptr<MessageJob> job) {
  auto* message = job.get();
  const auto verdict = message->verdict;
  store::Job work;
  work.bytes = message->bytes();
  work.executor = services_.executor(index_);
  work.repeatable = message->is_repeatable();
  work.brief = message->is_brief();
  work.work = [this, message](store::Transaction& transaction) {
    return message->run(transaction, services_, rules_);
  };
  const auto told = message->sink.problems().size();
  work.completion = [this, verdict, told, owned = std::move(job)](Result<void> result) mutable {
    const bool as_answered = owned->verdict == verdict && owned->sink.problems().size() == told;
    if (result && !as_answered) owned->outcome.answer.clear();
    finish(*owned, result);
  };
  auto submitted = services_.store.submit(std::move(work));
  if (!submitted) work.completion(std::move(submitted));
}

void Worker::finish(MessageJob& job, const Result<void>& result) {
  if (!result) {
    job.outcome.fate = Fate::Busy;
    job.outcome.duplicate = false;
    job.outcome.number = {};
    job.outcome.answer.clear();
    job.verdict = Verdict::TryAgain;
    job.sink.add(problem_of(Severity::Error, 1705, {std::string(meaning_of(result.error().category).name)}));
    // A full disk is answered (semantics 22); a full queue is not: the source closes and the sender slows
    // down.
    if (services_.store.state() != store::StoreState::Full) {
      job.outcome.problems = job.sink.problems();
      return job.completion(std::move(job.outcome));
    }
  }
  if (job.outcome.answer.empty()) {
    auto raw = journal::decompress(job.raw, services_.dictionaries.find(job.raw.dictionary).get());
    if (raw) job.outcome.answer = answer_to(job, PaddedBytes(*raw).view());
  }
  count(job.outcome);
  counters_.answer.observe(services_.clock.now() - job.received_at);
  job.outcome.problems = job.sink.problems();
  job.completion(std::move(job.outcome));
}

std::string Worker::answer_to(MessageJob& job, std::string_view message) {
  const auto kind =
      answer_kind(rules_.ack, job.verdict, code_of(job.accept_ack), code_of(job.application_ack));
  if (!kind) return {};
  return job.converter->acknowledge(*kind, message, control_id_of(job.number), job.received_at, job.sink);
}

void Worker::count(const Outcome& outcome) noexcept {
  if (outcome.duplicate) return counters_.repeated.add();
  switch (outcome.fate) {
    case Fate::Stored:
      return counters_.stored.add();
    case Fate::Refused:
      return counters_.refused.add();
    case Fate::Quarantined:
      return counters_.quarantined.add();
    case Fate::Busy:
      return;
  }
}

}  // namespace lienthong::intake
