#include "fhir-model/path/program.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/path/parser.h"
#include "fhir-model/path/program_data.h"

namespace fhir::path {
namespace {

constexpr std::array<std::string_view, 9> kSystemNames = {"",     "Boolean",  "String", "Integer", "Decimal",
                                                          "Date", "DateTime", "Time",   "Quantity"};

SystemType settle_system_type(const Definitions& definitions, const Type& type) {
  if (definitions.is_a(type.id, type_ids::kQuantity)) return SystemType::Quantity;
  if (type.kind != TypeKind::Primitive) return SystemType::None;
  constexpr std::array<std::pair<TypeId, SystemType>, 7> kBases = {
      {{type_ids::kBoolean, SystemType::Boolean},
       {type_ids::kInteger, SystemType::Integer},
       {type_ids::kDecimal, SystemType::Decimal},
       {type_ids::kDate, SystemType::Date},
       {type_ids::kDateTime, SystemType::DateTime},
       {type_ids::kInstant, SystemType::DateTime},
       {type_ids::kTime, SystemType::Time}}};
  for (const auto& [base, system] : kBases) {
    if (definitions.is_a(type.id, base)) return system;
  }
  return SystemType::String;
}

std::vector<SystemType> system_types() {
  const Definitions& definitions = Definitions::r4();
  std::vector<SystemType> table(definitions.types().size(), SystemType::None);
  for (std::size_t id = 1; id < table.size(); ++id) {
    table[id] = settle_system_type(definitions, definitions.type(static_cast<TypeId>(id)));
  }
  return table;
}

using ChoiceIndex = std::map<std::string_view, std::vector<ChoiceElement>>;

ChoiceIndex index_choices() {
  ChoiceIndex index;
  for (const Type& type : Definitions::r4().types()) {
    for (const Element& element : type.elements) {
      if (!element.is_choice) continue;
      const std::string_view name = element.name;
      index[name.substr(0, name.size() - 3)].push_back({type.id, &element});
    }
  }
  return index;
}

// The patterns that some program uses at present.
class PatternCache {
 public:
  std::shared_ptr<const re2::RE2> get(const std::string& text) {
    const std::lock_guard lock(mutex_);
    std::weak_ptr<const re2::RE2>& known = patterns_[text];
    if (auto pattern = known.lock()) return pattern;
    constexpr std::int64_t kMemory = 8 << 20;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMemory);
    options.set_dot_nl(true);  // FHIRPath 2.0 §5.6.7: single line mode
    auto pattern = std::make_shared<const re2::RE2>(text, options);
    known = pattern;
    if (patterns_.size() > kMany)
      std::erase_if(patterns_, [](const auto& entry) { return entry.second.expired(); });
    return pattern;
  }

 private:
  static constexpr std::size_t kMany = 1000;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const re2::RE2>> patterns_;
};

}  // namespace

ProgramData::ProgramData() = default;
ProgramData::~ProgramData() = default;

Program::Program(std::unique_ptr<const ProgramData> data) : data_(std::move(data)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::string_view Program::expression() const {
  return data_->expression;
}

const Definitions& Program::definitions() const {
  return *data_->definitions;
}

Expected<Program> Program::compile(const Definitions& definitions, std::string_view expression,
                                   const CompileOptions& options) {
  auto parsed = Parser(definitions, expression, options).parse();
  if (!parsed) return tl::unexpected(parsed.error());
  if (options.strict) {
    if (auto checked = check_types(**parsed, options); !checked) return tl::unexpected(checked.error());
  }
  return Program(std::move(*parsed));
}

SystemType system_type_of(TypeId type) {
  static const std::vector<SystemType> table = system_types();
  return table[type];
}

SystemType system_type_named(std::string_view name) {
  for (std::size_t i = 1; i < kSystemNames.size(); ++i) {
    if (kSystemNames[i] == name) return static_cast<SystemType>(i);
  }
  return SystemType::None;
}

std::string_view system_type_name(SystemType type) {
  return kSystemNames[static_cast<std::size_t>(type)];
}

std::span<const ChoiceElement> choice_elements(std::string_view name) {
  static const ChoiceIndex index = index_choices();
  const auto found = index.find(name);
  return found == index.end() ? std::span<const ChoiceElement>()
                              : std::span<const ChoiceElement>(found->second);
}

std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string_view flags) {
  static PatternCache cache;
  std::string text(pattern);
  if (flags.find('m') != std::string_view::npos) text.insert(0, "(?m)");
  if (flags.find('i') != std::string_view::npos) text.insert(0, "(?i)");
  return cache.get(text);
}

}  // namespace fhir::path
