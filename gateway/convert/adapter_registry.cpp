#include "gateway/convert/adapter_registry.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gateway/convert/error_numbers.h"

namespace lienthong::convert {
namespace {

namespace fs = std::filesystem;

std::string text_of(lt_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

bool has_required_functions(const lt_adapter& a) {
  return LT_HAS(lt_adapter, &a, each_value) && a.create && a.destroy && a.stream_open && a.stream_close &&
         a.frame && a.open && a.envelope && a.resolve && a.count && a.child && a.get && a.place &&
         a.each_value;
}

Result<void> read_texts(const std::string& module, const std::string& name, Catalogue& own,
                        Catalogue* catalogue) {
  const auto file = (fs::path(module).parent_path() / (name + ".problems.tsv")).string();
  std::ifstream in(file, std::ios::binary);
  if (!in) return {};
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (auto added = own.add(name, text); !added || catalogue == nullptr) return added;
  return catalogue->add(name, text);
}

std::string last_loader_error() {
  const char* text = dlerror();
  return text == nullptr ? "unknown reason" : text;
}

}  // namespace

Result<void> check_adapter(const lt_adapter* functions) {
  if (functions == nullptr) {
    return fail(Category::Unsupported, kAdapterVersion,
                "the adapter does not serve a host of ABI version " + std::to_string(LT_ABI_MAJOR));
  }
  if (functions->struct_size < offsetof(lt_adapter, name) || functions->abi_major != LT_ABI_MAJOR ||
      functions->abi_minor > LT_ABI_MINOR) {
    return fail(Category::Unsupported, kAdapterVersion,
                "the adapter was built for ABI version " + std::to_string(functions->abi_major) + "." +
                    std::to_string(functions->abi_minor) + "; this program serves " +
                    std::to_string(LT_ABI_MAJOR) + "." + std::to_string(LT_ABI_MINOR));
  }
  if (!has_required_functions(*functions)) {
    return fail(Category::Incorrect, kAdapterIncomplete,
                "the adapter lacks a function that every adapter must have");
  }
  if (functions->name.size == 0)
    return fail(Category::Incorrect, kAdapterIncomplete, "the adapter has no name");
  return {};
}

bool has_answers(const Adapter& adapter) noexcept {
  return LT_HAS(lt_adapter, adapter.functions, acknowledge) && adapter.functions->acknowledge != nullptr;
}

Result<void> AdapterRegistry::load_file(const std::string& file, Catalogue* catalogue) {
  // Never closed: destructors registered by a module's thread_locals would run into unmapped code.
  void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (module == nullptr) {
    return fail(Category::Incorrect, kAdapterNotLoaded,
                "the adapter cannot be loaded: " + last_loader_error());
  }
  const auto entry = reinterpret_cast<lt_adapter_entry_function>(dlsym(module, "lt_adapter_entry"));
  if (entry == nullptr) {
    return fail(Category::Incorrect, kAdapterNotLoaded,
                "not an adapter: it exports no symbol lt_adapter_entry");
  }
  const lt_adapter* functions = entry(LT_ABI_MAJOR, LT_ABI_MINOR);
  if (auto checked = check_adapter(functions); !checked) return forward(checked);
  auto adapter = std::make_unique<Adapter>();
  adapter->name = text_of(functions->name);
  adapter->version = text_of(functions->version);
  adapter->description = text_of(functions->description);
  adapter->file = file;
  adapter->functions = functions;
  if (find(adapter->name) != nullptr) {
    return fail(Category::Conflict, kAdapterTwice, "a second adapter of the name " + adapter->name);
  }
  if (auto read = read_texts(file, adapter->name, adapter->texts, catalogue); !read) return forward(read);
  adapters_.push_back(std::move(adapter));
  return {};
}

void AdapterRegistry::load_folder(const std::string& folder, Diagnostics& diagnostics, Catalogue* catalogue) {
  std::error_code failed;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path().string());
  }
  if (failed) {
    diagnostics.error(folder, 0, 0, "the folder of adapters cannot be read: " + failed.message());
    return;
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (auto loaded = load_file(file, catalogue); !loaded) diagnostics.error(file, 0, 0, loaded.error().text);
  }
}

const Adapter* AdapterRegistry::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(adapters_.begin(), adapters_.end(), [&](const auto& a) { return a->name == name; });
  return found == adapters_.end() ? nullptr : found->get();
}

}  // namespace lienthong::convert
