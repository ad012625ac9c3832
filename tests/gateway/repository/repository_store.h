#pragma once
// A real store with a repository, and messages put together by hand. All people are invented.

#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/repository.h"
#include "gateway/store/store.h"

namespace testing {

using namespace lienthong;
using namespace lienthong::repository;

inline Instant at(std::string_view hh_mm) {  // a time of one morning, "09:30"
  const auto number = [&](std::size_t i) { return (hh_mm[i] - '0') * 10 + hh_mm[i + 1] - '0'; };
  return Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)) + std::chrono::hours(number(0)) +
         std::chrono::minutes(number(3));
}

inline std::string id_of(std::string_view key) {
  return to_string(uuid_from_key(key));
}

// One message: claims by key; "@KEY@" in the JSON stands for the id of that key.
class Message {
 public:
  explicit Message(Instant event_time, std::uint32_t source = 1, std::int32_t precedence = 0)
      : time_(event_time), source_{{source}, {1}, precedence, false} {}

  Message& say(std::string_view type, std::string_view key, std::string_view members,
               std::string_view event = {}) {
    return add(Role::Subject, type, key, members, event);
  }
  Message& mention(std::string_view type, std::string_view key, std::string_view members) {
    return add(Role::Mention, type, key, members, {});
  }
  // Of the claim said last.
  Message& remove(std::string_view element) {
    claims_.back().removed.emplace_back(element);
    return *this;
  }
  // Of the claim said last: what happened to its key, and the key of the claim that it names.
  Message& key_event(KeyEvent event, std::string_view other) {
    claims_.back().key_event = event;
    claims_.back().other = other;
    return *this;
  }
  Message& whole(std::string_view scope) {
    claims_.back().scope = scope;
    return *this;
  }
  // All claims so far of the type.
  Message& snapshot(std::string_view scope, std::string_view type, std::string_view ending) {
    snapshots_.push_back({std::string(scope), std::string(type), std::string(ending)});
    return *this;
  }
  Message& from_facility(std::uint32_t facility) {
    source_.facility = {facility};
    return *this;
  }
  const ClaimSource& source() const { return source_; }

  // Views point into this message.
  ClaimsInput input() const {
    ClaimsInput in;
    text_.clear();
    std::vector<std::pair<std::size_t, std::size_t>> spans;
    std::vector<IdPlace> places;
    for (const auto& claim : claims_) {
      const std::size_t first = text_.size();
      append(claim, places);
      spans.emplace_back(first, text_.size() - first);
    }
    in.text = text_;
    in.id_places = places;
    for (std::size_t i = 0; i < claims_.size(); ++i) add_claim(in, i, spans[i]);
    for (const auto& snapshot : snapshots_) add_snapshot(in, snapshot);
    return in;
  }

 private:
  struct Said {
    Role role;
    std::string type, key, members, event, scope;
    std::vector<std::string> removed;
    KeyEvent key_event = KeyEvent::None;
    std::string other;
  };
  struct Listed {
    std::string scope, type, ending;
  };

  Message& add(Role role, std::string_view type, std::string_view key, std::string_view members,
               std::string_view event) {
    claims_.push_back({role,
                       std::string(type),
                       std::string(key),
                       std::string(members),
                       std::string(event),
                       {},
                       {},
                       {},
                       {}});
    return *this;
  }

  std::uint32_t index_of(std::string_view key) const {
    for (std::uint32_t i = 0; i < claims_.size(); ++i) {
      if (claims_[i].key == key) return i;
    }
    return kNoClaim;
  }

  void place_id(std::string_view key, std::vector<IdPlace>& places) const {
    if (index_of(key) != kNoClaim)
      places.push_back({static_cast<std::uint32_t>(text_.size()), index_of(key)});
    text_ += id_of(key);
  }

  void append(const Said& claim, std::vector<IdPlace>& places) const {
    text_.append(R"({"resourceType":")").append(claim.type).append(R"(","id":")");
    place_id(claim.key, places);
    text_ += '"';
    if (!claim.members.empty()) text_ += ',';
    for (std::size_t i = 0; i < claim.members.size(); ++i) {
      if (claim.members[i] != '@') {
        text_ += claim.members[i];
        continue;
      }
      const std::size_t end = claim.members.find('@', i + 1);
      place_id(std::string_view(claim.members).substr(i + 1, end - i - 1), places);
      i = end;
    }
    text_ += '}';
  }

  void add_claim(ClaimsInput& in, std::size_t i, std::pair<std::size_t, std::size_t> span) const {
    const Said& said = claims_[i];
    ClaimInput claim;
    claim.resource_type = said.type;
    claim.role = said.role;
    claim.extent = said.scope.empty() ? Extent::Part : Extent::Whole;
    claim.id = uuid_from_key(said.key);
    claim.key = said.key;
    claim.scope = said.scope;
    claim.event = said.event;
    claim.json = std::string_view(text_).substr(span.first, span.second);
    claim.event_time = time_;
    claim.removed_first = static_cast<std::uint32_t>(in.removed.size());
    claim.removed_count = static_cast<std::uint32_t>(said.removed.size());
    for (const auto& name : said.removed) in.removed.push_back(name);
    const bool shared = said.type == "Practitioner" || said.type == "Organization" || said.type == "Location";
    if (said.key_event != KeyEvent::None) {
      claim.key_event = said.key_event;
      claim.other = index_of(said.other);
    }
    if (said.type == "Patient") claim.patient = static_cast<std::uint32_t>(i);
    for (std::uint32_t p = 0; p < claims_.size() && !shared; ++p) {
      if (claims_[p].type == "Patient" && claim.patient == kNoClaim) claim.patient = p;
    }
    in.claims.push_back(claim);
  }

