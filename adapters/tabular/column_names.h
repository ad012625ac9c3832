#pragma once
// The names of columns that mappings read. A path's number is a name's place here, so the numbers are equal
// in all instances with equal options; the names outlive every instance.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"

namespace lienthong::tabular {

// The path that names rows; columns are numbered behind it.
constexpr lt_path kRowPath = 1;
constexpr lt_path kFirstColumnPath = 2;

// What two spellings of one heading have in common: letters and digits, ASCII in lower case, everything
// between them one "_". "Mã BN (cũ)" and "Mã_BN_cũ" fold alike; "%" folds to nothing.
std::string fold_heading(std::string_view heading);

struct ColumnName {
  std::string text, fold;
  std::uint32_t ordinal = 0;  // "Name[2]": the second column of that heading; 0 = not said
};

class ColumnNames {
 public:
  static constexpr std::uint32_t kMost = 2048;

  // Those of one set of options; nullptr when the process knows 1,024 sets already. Any thread.
  static ColumnNames* of(const std::string& options, const std::vector<std::string>& declared);

  // The name's path, made known if it is not. 0 when no more can be kept. Any thread.
  lt_path add(std::string_view name);
  // With declared columns, whether the name is one of them; `nearest` is the most similar one, or empty.
  bool is_declared(std::string_view name, std::string_view& nearest) const;

  const std::vector<std::string>& declared() const noexcept { return declared_; }
  // Names below it never change, so readers take no lock.
  std::uint32_t count() const noexcept { return count_.load(std::memory_order_acquire); }
  const ColumnName& at(std::uint32_t i) const noexcept { return names_[i]; }

 private:
  explicit ColumnNames(const std::vector<std::string>& declared);

  std::vector<std::string> declared_;
  std::vector<std::string_view> declared_views_;
  std::mutex write_;
  std::unique_ptr<ColumnName[]> names_;
  std::atomic<std::uint32_t> count_{0};
};

}  // namespace lienthong::tabular
