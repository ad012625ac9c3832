#include "gateway/repository/sqlite/search_run.h"

#include <algorithm>

#include "fhir-model/search/search_match.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/key_values.h"
#include "gateway/repository/sqlite/render.h"

namespace lienthong::repository::sqlite {
namespace {

// Lists up to so many times the shortest one are read whole; longer ones are left to the resources of the
// others: reading a row of a list costs a hundredth of asking a resource.
constexpr std::int64_t kTimesLonger = 20, kAlwaysRead = 1'000;
// Lists beyond this are never read whole: so much of the type answers that walking along it is shorter.
constexpr std::int64_t kLongList = 200'000;

// A waiting edit concerns the range.
bool concerns(std::span<const PostingEdit> waiting, const ListRange& list) {
  return std::any_of(waiting.begin(), waiting.end(), [&](const PostingEdit& edit) {
    return edit.key.parameter == list.parameter && edit.key.value >= list.values.low &&
           edit.key.value <= list.values.high;
  });
}

bool is_point(const Candidates& candidates) {
  return candidates.rows.empty() && candidates.lists.size() == 1 &&
         candidates.lists.front().values.low == candidates.lists.front().values.high;
}

}  // namespace

Result<SearchPage> SearchRun::run(std::string_view cursor) {
  if (!cursor.empty()) {
    after_ = decode_cursor(cursor, plan_.question);
    if (!after_) return fail(Category::Incorrect, kBadCursor, "This is not a next link of this search.");
  }
  page_.count_only = plan_.count_only;
  page_.used = plan_.used;
  page_.ignored = plan_.ignored;
  if (const auto chosen = choose_sources(); !chosen) return forward(chosen);
  const bool along = sources_.empty() && (plan_.order != Order::Creation || !plan_.updated.empty());
  const auto done = along ? along_changes() : plan_.order == Order::Creation ? by_rows() : by_changes();
  if (!done) return forward(done);
  return std::move(page_);
}

// --- Which rows ---

Result<void> SearchRun::choose_sources() {
  for (const auto& ids : plan_.ids) {
    if (const auto added = add_ids(ids); !added) return added;
  }
  for (const auto& messages : plan_.sources) {
    if (const auto added = add_messages(messages); !added) return added;
  }
  std::vector<Choice> choices;
  for (ValueFilter& filter : plan_.filters) {
    if (const auto more = add_replaced(connection_, filter); !more) return more;
    auto found = find_candidates(connection_, scheme_->of(plan_.type), filter);
    if (!found) return forward(found);
    if (!found->known || !found->exact) checks_.push_back(&filter.values);
    if (found->known) choices.push_back({std::move(*found), 0, &filter.values});
  }
  const bool single = std::all_of(choices.begin(), choices.end(),
                                  [](const Choice& choice) { return is_point(choice.candidates); });
  std::int64_t shortest = sources_.empty() ? kNoRow : 1;
  for (Choice& choice : choices) {
    if (single) continue;  // single lists are met a block at a time, whatever their length
    const auto size = size_of(choice.candidates);
    if (!size) return forward(size);
    choice.size = *size;
    shortest = std::min(shortest, choice.size);
  }
  return add_choices(choices, shortest);
}

Result<void> SearchRun::add_choices(std::vector<Choice>& choices, std::int64_t shortest) {
  std::stable_sort(choices.begin(), choices.end(),
                   [](const Choice& a, const Choice& b) { return a.size < b.size; });
  const std::int64_t most =
      std::min(kLongList, std::max(kAlwaysRead, std::min(shortest, kLongList) * kTimesLonger));
  for (Choice& choice : choices) {
    if (!is_point(choice.candidates) && choice.size > most) {
      if (choice.candidates.exact) checks_.push_back(choice.values);
      continue;
    }
    if (const auto added = add_source(std::move(choice.candidates)); !added) return added;
  }
  return {};
}

// Rows, a little more than kLongList at most.
Result<std::int64_t> SearchRun::size_of(const Candidates& candidates) {
  auto sum = static_cast<std::int64_t>(candidates.rows.size());
  for (const ListRange& list : candidates.lists) {
    const auto count = count_postings(connection_, list.parameter, list.values, kLongList);
    if (!count) return count;
    sum += *count;
    if (sum > kLongList) break;
  }
  return sum;
}

Result<void> SearchRun::add_source(Candidates&& candidates) {
  if (is_point(candidates) && !concerns(waiting_, candidates.lists.front())) {
    const ListRange& list = candidates.lists.front();
    sources_.push_back(
        std::make_unique<PostingSource>(connection_, PostingKey{list.parameter, list.values.low}));
    only_list_ = sources_.size() == 1 ? std::optional(list) : std::nullopt;
    return {};
  }
  Rows rows = std::move(candidates.rows);
  for (const ListRange& list : candidates.lists) {
    if (const auto read = read_postings(connection_, list.parameter, list.values, rows); !read) return read;
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const ListRange& list : candidates.lists) {
    if (concerns(waiting_, list)) apply_waiting(waiting_, list.parameter, list.values, rows);
  }
  sources_.push_back(std::make_unique<ListSource>(std::move(rows)));
  only_list_.reset();
  return {};
}

Result<void> SearchRun::add_ids(const std::vector<std::string>& ids) {
  Rows rows;
  for (const auto& id : ids) {
    const auto head = find_head(connection_, plan_.type, id);
    if (!head) return forward(head);
    if (*head && (*head)->live()) rows.push_back((*head)->row.value);
  }
  Candidates found;
  std::sort(rows.begin(), rows.end());
  found.rows = std::move(rows);
  return add_source(std::move(found));
}

Result<void> SearchRun::add_messages(const std::vector<Uuid>& messages) {
  Candidates found;
  for (const Uuid& message : messages) {
    const std::int64_t value = source_value(message);
    found.lists.push_back({kSourceRows, {value, value}});
  }
  return add_source(std::move(found));
}

// --- In the order of creation ---

Result<void> SearchRun::by_rows() {
  if (sources_.empty()) {
    Candidates all;
    all.lists.push_back({kTypeRows, {plan_.type, plan_.type}});
    if (const auto added = add_source(std::move(all)); !added) return added;
  }
  if (!plan_.want_total) return page_of_rows();
  const auto total = count_rows();
  if (!total) return forward(total);
  page_.total = *total;
  if (plan_.count_only) return {};
  sources_.clear();
  checks_.clear();
  if (const auto chosen = choose_sources(); !chosen) return chosen;  // from the beginning
  plan_.want_total = false;
  return by_rows();
}

Result<std::uint64_t> SearchRun::count_rows() {
  if (everything_is_listed() && only_list_) {
    const auto count = count_postings(connection_, only_list_->parameter, only_list_->values, INT64_MAX - 1);
    return count ? Result<std::uint64_t>(static_cast<std::uint64_t>(*count)) : forward(count);
  }
  std::uint64_t count = 0;
  for (std::int64_t from = 0;; ++from) {
    const auto row = next_common(sources_, from);
    if (!row) return forward(row);
    if (*row == kNoRow) return count;
    from = *row;
    const auto holds = everything_is_listed() && plan_.ids.empty() ? Result<bool>(true) : load(from);
    if (!holds) return forward(holds);
    count += *holds ? 1 : 0;
  }
}

Result<std::int64_t> SearchRun::next_match(std::int64_t from) {
  for (;; ++from) {
    const auto row = next_common(sources_, from);
    if (!row || *row == kNoRow) return row;
    from = *row;
    const auto holds = load(from);
    if (!holds) return forward(holds);
    if (*holds) return row;
  }
}

Result<void> SearchRun::page_of_rows() {
  std::int64_t last = after_ ? after_->second : 0;
  for (std::int64_t from = last + 1;; ++from) {
    const auto row = next_match(from);
    if (!row) return forward(row);
    if (*row == kNoRow) break;
    from = *row;
    if (page_.resources.size() == plan_.count) {
      page_.next = encode_cursor({plan_.question, 0, last});
      return {};
    }
    last = from;
    if (const auto shown = show(); !shown) return shown;
  }
  if (!after_ && !page_.total) page_.total = page_.resources.size();
  return {};
}

// --- Sorted by change ---

Result<void> SearchRun::by_changes() {
  std::vector<Hit> hits;
  for (std::int64_t from = 0;; ++from) {
    const auto row = next_match(from);
    if (!row) return forward(row);
    if (*row == kNoRow) break;
    from = *row;
    hits.push_back({record_.change, from});
  }
  page_.total = hits.size();
  if (plan_.count_only) return {};
  if (plan_.order == Order::UpdatedDescending) {
    std::sort(hits.begin(), hits.end(), std::greater<>());
  } else {
    std::sort(hits.begin(), hits.end());
  }
  return take_page(hits);
}

Result<void> SearchRun::take_page(const std::vector<Hit>& hits) {
  auto next = hits.begin();
  if (after_) {
    const Hit last{after_->first, after_->second};
    next = plan_.order == Order::UpdatedDescending
               ? std::upper_bound(hits.begin(), hits.end(), last, std::greater<>())
               : std::upper_bound(hits.begin(), hits.end(), last);
  }
  for (; next != hits.end() && page_.resources.size() < plan_.count; ++next) {
    const auto holds = load(next->row);
    if (!holds) return forward(holds);
    if (const auto shown = show(); !shown) return shown;
  }
  if (next != hits.end() && next != hits.begin()) {
    const Hit& last = *std::prev(next);
    page_.next = encode_cursor({plan_.question, last.order, last.row});
  }
  return {};
}

// --- One row ---

Result<bool> SearchRun::load(std::int64_t row) {
  if (looked_at_++ == most_looked_at_) {
    return fail(Category::Incorrect, kBadParameter,
                "The condition leaves too many resources to be looked at; add one that fewer meet, as an "
                "identifier.");
  }
  auto record = load_shown(connection_, {row});
  if (!record) return forward(record);
  record_ = std::move(*record);
  return answers(record_);
}

Result<bool> SearchRun::answers(const Head& head) {
  body_.clear();
  if (!head.live() || head.type != plan_.type || !plan_.passes(head.updated.time_since_epoch().count()))
    return false;
  for (const auto& messages : plan_.sources) {
    if (std::find(messages.begin(), messages.end(), head.source.value) == messages.end()) return false;
  }
  if (checks_.empty()) return true;
  auto body = unpack(record_.body);
  if (!body) return forward(body);
  body_ = std::move(*body);
  const auto* keys = thread_key_maker(scheme_).extract(plan_.type, body_);
  return keys != nullptr && std::all_of(checks_.begin(), checks_.end(), [&](const auto* values) {
           return fhir::search::matches(*values, *keys);
         });
}

Result<void> SearchRun::show() {
  auto version = make_version(connection_, record_, record_.body, source_prefix_);
  if (!version) return forward(version);
  page_.resources.push_back(std::move(*version));
  return {};
}

}  // namespace lienthong::repository::sqlite
