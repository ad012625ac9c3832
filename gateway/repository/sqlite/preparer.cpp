#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/ending.h"
#include "gateway/repository/sqlite/prepared_content.h"
#include "gateway/repository/sqlite/sqlite_repository.h"

namespace lienthong::repository::sqlite {
namespace {

class Hash {
 public:
  void add(std::string_view text) { value_ = XXH3_64bits_withSeed(text.data(), text.size(), value_); }
  void add(std::uint64_t number) { value_ = XXH3_64bits_withSeed(&number, sizeof number, value_); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

std::int64_t micros(Instant time) {
  return time.time_since_epoch().count();
}

// Semantics 6: these are never replaced as a whole.
bool always_part(std::string_view type) {
  return type == "Patient" || type == "Practitioner" || type == "Organization" || type == "Location";
}

class SqlitePreparer final : public Preparer {
 public:
  explicit SqlitePreparer(std::shared_ptr<const KeyScheme> scheme) : maker_(std::move(scheme)) {}

  Result<PreparedClaims> prepare(const ClaimsInput& input, const ClaimSource& source,
                                 ProblemSink& problems) override {
    auto content = std::make_unique<PreparedClaims::Content>();
    content->text = input.text;
    content->source = source;
    content->id_places = input.id_places;
    content->claims.resize(input.claims.size());
    for (std::size_t i = 0; i < input.claims.size(); ++i) {
      const auto done = prepare_claim(input, input.claims[i], *content, content->claims[i], problems);
      if (!done) return forward(done);
    }
    add_snapshots(input, *content);
    add_scopes(input, *content);
    content->replay = input.replay;
    for (const auto& earlier : input.superseded) add_superseded(earlier, *content);
    return PreparedClaims(std::move(content));
  }

 private:
  Result<void> prepare_claim(const ClaimsInput& input, const ClaimInput& in,
                             const PreparedClaims::Content& content, PreparedClaim& claim,
                             ProblemSink& problems) {
    const std::ptrdiff_t first = in.json.data() - input.text.data();
    if (first < 0 || static_cast<std::size_t>(first) + in.json.size() > input.text.size()) {
      return fail(Category::Fault, kNotAResource, "A claim's JSON lies outside its message's text.");
    }
    claim.json_first = static_cast<std::size_t>(first);
    claim.json_size = in.json.size();
    claim.type = type_number(in.resource_type);
    claim.definition = claim.type == 0 ? nullptr : definition_of(in.resource_type);
    claim.id = in.id;
    claim.role = in.role;
    claim.whole = in.extent == Extent::Whole && !always_part(in.resource_type);
    claim.patient = in.patient < input.claims.size() ? in.patient : kNoClaim;
    if (in.other < input.claims.size()) {
      claim.key_event = in.key_event;
      claim.other = in.other;
    }
    claim.said = {content.source.source.value, content.source.precedence, micros(in.event_time), 0, 0};
    for (std::uint32_t i = 0; i < in.removed_count && claim.definition != nullptr; ++i) {
      claim.removed.emplace_back(group_of(*claim.definition, input.removed[in.removed_first + i]).name);
    }
    claim.hash = hash_of(in, claim);
    set_event(in, claim, problems);
    const bool usable = claim.definition != nullptr && set_form(content, claim);
    if (usable) return {};
    claim.definition = nullptr;
    problems.add({Severity::Error,
                  kClaimUnreadable,
                  "",
                  "",
                  std::string(in.resource_type),
                  kNoOffset,
                  {std::string(in.resource_type)},
                  {}});
    return {};
  }

  void set_event(const ClaimInput& in, PreparedClaim& claim, ProblemSink& problems) {
    const auto event = encounter_event(in.event);
    claim.event = event.value_or(EncounterEvent::Update);
    if (event) return;
    problems.add({Severity::Warning,
                  kUnknownEvent,
                  "",
                  "",
                  "Encounter.status",
                  kNoOffset,
                  {std::string(in.event)},
                  {}});
  }

  bool set_form(const PreparedClaims::Content& content, PreparedClaim& claim) {
    const auto elements = splitter_.split(*claim.definition, content.json(claim));
    if (!elements) return false;
    rank_result(claim.definition->name, **elements, content.source.may_downgrade_results, claim.said);
    return make_form(claim, content.json(claim), splitter_, maker_).has_value();
  }

  void add_superseded(const SupersededInput& in, PreparedClaims::Content& content) {
    const TypeNumber type = type_number(in.resource_type);
    const fhir::Type* definition = type == 0 ? nullptr : definition_of(in.resource_type);
    if (definition == nullptr) return;
    const auto elements = splitter_.split(*definition, in.json);
    if (!elements) return;
    Superseded superseded;
    superseded.time = micros(in.event_time);
    superseded.event = encounter_event(in.event).value_or(EncounterEvent::Update);
    for (const auto& element : **elements) superseded.groups.emplace_back(element.group);
    const auto same = std::find_if(content.claims.begin(), content.claims.end(), [&](const auto& claim) {
      return claim.type == type && claim.id == in.id;
    });
    if (same == content.claims.end()) {
      content.orphans.push_back({type, in.id, std::move(superseded)});
    } else if (same->role == Role::Subject) {
      same->superseded = std::move(superseded);
    }
  }

  static std::uint64_t hash_of(const ClaimInput& in, const PreparedClaim& claim) {
    Hash hash;
    hash.add(in.json);
    for (const auto& group : claim.removed) hash.add(group);
    if (in.role == Role::Mention) return hash.value();
    hash.add(in.event);
    hash.add(static_cast<std::uint64_t>(claim.said.time));
    hash.add(claim.said.source);
    hash.add(static_cast<std::uint64_t>(claim.said.precedence) * 4 + (claim.whole ? 1 : 0));
    return hash.value();
  }

  static void add_snapshots(const ClaimsInput& input, PreparedClaims::Content& content) {
    for (const auto& in : input.snapshots) {
      PreparedSnapshot snapshot;
      snapshot.scope = XXH3_64bits(in.scope.data(), in.scope.size());
      snapshot.ending = ending_of(in.ending);
      snapshot.time = micros(in.event_time);
      snapshot.is_whole = in.is_whole;
      snapshot.ends = in.is_complete;
      for (std::uint32_t i = 0; i < in.member_count; ++i)
        snapshot.members.push_back(input.members[in.member_first + i]);
      content.snapshots.push_back(std::move(snapshot));
    }
  }

  // A whole scope is a snapshot of each type that it makes (semantics 15: a type that is absent is
  // unchanged).
  static void add_scopes(const ClaimsInput& input, PreparedClaims::Content& content) {
    const std::size_t first = content.snapshots.size();
    for (std::uint32_t i = 0; i < input.claims.size(); ++i) {
      if (!content.claims[i].whole || input.claims[i].scope.empty() || input.claims[i].role == Role::Mention)
        continue;
      const auto scope = input.claims[i].scope;
      const std::uint64_t hash = XXH3_64bits_withSeed(scope.data(), scope.size(), content.claims[i].type);
      const auto same = std::find_if(content.snapshots.begin() + static_cast<std::ptrdiff_t>(first),
                                     content.snapshots.end(), [&](const auto& s) { return s.scope == hash; });
      if (same != content.snapshots.end()) {
        same->members.push_back(i);
        continue;
      }
      content.snapshots.push_back(
          {hash, Ending::EnteredInError, micros(input.claims[i].event_time), {i}, false, true});
    }
  }

  ElementSplitter splitter_;
  KeyMaker maker_;
};

}  // namespace

Result<Contribution> contribution_of(const PreparedClaim& claim, std::string_view json,
                                     ElementSplitter& splitter) {
  const auto elements = splitter.split(*claim.definition, json);
  if (!elements) return forward(elements);
  return Contribution{claim.said, claim.whole,   claim.role == Role::Subject, claim.event,
                      **elements, claim.removed, superseded_of(claim),        claim.identifier_source};
}

Result<void> make_form(PreparedClaim& claim, std::string_view json, ElementSplitter& splitter,
                       KeyMaker& maker) {
  const auto contribution = contribution_of(claim, json, splitter);
  if (!contribution) return forward(contribution);
  MergeNotes notes;
  auto merged = merge(*claim.definition, {}, {}, *contribution, notes);
  if (!merged) return forward(merged);
  claim.form.keys = maker.make(claim.type, merged->body);
  claim.form.packed = pack(merged->body);
  claim.form.state = pack(encode_state(merged->state));
  claim.form.body = std::move(merged->body);
  return {};
}

std::unique_ptr<Preparer> make_sqlite_preparer(std::shared_ptr<const KeyScheme> scheme) {
  return std::make_unique<SqlitePreparer>(std::move(scheme));
}

}  // namespace lienthong::repository::sqlite

namespace lienthong::repository {

PreparedClaims::PreparedClaims() = default;
PreparedClaims::PreparedClaims(std::unique_ptr<Content> content) : content_(std::move(content)) {}
PreparedClaims::PreparedClaims(PreparedClaims&&) noexcept = default;
PreparedClaims& PreparedClaims::operator=(PreparedClaims&&) noexcept = default;
PreparedClaims::~PreparedClaims() = default;

std::size_t PreparedClaims::bytes() const noexcept {
  return content_ == nullptr
             ? 0
             : content_->text.size() * 3 + content_->claims.size() * sizeof(sqlite::PreparedClaim);
}

}  // namespace lienthong::repository
