#pragma once
// An adapter's instance that only resolves paths, while a mapping is loaded.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/arena.h"
#include "gateway/base/result.h"
#include "gateway/convert/program.h"
#include "gateway/convert/program_data.h"

namespace lienthong::convert {

// A plan of `instance` for each kind of place (lt_adapter::plan), in `memory`; empty when the adapter makes
// none.
std::vector<void*> make_plans(const Adapter& adapter, void* instance, const std::vector<PlaceKind>& kinds,
                              Arena& memory);

class AdapterPaths {
 public:
  // Errors: Incorrect when the adapter refuses the profile's options; Fault.
  static Result<std::unique_ptr<AdapterPaths>> open(const Adapter& adapter, const ProfileInfo& profile);
  ~AdapterPaths();
  AdapterPaths(const AdapterPaths&) = delete;
  AdapterPaths& operator=(const AdapterPaths&) = delete;

  // False when there is no such path; `nearest` is then the most similar one, or empty.
  bool resolve(lt_path context, std::string_view text, lt_path& out, std::string& nearest);

 private:
  AdapterPaths() = default;

  const lt_adapter* functions_ = nullptr;
  void* instance_ = nullptr;
  Arena memory_;
};

// Makes an instance with the profile's options, in memory from `memory`. Errors: Incorrect (options), Fault.
Result<void*> create_instance(const Adapter& adapter, const ProfileInfo& profile, Arena& memory);

}  // namespace lienthong::convert
