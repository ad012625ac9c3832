#include "gateway/convert/message_opening.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/like.h"
#include "gateway/convert/value_text.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lienthong::convert {
namespace {

constexpr auto kMostAhead = std::chrono::minutes(10);  // semantics 8

std::string_view view_of(lt_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}
lt_text text_of(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

// The bytes that differ in a mere resend do not count (semantics 21).
std::uint64_t hash_without(std::string_view message, lt_text volatile_part) noexcept {
  const auto part = view_of(volatile_part);
  if (part.empty() || part.data() < message.data() ||
      part.data() + part.size() > message.data() + message.size()) {
    return XXH3_64bits(message.data(), message.size());
  }
  const auto before = static_cast<std::size_t>(part.data() - message.data());
  const auto behind = before + part.size();
  return XXH3_64bits_withSeed(message.data() + behind, message.size() - behind,
                              XXH3_64bits(message.data(), before));
}

std::string local_time(Instant now, int offset_minutes) {
  using namespace std::chrono;
  const auto local = floor<seconds>(now) + minutes(offset_minutes);
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  const int numbers[] = {static_cast<int>(date.year()),
                         static_cast<int>(static_cast<unsigned>(date.month())),
                         static_cast<int>(static_cast<unsigned>(date.day())),
                         static_cast<int>(clock.hours().count()),
                         static_cast<int>(clock.minutes().count()),
                         static_cast<int>(clock.seconds().count())};
  ShortText out;
  for (std::size_t i = 0; i < std::size(numbers); ++i) {
    if (i == 0) out.add(std::to_string(numbers[0] / 100));
    const int two = numbers[i] % 100;
    out.add(static_cast<char>('0' + two / 10));
    out.add(static_cast<char>('0' + two % 10));
  }
  out.add(offset_minutes < 0 ? '-' : '+');
  for (const int two : {size / 60, size % 60}) {
    out.add(static_cast<char>('0' + two / 10));
    out.add(static_cast<char>('0' + two % 10));
  }
  return std::string(out.view());
}

constexpr std::uint32_t kInternalError = 207;

const Catalogue& catalogue_of(const Problem& problem, const Adapter& adapter) noexcept {
  return problem.catalogue.empty() ? Catalogue::gateway() : adapter.texts;
}

std::uint32_t table_0357(const Problem& problem, const Catalogue& catalogue) noexcept {
  const auto* entry = catalogue.find(problem.catalogue, problem.number);
  return entry == nullptr ? kInternalError : entry->hl7_error;
}

}  // namespace

int offset_of(const SourceSettings& settings) noexcept {
  return read_offset(settings.utc_offset).value_or(0);
}

MessageOpening::MessageOpening(const SourceSettings& settings, MessageContext& context,
                               const ProgramData& program)
    : settings_(settings), context_(context), program_(program), offset_minutes_(offset_of(settings)) {}

Result<void> MessageOpening::open_record(std::string_view message, void* stream) {
  void* record = nullptr;
  const auto status =
      context_.adapter().open(context_.instance(), stream, &context_.host(), text_of(message), &record);
  switch (status) {
    case LT_OK:
      context_.set_record(record);
      return {};
    case LT_LIMIT:
      return fail(Category::Busy, kMessageLimit, "the message needs more memory than one message may take");
    case LT_UNSUPPORTED:
      return fail(Category::Unsupported, kMalformed,
                  "the message is of a kind that its adapter does not serve");
    case LT_FAULT:
      return fail(Category::Fault, kAdapterFault, "the adapter failed on this message");
    default:
      return fail(Category::Incorrect, kMalformed, "the message is not of the form that its adapter reads");
  }
}

Result<const Envelope*> MessageOpening::open(std::string_view message, void* stream, Instant received,
                                             ProblemSink& problems) {
  is_open_ = false;
  context_.reset(problems);
  envelope_ = {};
  // An adapter that reads names out of the message (a table's headings) needs it before the envelope is
  // known.
  if (const auto charset = find_charset(settings_.charset)) context_.set_charset(*charset);
  if (auto opened = open_record(message, stream); !opened) return forward(opened);
  lt_envelope raw{};
  raw.struct_size = sizeof raw;
  if (context_.adapter().envelope(context_.record(), &context_.host(), &raw) != LT_OK) {
    return fail(Category::Incorrect, kMalformed, "the message's header cannot be read");
  }
  choose_charset(view_of(raw.charset), message);
  envelope_.type = context_.decoded(raw.type);
  envelope_.control_id = context_.decoded(raw.control_id);
  envelope_.sender = context_.decoded(raw.sender);
  envelope_.application = context_.decoded(raw.application);
  envelope_.time = context_.decoded(raw.time);
  envelope_.processing = context_.decoded(raw.processing);
  envelope_.version = context_.decoded(raw.version);
  envelope_.charset = context_.decoded(raw.charset);
  envelope_.content_hash = hash_without(message, raw.volatile_part);
  message_ = message;
  volatile_part_ = raw.volatile_part;
  if (program_.accept_ack != 0) envelope_.accept_ack = context_.read(LT_ROOT, program_.accept_ack).text;
  if (program_.application_ack != 0)
    envelope_.application_ack = context_.read(LT_ROOT, program_.application_ack).text;
  read_event_time(raw.event_time, received);
  choose_facility();
  is_open_ = true;
  return &envelope_;
}

void MessageOpening::choose_charset(std::string_view declared, std::string_view message) {
  auto charset = Charset::Utf8;
  const std::string_view name = settings_.charset.empty() ? declared : std::string_view(settings_.charset);
  if (!name.empty()) {
    const auto known = find_charset(name);
    if (known)
      charset = *known;
    else
      warn(kUnknownCharset, std::string(name), "");
  }
  context_.set_charset(charset, message);
}

void MessageOpening::choose_facility() {
  facility_ = settings_.facility;
  if (settings_.facilities.empty()) {
    const auto& form = program_.profile.sender_form;
    const bool is_bound = !form.empty() && is_like(facility_, form);
    if (is_bound && envelope_.sender != facility_) facility_ = {};
    return;
  }
  const auto found = std::find_if(settings_.facilities.begin(), settings_.facilities.end(),
                                  [&](const auto& entry) { return entry.first == envelope_.sender; });
  facility_ = found == settings_.facilities.end() ? std::string_view() : std::string_view(found->second);
}

void MessageOpening::read_event_time(lt_text stated, Instant received) {
  envelope_.event_time = received;
  const auto text = view_of(stated);
  if (text.empty()) return;
  const auto time = read_time(text);
  if (!time) return warn(kEventUnreadable, "", std::string(text));
  const auto at = to_instant(*time, offset_minutes_);
  if (at > received + kMostAhead) return warn(kEventInFuture, "", std::string(text));
  envelope_.event_time = at;
}

void MessageOpening::warn(std::uint16_t number, std::string argument, std::string value) {
  Problem problem;
  problem.severity = Severity::Warning;
  problem.number = number;
  if (!argument.empty()) problem.arguments.push_back(std::move(argument));
  problem.value = std::move(value);
  context_.sink().add(std::move(problem));
}

// Answers are also asked for messages that were never opened, or were opened before the last one.
bool MessageOpening::is_of_record(std::string_view message) const noexcept {
  return is_open_ && message.data() == message_.data() && message.size() == message_.size() &&
         hash_without(message, volatile_part_) == envelope_.content_hash;
}

std::string MessageOpening::acknowledge(lt_acknowledge_kind kind, std::string_view message,
                                        std::string_view own_control_id, Instant now,
                                        const ProblemSink& problems) {
  const auto& adapter = context_.adapter();
  if (!LT_HAS(lt_adapter, &adapter, acknowledge) || adapter.acknowledge == nullptr) return {};
  std::vector<std::string> texts;
  std::vector<const Problem*> told;
  for (const auto& problem : problems.problems()) {
    // A remark that HL7 has no word for ("application internal error") would alarm the sender of a good
    // message.
    const auto& catalogue = catalogue_of(problem, *program_.adapter);
    if (problem.severity < Severity::Error && table_0357(problem, catalogue) == kInternalError) continue;
    told.push_back(&problem);
    texts.push_back(catalogue.text(problem, Language::English, false));
  }
  std::vector<lt_reported> reported;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& problem = *told[i];
    lt_reported one{};
    one.struct_size = sizeof one;
    one.severity = static_cast<lt_severity>(problem.severity);
    one.hl7_error = table_0357(problem, catalogue_of(problem, *program_.adapter));
    one.where = text_of(problem.where_input);
    one.text = text_of(texts[i]);
    reported.push_back(one);
  }
  const auto time = local_time(now, offset_minutes_);
  lt_answer_request request{};
  request.struct_size = sizeof request;
  request.kind = kind;
  request.message = text_of(message);
  request.record = is_of_record(message) ? context_.record() : nullptr;
  request.own_control_id = text_of(own_control_id);
  request.now = text_of(time);
  request.problems = reported.data();
  request.problem_count = reported.size();
  lt_text answer{nullptr, 0};
  if (adapter.acknowledge(context_.instance(), &context_.host(), &request, &answer) != LT_OK) return {};
  return std::string(view_of(answer));
}

}  // namespace lienthong::convert
