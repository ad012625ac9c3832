#include "gateway/repository/sqlite/search_plan.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "fhir-model/search/search_match.h"
#include "gateway/repository/error_numbers.h"

namespace lienthong::repository::sqlite {
namespace {

namespace search = fhir::search;
using search::Prefix;

constexpr std::size_t kMostTerms = 200;
constexpr std::int64_t kMillisecond = 1000;  // of which meta.lastUpdated shows whole ones

Failure bad_value(std::string_view name) {
  return fail(Category::Incorrect, kBadParameter,
              "The value of the parameter \"" + std::string(name) + "\" cannot be read.");
}

// What R4 has and this server has not.
std::string_view not_offered(std::string_view name) {
  if (name.starts_with("_has:") || name == "_has") return "reverse chaining (_has) is not offered";
  if (name.find('.') != std::string_view::npos) return "chained parameters are not offered";
  for (const std::string_view known :
       {"_include", "_revinclude", "_elements", "_contained", "_containedType", "_text", "_content", "_list",
        "_filter", "_query", "_type", "_score"}) {
    if (name == known || (name.starts_with(known) && name.substr(known.size()).starts_with(':')))
      return "it is not offered by this server";
  }
  return {};
}

class Planner {
 public:
  Planner(const KeyScheme& scheme, const SearchRequest& request, std::string_view source_prefix)
      : scheme_(scheme), request_(request), source_prefix_(source_prefix) {
    plan_.count = std::min(request.default_count, request.most);
  }

  Result<SearchPlan> run() {
    plan_.type = type_number(request_.type);
    if (plan_.type == 0) return fail(Category::NotFound, kUnknownType, "FHIR R4 has no such resource type.");
    if (request_.terms.size() > kMostTerms)
      return fail(Category::Incorrect, kBadParameter, "The search has more than 200 parameters.");
    std::string question(request_.type);
    for (const auto& term : request_.terms) {
      const auto added = add(term);
      if (!added && request_.lenient && added.error().number == kUnknownParameter) {
        plan_.ignored.push_back(term.name);
        continue;
      }
      if (!added) return forward(added);
      if (term.name != "_count" && term.name != "_total")
        question.append("&").append(term.name).append("=").append(term.value);
      plan_.used.push_back(term);
    }
    plan_.question = XXH3_64bits(question.data(), question.size());
    return std::move(plan_);
  }

 private:
  Result<void> add(const SearchTerm& term) {
    if (term.name == "_id") return add_ids(term);
    if (term.name == "_source") return add_sources(term);
    if (term.name == "_lastUpdated") return add_updated(term);
    if (term.name == "_count") return add_count(term);
    if (term.name == "_sort") return add_sort(term);
    if (term.name == "_total") return add_total(term);
    if (term.name == "_summary") return add_summary(term);
    if (term.name == "_format" || term.name == "_pretty") return {};
    return add_values(term);
  }

  Result<search::SearchValues> parse(const search::ParameterInfo& info, std::string_view modifier,
                                     std::string_view text) const {
    search::ValueOptions options;
    options.keys = scheme_.options();
    options.now = std::chrono::duration_cast<std::chrono::microseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
    auto values = search::parse_values(scheme_.model(), info, modifier, text, options);
    if (values) return std::move(*values);
    using Kind = search::ValueError::Kind;
    const bool modifiers =
        values.error().kind == Kind::UnknownModifier || values.error().kind == Kind::UnsupportedModifier;
    return fail(Category::Incorrect, modifiers ? kUnknownParameter : kBadParameter, values.error().message);
  }

  Result<void> add_values(const SearchTerm& term) {
    const auto colon = term.name.find(':');
    const std::string_view name = std::string_view(term.name).substr(0, colon);
    const std::string_view modifier =
        colon == std::string::npos ? std::string_view() : std::string_view(term.name).substr(colon + 1);
    if (const auto why = not_offered(term.name); !why.empty()) return refuse(term, why);
    const ParameterUse* use = scheme_.of(plan_.type).find(name);
    const bool special = name.starts_with("_id") || name == "_lastUpdated" || name == "_source";
    if (use == nullptr || use->info->expression.empty())
      return refuse(term, "it is not known for " + std::string(request_.type));
    if (special) return refuse(term, "it has no modifiers here");
    auto values = parse(*use->info, modifier, term.value);
    if (!values) return forward(values);
    plan_.filters.push_back({use, std::move(*values)});
    return {};
  }

  // The alternatives of a token or URI without a system.
  Result<std::vector<std::string>> texts_of(const SearchTerm& term) const {
    const ParameterUse* use = scheme_.of(plan_.type).find(term.name);
    if (use == nullptr) return refuse(term, "it is not known here");
    const auto values = parse(*use->info, {}, term.value);
    if (!values) return forward(values);
    std::vector<std::string> texts;
    for (const auto& value : values->alternatives) {
      const auto* token = std::get_if<search::TokenKey>(&value.key);
      const auto* uri = std::get_if<search::UriKey>(&value.key);
      if (token != nullptr && value.system_part == search::SystemPart::Given) return bad_value(term.name);
      texts.emplace_back(token != nullptr ? token->code : uri != nullptr ? uri->uri : std::string_view());
    }
    return texts;
  }

