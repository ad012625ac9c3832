#pragma once
// An adapter's instance that only resolves paths, while a mapping is loaded.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/arena.h"
#include "gateway/base/result.h"
#include "gateway/convert/program.h"

namespace lienthong::convert {

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
