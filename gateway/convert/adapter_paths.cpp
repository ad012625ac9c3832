#include "gateway/convert/adapter_paths.h"

#include <cstring>
#include <vector>

#include "gateway/convert/error_numbers.h"

namespace lienthong::convert {
namespace {

struct Creation {
  Arena* memory;
  std::string complaint;
};

void* allocate(void* context, size_t size, size_t align) {
  void* place = static_cast<Creation*>(context)->memory->allocate(size, align);
  if (place != nullptr) std::memset(place, 0, size);
  return place;
}

void note_problem(void* context, const lt_problem* problem) {
  auto& complaint = static_cast<Creation*>(context)->complaint;
  for (std::size_t i = 0; i < problem->argument_count; ++i) {
    if (!complaint.empty()) complaint += ' ';
    complaint.append(problem->arguments[i].data, problem->arguments[i].size);
  }
}

lt_status decode_nothing(void*, lt_text, lt_text, lt_text*) {
  return LT_UNSUPPORTED;
}

lt_host host_of(Creation& creation) {
  lt_host host{};
  host.struct_size = sizeof host;
  host.abi_minor = LT_ABI_MINOR;
  host.context = &creation;
  host.allocate = allocate;
  host.problem = note_problem;
  host.decode = decode_nothing;
  return host;
}

lt_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

Result<void*> create_instance(const Adapter& adapter, const ProfileInfo& profile, Arena& memory) {
  Creation creation{&memory, {}};
  const auto host = host_of(creation);
  std::vector<lt_option> options;
  for (const auto& [name, value] : profile.options) options.push_back({text_of(name), text_of(value)});
  void* instance = nullptr;
  const auto status = adapter.functions->create(&host, options.data(), options.size(), &instance);
  if (status == LT_OK) return instance;
  if (status == LT_OPTION) {
    return fail(
        Category::Incorrect, kAdapterRefused,
        "the adapter " + adapter.name + " does not accept the profile's options: " + creation.complaint);
  }
  return fail(Category::Fault, kAdapterFault, "the adapter " + adapter.name + " could not be started");
}

std::vector<void*> make_plans(const Adapter& adapter, void* instance, const std::vector<PlaceKind>& kinds,
                              Arena& memory) {
  const auto& functions = *adapter.functions;
  if (!LT_HAS(lt_adapter, &functions, fetch) || functions.plan == nullptr || functions.fetch == nullptr)
    return {};
  Creation creation{&memory, {}};
  const auto host = host_of(creation);
  std::vector<void*> plans;
  for (const auto& kind : kinds) {
    void* plan = nullptr;
    const auto status =
        functions.plan(instance, &host, kind.path, kind.columns.data(), kind.columns.size(), &plan);
    plans.push_back(status == LT_OK ? plan : nullptr);
  }
  return plans;
}

Result<std::unique_ptr<AdapterPaths>> AdapterPaths::open(const Adapter& adapter, const ProfileInfo& profile) {
  std::unique_ptr<AdapterPaths> paths(new AdapterPaths);
  auto instance = create_instance(adapter, profile, paths->memory_);
  if (!instance) return forward(instance);
  paths->functions_ = adapter.functions;
  paths->instance_ = *instance;
  return paths;
}

AdapterPaths::~AdapterPaths() {
  if (instance_ != nullptr) functions_->destroy(instance_);
}

bool AdapterPaths::resolve(lt_path context, std::string_view text, lt_path& out, std::string& nearest) {
  Creation creation{&memory_, {}};
  const auto host = host_of(creation);
  lt_text similar{nullptr, 0};
  if (functions_->resolve(instance_, &host, context, text_of(text), &out, &similar) == LT_OK) return true;
  if (similar.size > 0) nearest.assign(similar.data, similar.size);
  return false;
}

}  // namespace lienthong::convert
