#include "gateway/repository/sqlite/search_plan.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <charconv>

#include "fhir-model/definitions/definitions.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/fhir_time.h"

namespace lienthong::repository::sqlite {
namespace {

Failure bad_value(std::string_view name) {
  return fail(Category::Incorrect, kBadParameter,
              "The value of the parameter \"" + std::string(name) + "\" cannot be read.");
}

// Alternatives are separated by commas; "\," "\|" "\$" and "\\" are the characters themselves (R4
// §3.1.1.4.1).
std::vector<std::string> split_unescaped(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      parts.back().append(text.substr(i, 2));
      ++i;
    } else if (text[i] == separator) {
      parts.emplace_back();
    } else {
      parts.back() += text[i];
    }
  }
  return parts;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

class Planner {
 public:
  explicit Planner(const SearchRequest& request) : request_(request) { plan_.count = request.default_count; }

  Result<SearchPlan> run() {
    plan_.type = type_number(request_.type);
    if (plan_.type == 0) return fail(Category::NotFound, kUnknownType, "FHIR R4 has no such resource type.");
    std::string question(request_.type);
    for (const auto& term : request_.terms) {
      const auto added = add(term);
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
    if (term.name == "identifier") return add_identifiers(term);
    if (term.name == "_lastUpdated") return add_updated(term);
    if (term.name == "_count") return add_count(term);
    if (term.name == "_sort") return add_sort(term);
    if (term.name == "_total") return add_total(term);
    if (term.name == "_summary") return add_summary(term);
    if (term.name == "_format" || term.name == "_pretty") return {};
    return add_reference(term);
  }

  Result<void> add_ids(const SearchTerm& term) {
    KeyFilter filter{KeyFilter::Kind::Id, {}, {}, {}};
    for (const auto& id : split_unescaped(term.value, ','))
      filter.values.push_back({{}, unescaped(id), false, {}});
    plan_.keys.push_back(std::move(filter));
    return {};
  }

  Result<void> add_identifiers(const SearchTerm& term) {
    const auto* type = fhir::Definitions::r4().find_type(request_.type);
    if (fhir::Definitions::r4().find_search_parameter(*type, "identifier") == nullptr) return unknown(term);
    KeyFilter filter{KeyFilter::Kind::Identifier, {}, {}, {}};
    for (const auto& token : split_unescaped(term.value, ',')) {
      const auto parts = split_unescaped(token, '|');
      if (parts.size() > 2 || parts.back().empty()) return bad_value(term.name);
      const bool any = parts.size() == 1;
      filter.values.push_back({any ? std::string() : unescaped(parts[0]), unescaped(parts.back()), any, {}});
    }
    plan_.keys.push_back(std::move(filter));
    return {};
  }

  // "patient", "subject", "subject:Patient"; values "123", "Patient/123", an absolute URL.
  Result<void> add_reference(const SearchTerm& term) {
    const auto colon = term.name.find(':');
    const std::string_view name = std::string_view(term.name).substr(0, colon);
    const std::string_view modifier =
        colon == std::string::npos ? std::string_view() : std::string_view(term.name).substr(colon + 1);
    const ReferenceSource source = reference_source(request_.type, name);
    const TypeNumber modifier_type = type_number(modifier);
    if (source.element.empty() || (!modifier.empty() && modifier_type == 0)) return unknown(term);
    KeyFilter filter{KeyFilter::Kind::Reference, source.parameter, source.element, {}};
    for (const auto& escaped : split_unescaped(term.value, ',')) {
      const std::string text = unescaped(escaped);
      if (text.empty()) return bad_value(term.name);
      filter.values.push_back(reference_value(name, text, modifier_type));
    }
    plan_.keys.push_back(std::move(filter));
    return {};
  }

  KeyFilter::Value reference_value(std::string_view name, const std::string& text,
                                   TypeNumber modifier_type) const {
    KeyFilter::Value value;
    const RelativeReference relative = parse_reference(text);
    if (relative.type != 0) return {{}, std::string(relative.id), false, {relative.type}};
    value.code = text;
    if (text.find(':') != std::string::npos) return value;
    if (modifier_type != 0) {
      value.types.push_back(modifier_type);
      return value;
    }
    const auto& r4 = fhir::Definitions::r4();
    const auto* parameter = r4.find_search_parameter(*r4.find_type(request_.type), name);
    if (name == "patient" || parameter == nullptr || parameter->targets.empty()) {
      value.types.push_back(type_number("Patient"));
      return value;
    }
    for (const auto target : parameter->targets) {
      const TypeNumber number = type_number(r4.type(target).name);
      if (number != 0) value.types.push_back(number);
    }
    return value;
  }

  Result<void> add_updated(const SearchTerm& term) {
    const std::string_view prefix = std::string_view(term.value).substr(0, 2);
    const bool has_prefix = !prefix.empty() && prefix[0] >= 'a' && prefix[0] <= 'z';
    const auto range = parse_time_range(std::string_view(term.value).substr(has_prefix ? 2 : 0));
    if (!range) return bad_value(term.name);
    const std::int64_t first = range->first.time_since_epoch().count(),
                       last = range->last.time_since_epoch().count();
    if (!has_prefix || prefix == "eq" || prefix == "ap") return add_range({first, last});
    if (prefix == "gt" || prefix == "sa") return add_range({last + 1, INT64_MAX});
    if (prefix == "ge") return add_range({first, INT64_MAX});
    if (prefix == "lt" || prefix == "eb") return add_range({INT64_MIN, first - 1});
    if (prefix == "le") return add_range({INT64_MIN, last});
    if (prefix != "ne") return bad_value(term.name);
    plan_.not_updated.push_back({first, last});
    return {};
  }

  Result<void> add_range(UpdatedRange range) {
    plan_.updated.push_back(range);
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
    if (term.value != "_lastUpdated" && term.value != "-_lastUpdated") return bad_value(term.name);
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

  Result<void> unknown(const SearchTerm& term) {
    return fail(Category::Incorrect, kUnknownParameter,
                "The search parameter \"" + term.name.substr(0, 64) + "\" is not known for " +
                    std::string(request_.type) + ".");
  }

  const SearchRequest& request_;
  SearchPlan plan_;
};

}  // namespace

bool KeyFilter::by_hash() const {
  if (kind != Kind::Reference) return kind == Kind::Identifier;
  return std::any_of(values.begin(), values.end(), [](const Value& value) { return value.types.empty(); });
}

bool KeyFilter::holds(std::string_view body) const {
  return std::any_of(values.begin(), values.end(), [&](const Value& value) {
    if (kind == Kind::Identifier)
      return states_identifier(body, {value.system, value.code, value.any_system});
    return states_reference(body, {element, value.types, value.code});
  });
}

bool SearchPlan::passes(std::int64_t micros) const {
  const auto inside = [&](const UpdatedRange& range) { return range.inside(micros); };
  return std::all_of(updated.begin(), updated.end(), inside) &&
         std::none_of(not_updated.begin(), not_updated.end(), inside);
}

Result<SearchPlan> plan_search(const SearchRequest& request) {
  return Planner(request).run();
}

}  // namespace lienthong::repository::sqlite
