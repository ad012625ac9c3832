// Search as the repository offers it.
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/search_run.h"
#include "gateway/repository/sqlite/sqlite_repository.h"

namespace lienthong::repository::sqlite {
namespace {

std::string_view name_of(fhir::SearchType type) {
  switch (type) {
    case fhir::SearchType::Number:
      return "number";
    case fhir::SearchType::Date:
      return "date";
    case fhir::SearchType::String:
      return "string";
    case fhir::SearchType::Token:
      return "token";
    case fhir::SearchType::Reference:
      return "reference";
    case fhir::SearchType::Composite:
      return "composite";
    case fhir::SearchType::Quantity:
      return "quantity";
    case fhir::SearchType::Uri:
      return "uri";
    case fhir::SearchType::Special:
      break;
  }
  return "special";
}

}  // namespace

Result<SearchPage> SqliteRepository::search(store::Connection& connection,
                                            const SearchRequest& request) const {
  auto plan = plan_search(connection, request);
  if (!plan) return forward(plan);
  return SearchRun(connection, scheme_, *plan, source_prefix_).run(request.cursor);
}

Result<SearchPage> SqliteRepository::search_inside_job(store::Transaction& transaction,
                                                       const SearchRequest& request) const {
  constexpr std::uint64_t kMostLookedAt = 2'000;  // about 20 ms
  auto plan = plan_search(transaction, request);
  if (!plan) return forward(plan);
  SearchRun run(transaction, scheme_, *plan, source_prefix_);
  run.inside_job(table_.waiting(), kMostLookedAt);
  return run.run(request.cursor);
}

Result<SearchPlan> SqliteRepository::plan_search(store::Connection& connection,
                                                 const SearchRequest& request) const {
  if (!keys_current_.load(std::memory_order_relaxed)) {
    const auto current = keys_are_current(connection, *scheme_);
    if (!current) return forward(current);
    if (!*current) {
      return fail(Category::Busy, kKeysAreMade,
                  "The search keys are being made anew after an upgrade; searching will work again soon.");
    }
    keys_current_ = true;
  }
  return sqlite::plan_search(*scheme_, request, source_prefix_);
}

std::vector<SupportedParameter> SqliteRepository::search_parameters(std::string_view type) const {
  std::vector<SupportedParameter> all;
  const TypeNumber number = type_number(type);
  if (number == 0) return all;
  for (const ParameterUse& use : scheme_->of(number).uses) {
    if (use.info->expression.empty()) continue;
    all.push_back({use.info->code, name_of(use.info->type), use.info->url});
  }
  return all;
}

}  // namespace lienthong::repository::sqlite