  Result<void> add_ids(const SearchTerm& term) {
    auto ids = texts_of(term);
    if (!ids) return forward(ids);
    plan_.ids.push_back(std::move(*ids));
    return {};
  }

  Result<void> add_sources(const SearchTerm& term) {
    const auto texts = texts_of(term);
    if (!texts) return forward(texts);
    std::vector<Uuid> messages;
    for (std::string_view text : *texts) {
      if (text.starts_with(source_prefix_)) text.remove_prefix(source_prefix_.size());
      if (const auto message = parse_uuid(text)) messages.push_back(*message);
    }
    plan_.sources.push_back(std::move(messages));
    return {};
  }

  Result<void> add_updated(const SearchTerm& term) {
    const ParameterUse* use = scheme_.of(plan_.type).find(term.name);
    if (use == nullptr) return refuse(term, "it is not known here");
    const auto values = parse(*use->info, {}, term.value);
    if (!values) return forward(values);
    UpdatedFilter filter;
    for (const auto& value : values->alternatives)
      filter.alternatives.push_back({value.prefix, std::get<search::DateKey>(value.key)});
    plan_.updated.push_back(std::move(filter));
    return {};
  }

  Result<void> add_count(const SearchTerm& term) {
    std::uint32_t count = 0;
    const char* end = term.value.data() + term.value.size();
    const auto parsed = std::from_chars(term.value.data(), end, count);
    if (parsed.ec == std::errc::invalid_argument || parsed.ptr != end) return bad_value(term.name);
    if (parsed.ec == std::errc::result_out_of_range) count = request_.most;
    plan_.count = std::min(count, request_.most);
    if (count == 0) plan_.count_only = plan_.want_total = true;
    return {};
  }

  Result<void> add_sort(const SearchTerm& term) {
    if (term.value != "_lastUpdated" && term.value != "-_lastUpdated") {
      return fail(Category::Incorrect, kBadParameter,
                  "Results can be sorted by _lastUpdated or -_lastUpdated only.");
    }
    plan_.order = term.value[0] == '-' ? Order::UpdatedDescending : Order::Updated;
    return {};
  }

  Result<void> add_total(const SearchTerm& term) {
    if (term.value != "none" && term.value != "estimate" && term.value != "accurate")
      return bad_value(term.name);
    plan_.want_total |= term.value != "none";
    return {};
  }

  Result<void> add_summary(const SearchTerm& term) {
    if (term.value == "false") return {};
    if (term.value != "count") return bad_value(term.name);
    plan_.count_only = plan_.want_total = true;
    return {};
  }

  static Failure refuse(const SearchTerm& term, std::string_view why) {
    return fail(
        Category::Incorrect, kUnknownParameter,
        "The search parameter \"" + term.name.substr(0, 64) + "\" cannot be used: " + std::string(why) + ".");
  }

  const KeyScheme& scheme_;
  const SearchRequest& request_;
  std::string_view source_prefix_;
  SearchPlan plan_;
};

// The moments of `alternative` from which on, and up to which, something can hold.
std::int64_t low_of(const UpdatedFilter::Alternative& alternative) {
  switch (alternative.prefix) {
    case Prefix::Ne:
    case Prefix::Lt:
    case Prefix::Le:
    case Prefix::Eb:
      return INT64_MIN;
    case Prefix::Gt:
    case Prefix::Sa:
      return alternative.value.hi - kMillisecond;
    default:
      return alternative.value.lo - kMillisecond;
  }
}
std::int64_t high_of(const UpdatedFilter::Alternative& alternative) {
  switch (alternative.prefix) {
    case Prefix::Ne:
    case Prefix::Gt:
    case Prefix::Ge:
    case Prefix::Sa:
      return INT64_MAX - 1;
    case Prefix::Lt:
    case Prefix::Eb:
      return alternative.value.lo;
    default:
      return alternative.value.hi;
  }
}

}  // namespace

bool UpdatedFilter::holds(std::int64_t micros) const {
  const search::DateKey key{micros, micros + kMillisecond - 1, search::DatePrecision::Fraction, true};
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const Alternative& alternative) {
    return search::date_matches(alternative.prefix, alternative.value, key);
  });
}

bool SearchPlan::passes(std::int64_t micros) const {
  return std::all_of(updated.begin(), updated.end(),
                     [&](const UpdatedFilter& filter) { return filter.holds(micros); });
}

std::int64_t SearchPlan::first_updated() const {
  std::int64_t first = INT64_MIN;
  for (const auto& filter : updated) {
    std::int64_t low = INT64_MAX;
    for (const auto& alternative : filter.alternatives) low = std::min(low, low_of(alternative));
    first = std::max(first, low);
  }
  return first;
}

std::int64_t SearchPlan::last_updated() const {
  std::int64_t last = INT64_MAX - 1;
  for (const auto& filter : updated) {
    std::int64_t high = INT64_MIN;
    for (const auto& alternative : filter.alternatives) high = std::max(high, high_of(alternative));
    last = std::min(last, high);
  }
  return last;
}

Result<SearchPlan> plan_search(const KeyScheme& scheme, const SearchRequest& request,
                               std::string_view source_prefix) {
  return Planner(scheme, request, source_prefix).run();
}

}  // namespace lienthong::repository::sqlite
