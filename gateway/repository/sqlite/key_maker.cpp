#include <algorithm>
#include <variant>

#include "fhir-model/document/document.h"
#include "fhir-model/document/json_reader.h"
#include "fhir-model/search/key_extractor.h"
#include "gateway/repository/sqlite/key_values.h"
#include "gateway/repository/sqlite/resource_keys.h"
#include "gateway/repository/sqlite/resource_table.h"

namespace lienthong::repository::sqlite {
namespace {

namespace search = fhir::search;

constexpr std::string_view kTestSystem = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
constexpr std::string_view kOwnTags = "urn:lienthong:tag";

// The search keys of one resource → those that the tables keep.
class Collector {
 public:
  Collector(const TypeScheme& scheme, ResourceKeys& out) : scheme_(scheme), out_(out) {}

  void run(const search::SearchKeys& keys) {
    for (const search::KeyEntry& entry : keys.entries()) {
      use_ = scheme_.find(entry.parameter);
      if (use_ == nullptr) continue;
      for (const search::KeyValue& value : keys.values(entry.values)) {
        if (use_->lane) note_patient(value);
        if (use_->tag) note_tag(value);
        if (use_->stored) std::visit([this](const auto& key) { add(key); }, value.key);
      }
    }
  }

 private:
  void note_patient(const search::KeyValue& value) {
    static const fhir::TypeId kPatient = fhir::Definitions::r4().find_type("Patient")->id;
    const auto* key = std::get_if<search::ReferenceKey>(&value.key);
    const bool is_patient =
        key != nullptr && key->form == search::ReferenceForm::Local && key->type == kPatient;
    if (is_patient && out_.patient.size == 0) out_.patient = out_.keep(key->id);
  }

  void note_tag(const search::KeyValue& value) {
    const auto* key = std::get_if<search::TokenKey>(&value.key);
    if (key == nullptr) return;
    if (key->code == "HTEST" && key->system == kTestSystem) out_.tags |= kTest;
    if (key->system != kOwnTags) return;
    if (key->code == "claims-copy") out_.tags |= kClaimsCopy;
    if (key->code == "made-up") out_.tags |= kMadeUp;
  }

  void add_token(std::string_view system, std::string_view code) {
    out_.tokens.push_back({use_->number, out_.keep(system), out_.keep(stored_code(code, memory_))});
  }

  void add(const search::TokenKey& key) {
    if (!use_->unique) return add_token(key.system, key.code);
    if (!key.code.empty()) out_.unique.push_back(unique_hash(use_->number, key.system, key.code));
    if (!key.system.empty()) add_token(key.system, {});  // for "system|"
  }
  void add(const search::TokenTextKey&) {}
  void add(const search::PositionKey&) {}
  void add(const search::StringKey& key) {
    out_.strings.push_back({use_->number, out_.keep(stored_string(key.folded))});
  }
  void add(const search::UriKey& key) { add_token({}, key.uri); }
  void add(const search::DateKey& key) { add_posting(date_value(key)); }
  void add(const search::NumberKey& key) { add_posting(number_value(key, false)); }
  void add(const search::QuantityKey& key) {
    add_posting(number_value(key.number, false));
    if (!key.canonical_code.empty()) add_posting(number_value(key.canonical, true));
  }
  void add(const search::ReferenceIdentifierKey& key) { add_posting(identifier_value(key.value)); }
  void add(const search::ReferenceKey& key) {
    const TypeNumber type = type_number_of(key.type);
    if (key.form == search::ReferenceForm::Local && type != 0) {
      out_.references.push_back({use_->number, type, out_.keep(key.id)});
    } else if (key.form == search::ReferenceForm::Absolute) {
      add_posting(url_value(key.base, type_name(type), key.id));
    } else {
      add_posting(url_value(key.id));
    }
  }

  void add_posting(std::int64_t value) { out_.postings.push_back({use_->number, value}); }

  const TypeScheme& scheme_;
  ResourceKeys& out_;
  const ParameterUse* use_ = nullptr;
  std::string memory_;
};

}  // namespace

struct KeyMaker::Impl {
  explicit Impl(std::shared_ptr<const KeyScheme> with)
      : scheme(std::move(with)), extractor(scheme->model(), scheme->options()) {}
  std::shared_ptr<const KeyScheme> scheme;
  search::KeyExtractor extractor;
  search::SearchKeys keys;
  fhir::Document document;
  std::string text;
};

KeyMaker::KeyMaker(std::shared_ptr<const KeyScheme> scheme)
    : impl_(std::make_unique<Impl>(std::move(scheme))) {}

KeyMaker::~KeyMaker() = default;

const KeyScheme& KeyMaker::scheme() const {
  return *impl_->scheme;
}

const search::SearchKeys* KeyMaker::extract(TypeNumber type, std::string_view body) {
  constexpr std::size_t kKept = std::size_t{1} << 20;
  if (body.size() < 2) return nullptr;
  if (impl_->text.capacity() > kKept) impl_->text = std::string();
  impl_->text.assign("{\"resourceType\":\"").append(type_name(type)).append("\"");
  if (body.size() > 2) impl_->text.append(",");
  impl_->text.append(body.substr(1));
  const std::size_t size = impl_->text.size();
  impl_->text.append(fhir::kPadding, '\0');
  if (!fhir::read_json(std::string_view(impl_->text).substr(0, size), impl_->document)) return nullptr;
  return impl_->extractor.extract(impl_->document.root(), impl_->keys) ? &impl_->keys : nullptr;
}

ResourceKeys KeyMaker::make(TypeNumber type, std::string_view body) {
  ResourceKeys keys;
  const search::SearchKeys* extracted = extract(type, body);
  if (extracted == nullptr) return keys;
  keys.texts.reserve(256);
  Collector(impl_->scheme->of(type), keys).run(*extracted);
  return keys;
}

KeyMaker& thread_key_maker(const std::shared_ptr<const KeyScheme>& scheme) {
  thread_local std::unique_ptr<KeyMaker> own;
  if (!own || &own->scheme() != scheme.get()) own = std::make_unique<KeyMaker>(scheme);
  return *own;
}

}  // namespace lienthong::repository::sqlite
