#include "fhir-model/validate/profile_store.h"

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/profile_reader.h"

namespace fhir::validate {
namespace {

constexpr int kMaxDerivation = 50;  // profiles of profiles

const Node* elements_of(const Node& resource, Atom part) {
  const Node* view = resource.find(part);
  const Node* list = view == nullptr ? nullptr : view->find(atoms::kElement);
  return list != nullptr && list->is_array() && list->child_count() != 0 ? list : nullptr;
}

}  // namespace

ProfileStore::ProfileStore(const Definitions& definitions, const Terminology& terminology)
    : definitions_(definitions), terminology_(terminology) {}

void ProfileStore::add(const Node& resource) {
  const auto url = resource.member_text(atoms::kUrl);
  const auto derivation = resource.member_text(atoms::kDerivation);
  if (url.empty() || derivation == "specialization") return;
  sources_[std::string(bare_canonical(url))] = &resource;
}

void ProfileStore::add_global(std::string_view type, std::string_view url) {
  const Type* found = definitions_.find_type(type);
  if (found == nullptr) return;
  globals_.resize(definitions_.types().size());
  globals_[found->id].emplace_back(bare_canonical(url));
}

const std::vector<std::string>& ProfileStore::globals(TypeId type) const {
  static const std::vector<std::string> kNone;
  return globals_.empty() ? kNone : globals_[type];
}

void ProfileStore::build() {
  for (const auto& [url, node] : sources_) build_one(url, 0);
}

const Profile* ProfileStore::find(std::string_view url) const {
  const auto found = profiles_.find(bare_canonical(url));
  return found == profiles_.end() ? nullptr : found->second.get();
}

const Profile* ProfileStore::build_one(std::string_view url, int depth) {
  if (const auto done = profiles_.find(url); done != profiles_.end()) return done->second.get();
  const auto source = sources_.find(url);
  if (source == sources_.end()) return nullptr;
  profiles_[std::string(url)] = nullptr;  // a profile that rests on itself finds this
  auto profile = std::make_unique<Profile>();
  profile->url = url;
  if (!fill(*source->second, *profile, depth)) return nullptr;
  auto& slot = profiles_[std::string(url)];
  slot = std::move(profile);
  return slot.get();
}

bool ProfileStore::fill(const Node& resource, Profile& profile, int depth) {
  const auto base_url = bare_canonical(resource.member_text(atoms::kBaseDefinition));
  const Type* type = definitions_.find_type(resource.member_text(atoms::kType));
  const auto fail = [&](std::string_view why) {
    problems_.push_back(profile.url + ": " + std::string(why));
    return false;
  };
  if (type == nullptr) return fail("its type is none of FHIR R4");
  profile.type = type->id;
  profile.is_extension = type->id == type_ids::kExtension;
  const Node* elements = elements_of(resource, atoms::kDifferential);
  const Node* snapshot = elements_of(resource, atoms::kSnapshot);
  const Type* base_type = definitions_.find_type_by_url(base_url);
  const bool base_is_type = base_type != nullptr && !base_type->is_profile;
  if (!base_is_type) {
    const Profile* base = depth < kMaxDerivation ? build_one(base_url, depth + 1) : nullptr;
    if (base == nullptr && snapshot == nullptr)
      return fail("its base definition is not known, rests on itself, or has more than 50 others below it");
    if (base != nullptr) profile.root = base->root;
    if (base == nullptr) elements = snapshot;
  }
  if (elements == nullptr) elements = snapshot;
  ProfileReader reader(definitions_, terminology_, profile);
  if (elements != nullptr) {
    for (const Node& element : elements->children()) {
      const auto problem = reader.apply(element);
      if (!problem.empty()) return fail(problem);
    }
  }
  if (profile.root.path.empty()) profile.root.path = type->name.view();
  reader.read_contexts(resource);
  for (const auto& problem : reader.problems()) problems_.push_back(profile.url + ": " + problem);
  return true;
}

}  // namespace fhir::validate
