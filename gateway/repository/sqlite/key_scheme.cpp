#include "gateway/repository/sqlite/key_scheme.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <string>

namespace lienthong::repository::sqlite {
namespace {

// Rises whenever the same resource gives other keys than before, so that stores are brought along.
constexpr std::uint64_t kKeyFormat = 1;

class Hash {
 public:
  void add(std::string_view text) { value_ = XXH3_64bits_withSeed(text.data(), text.size(), value_ + 1); }
  void add(std::uint64_t number) { value_ = XXH3_64bits_withSeed(&number, sizeof number, value_ + 1); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

std::uint64_t fingerprint_of(const fhir::search::SearchModel& model,
                             const fhir::search::KeyOptions& options) {
  Hash hash;
  hash.add(kKeyFormat);
  hash.add(static_cast<std::uint64_t>(static_cast<std::int64_t>(options.zone_minutes)));
  for (const auto& base : options.server_bases) hash.add(base);
  const std::size_t builtin = fhir::Definitions::r4().search_parameters().size();
  for (std::size_t i = builtin; i < model.parameter_count(); ++i) {
    const auto& info = model.parameter(static_cast<fhir::search::ParameterId>(i));
    hash.add(info.url);
    hash.add(info.code);
    hash.add(info.expression);
    hash.add(static_cast<std::uint64_t>(info.type));
    for (const auto base : info.bases) hash.add(base);
  }
  return hash.value();
}

}  // namespace

const ParameterUse* TypeScheme::find(std::string_view code) const {
  const auto found =
      std::lower_bound(uses.begin(), uses.end(), code,
                       [](const ParameterUse& use, auto wanted) { return use.info->code < wanted; });
  return found == uses.end() || found->info->code != code ? nullptr : &*found;
}

KeyScheme::KeyScheme(fhir::search::KeyOptions options, std::unique_ptr<const fhir::search::SearchModel> model)
    : own_model_(std::move(model)),
      model_(own_model_ ? own_model_.get() : &fhir::search::SearchModel::r4()),
      options_(std::move(options)),
      fingerprint_(fingerprint_of(*model_, options_)) {}

KeyScheme::~KeyScheme() = default;

const TypeScheme& KeyScheme::of(TypeNumber type) const {
  auto& slot = types_[type];
  const TypeScheme* known = slot.load(std::memory_order_acquire);
  if (known != nullptr) return *known;
  auto made = make_type_scheme(*model_, type);
  const std::lock_guard lock(mutex_);
  known = slot.load(std::memory_order_relaxed);
  if (known != nullptr) return *known;
  owned_.push_back(std::move(made));
  slot.store(owned_.back().get(), std::memory_order_release);
  return *owned_.back();
}

TypeNumber type_number_of(fhir::TypeId id) {
  static const std::vector<TypeNumber> numbers = [] {
    const auto& types = fhir::Definitions::r4().types();
    std::vector<TypeNumber> made(types.size(), TypeNumber{0});
    for (std::size_t i = 1; i < types.size(); ++i) made[i] = type_number(types[i].name);
    return made;
  }();
  return id < numbers.size() ? numbers[id] : TypeNumber{0};
}

}  // namespace lienthong::repository::sqlite
