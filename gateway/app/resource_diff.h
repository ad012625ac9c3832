#pragma once
// What differs between two bundles, resource by resource and element by element.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong::app {

enum class DiffKind : std::uint8_t { Added, Changed, Removed };
std::string_view name_of(DiffKind kind) noexcept;  // "added"

struct ElementDiff {
  std::string path;  // "name[0].family"; "request.method" for how the resource is meant
  DiffKind kind = DiffKind::Changed;
  std::string before, after;  // patients' data: shown only when asked for
};

struct ResourceDiff {
  std::string type, id;
  DiffKind kind = DiffKind::Changed;
  std::vector<ElementDiff> elements;  // by path; all of them of a resource that is added or removed
};

// Resources are the same by type and id. Nothing counts as a bundle without entries. In the order of
// `before`, then what is new. Any thread.
std::vector<ResourceDiff> compare_bundles(const std::optional<std::string>& before,
                                          const std::optional<std::string>& after);

// "name[0].family" → "name.family": the same element of every resource.
std::string without_indexes(std::string_view path);

}  // namespace lienthong::app