  void add_snapshot(ClaimsInput& in, const Listed& listed) const {
    SnapshotInput snapshot{listed.scope,
                           listed.type,
                           listed.ending,
                           time_,
                           kNoClaim,
                           static_cast<std::uint32_t>(in.members.size()),
                           0};
    for (std::uint32_t i = 0; i < claims_.size(); ++i) {
      if (claims_[i].type == listed.type) in.members.push_back(i);
    }
    snapshot.member_count = static_cast<std::uint32_t>(in.members.size()) - snapshot.member_first;
    in.snapshots.push_back(snapshot);
  }

  Instant time_;
  ClaimSource source_;
  std::vector<Said> claims_;
  std::vector<Listed> snapshots_;
  mutable std::string text_;
};

struct RepositoryStore {
  RepositoryStore() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lienthong-repository-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    open();
  }
  ~RepositoryStore() {
    close();
    std::filesystem::remove_all(folder);
  }

  void open(const RepositoryOptions& with = {}) {
    store::StoreOptions options;
    options.path = folder + "/store.db";
    auto opened = store::Store::open(options, sqlite::migrations());
    REQUIRE(opened);
    store = std::move(*opened);
    repository = sqlite::make_repository(with);
    store->add_hook(&repository->batch_hook());
    preparer = repository->make_preparer();
    reader = std::move(*store->open_reader());
  }
  void close() {
    reader.reset();
    store.reset();
  }

  // Applies one message in a job of its own; `problems` holds what it raised.
  ApplyOutcome apply(const Message& message) { return apply(message.input(), message.source()); }

  // The messages one after another, all in one transaction of the store.
  void apply_together(const std::vector<Message>& messages) {
    std::vector<PreparedClaims> prepared;
    for (const auto& message : messages) {
      auto one = preparer->prepare(message.input(), message.source(), problems);
      REQUIRE(one);
      prepared.push_back(std::move(*one));
    }
    now += std::chrono::seconds(1);
    std::vector<std::promise<Result<void>>> ends(messages.size());
    store->begin_turn();
    for (std::size_t i = 0; i < prepared.size(); ++i) {
      store::Job job;
      job.work = [this, &one = prepared[i]](store::Transaction& t) -> Result<void> {
        const MessageNumber number{new_uuid_v7(1'770'000'000'000)};
        auto applied = repository->apply(t, one, number, now, problems);
        return applied ? Result<void>() : forward(applied);
      };
      job.completion = [&end = ends[i]](Result<void> result) { end.set_value(std::move(result)); };
      REQUIRE(store->submit(std::move(job)));
    }
    store->end_turn();
    for (auto& end : ends) REQUIRE(end.get_future().get());
  }

  // The same message under another mapping: what `before` said gives way to what `after` says.
  ApplyOutcome replay(const Message& before, const Message& after) {
    const auto earlier = before.input();
    auto input = after.input();
    input.replay = true;
    for (const auto& claim : earlier.claims) {
      if (claim.role == Role::Subject)
        input.superseded.push_back(
            {claim.resource_type, claim.id, claim.event, claim.json, claim.event_time});
    }
    return apply(input, after.source());
  }

  ApplyOutcome apply(const ClaimsInput& input, const ClaimSource& source) {
    ApplyOutcome outcome;
    problems.clear();
    auto prepared = preparer->prepare(input, source, problems);
    REQUIRE(prepared);
    now += std::chrono::seconds(1);
    const MessageNumber number{new_uuid_v7(1'770'000'000'000)};
    const auto done = store->submit_and_wait([&](store::Transaction& t) -> Result<void> {
      auto applied = repository->apply(t, *prepared, number, now, problems);
      if (!applied) return forward(applied);
      outcome = std::move(*applied);
      return {};
    });
    INFO((done ? std::string() : to_string(done.error())));
    REQUIRE(done);
    return outcome;
  }

  // A REST write in a job of its own.
  Result<RestOutcome> write(const RestRequest& request) {
    auto prepared = repository->prepare_rest(request);
    if (!prepared) return forward(prepared);
    now += std::chrono::seconds(1);
    RestOutcome outcome;
    const auto done = store->submit_and_wait([&](store::Transaction& t) -> Result<void> {
      auto written = repository->write(t, *prepared, now);
      if (!written) return forward(written);
      outcome = std::move(*written);
      return {};
    });
    if (!done) return forward(done);
    return outcome;
  }

  StoredVersion read(std::string_view type, std::string_view key) {
    const auto found = repository->read(*reader, type, id_of(key));
    INFO(type << " " << key);
    REQUIRE(found);
    return *found;
  }
  // Without what differs from run to run: id and meta.
  std::string content(std::string_view type, std::string_view key) {
    const std::string json = read(type, key).json;
    const auto end = json.find("\"}", json.find("\"source\":\""));
    return json.substr(end + 2);
  }
  bool exists(std::string_view type, std::string_view id) {
    return repository->read(*reader, type, id).has_value();
  }

  std::string folder;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Repository> repository;
  std::unique_ptr<Preparer> preparer;
  std::unique_ptr<store::Reader> reader;
  ProblemSink problems;
  Instant now = at("12:00");
};

}  // namespace testing
