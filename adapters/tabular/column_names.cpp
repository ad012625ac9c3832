#include "adapters/tabular/column_names.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "adapters/sdk/nearest.h"

namespace lienthong::tabular {
namespace {

constexpr std::size_t kMostSets = 1024;

bool is_word(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

// "Name[2]" into its parts.
ColumnName parse_name(std::string_view text) {
  ColumnName name;
  const std::size_t open = text.rfind('[');
  if (open != std::string_view::npos && open > 0 && text.back() == ']') {
    const char* end = text.data() + text.size() - 1;
    std::uint32_t ordinal = 0;
    const auto read = std::from_chars(text.data() + open + 1, end, ordinal);
    if (read.ec == std::errc() && read.ptr == end && ordinal > 0) {
      name.ordinal = ordinal;
      text = text.substr(0, open);
    }
  }
  name.text = text;
  name.fold = fold_heading(text);
  return name;
}

}  // namespace

std::string fold_heading(std::string_view heading) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  std::string fold;
  bool gap = false;
  for (std::size_t i = 0; i < heading.size(); ++i) {
    if (heading.substr(i, 2) == kNoBreakSpace) {
      gap = true;
      ++i;
      continue;
    }
    if (!is_word(heading[i])) {
      gap = true;
      continue;
    }
    if (gap && !fold.empty()) fold += '_';
    gap = false;
    const char c = heading[i];
    fold += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return fold;
}

ColumnNames::ColumnNames(const std::vector<std::string>& declared)
    : declared_(declared), names_(std::make_unique<ColumnName[]>(kMost)) {
  declared_views_.assign(declared_.begin(), declared_.end());
  for (const std::string& name : declared_) add(name);
}

ColumnNames* ColumnNames::of(const std::string& options, const std::vector<std::string>& declared) {
  static std::mutex mutex;
  static auto* const sets = new std::map<std::string, std::unique_ptr<ColumnNames>>;
  const std::lock_guard lock(mutex);
  const auto found = sets->find(options);
  if (found != sets->end()) return found->second.get();
  if (sets->size() >= kMostSets) return nullptr;
  auto& made = (*sets)[options];
  made.reset(new ColumnNames(declared));
  return made.get();
}

lt_path ColumnNames::add(std::string_view text) {
  const std::lock_guard lock(write_);
  ColumnName name = parse_name(text);
  for (const std::string& one : declared_) {  // one name for all its spellings
    if (one != name.text && !name.fold.empty() && fold_heading(one) == name.fold) name.text = one;
  }
  const std::uint32_t count = count_.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (names_[i].text == name.text && names_[i].ordinal == name.ordinal) return kFirstColumnPath + i;
  }
  if (count == kMost || name.text.empty()) return 0;
  names_[count] = std::move(name);
  count_.store(count + 1, std::memory_order_release);
  return kFirstColumnPath + count;
}

bool ColumnNames::is_declared(std::string_view text, std::string_view& nearest) const {
  const ColumnName name = parse_name(text);
  for (const std::string& one : declared_) {
    if (one == name.text || (!name.fold.empty() && fold_heading(one) == name.fold)) return true;
  }
  nearest = sdk::nearest(name.text, declared_views_);
  return false;
}

}  // namespace lienthong::tabular
