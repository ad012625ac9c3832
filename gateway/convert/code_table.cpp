#include "gateway/convert/code_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/convert/json_text.h"
#include "gateway/convert/text_types.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kColumns = 7;
constexpr std::array<std::string_view, kColumns> kHeader = {
    "code", "text", "system", "target code", "display", "target system", "comment"};
constexpr std::size_t kMaxRows = 200'000;

// Splits CSV (RFC 4180): quoted cells may hold commas, quotes (doubled) and line breaks.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.substr(0, 3) == "\xef\xbb\xbf") at_ = 3;
  }

  // False at the end. `line`: where the row begins.
  bool next(std::vector<std::string>& cells, unsigned& line) {
    cells.clear();
    if (at_ >= text_.size()) return false;
    line = line_;
    while (read_cell(cells)) {
    }
    return true;
  }

 private:
  // True when another cell of this row follows.
  bool read_cell(std::vector<std::string>& cells) {
    std::string& cell = cells.emplace_back();
    if (at_ < text_.size() && text_[at_] == '"') read_quoted(cell);
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == ',') return true;
      if (c == '\n') {
        ++line_;
        return false;
      }
      if (c != '\r') cell += c;
    }
    return false;
  }

  void read_quoted(std::string& cell) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
        continue;
      }
      if (at_ >= text_.size() || text_[at_] != '"') return;
      cell += '"';
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
};

std::uint32_t hash_of(std::string_view text) noexcept {
  std::uint32_t hash = 2166136261u;  // FNV-1a: codes are short
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

// A part that is not there is left out.
bool add_member(std::string& out, std::string_view name, const std::string& text, WriteAs as) {
  if (text.empty()) return true;
  if (!fits_text(as, text)) return false;
  out.append(name).append(json_string(text)).append(",");
  return true;
}

std::string coding_of(const CodeRow& row) {
  std::string out;
  const bool fits = add_member(out, "\"system\":", row.target_system, WriteAs::Uri) &&
                    add_member(out, "\"code\":", row.target_code, WriteAs::Code) &&
                    add_member(out, "\"display\":", row.target_display, WriteAs::String);
  return fits ? out : std::string();
}

bool is_blank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); });
}

}  // namespace

void CodeTable::read(const std::string& file, std::string_view csv, Diagnostics& diagnostics) {
  file_ = file;
  CsvReader reader(csv);
  std::vector<std::string> cells;
  unsigned line = 0;
  if (!reader.next(cells, line) || cells.size() < 6 ||
      !std::equal(cells.begin(), cells.begin() + 6, kHeader.begin())) {
    diagnostics.error(
        file, 1, 1,
        "the first line must name the columns: code,text,system,target code,display,target system,comment");
    return;
  }
  const auto first_of_file = rows_.size();
  while (reader.next(cells, line)) {
    if (is_blank(cells)) continue;
    if (rows_.size() >= kMaxRows) {
      diagnostics.error(file, line, 1, "a code table holds at most " + std::to_string(kMaxRows) + " rows");
      return;
    }
    add_row(cells, line, first_of_file, diagnostics);
  }
  build_index();
}

void CodeTable::add_row(const std::vector<std::string>& cells, unsigned line, std::size_t first_of_file,
                        Diagnostics& diagnostics) {
  if (cells.size() < 6 || cells.size() > kColumns) {
    diagnostics.error(file_, line, 1,
                      "a row has 6 or 7 cells; this one has " + std::to_string(cells.size()) +
                          " (a cell that holds a comma must stand in quotes)");
    return;
  }
  if (cells[0].empty()) {
    diagnostics.error(file_, line, 1, "a row without a code");
    return;
  }
  CodeRow row{cells[0], cells[3], cells[4], cells[5], file_, line, {}, false};
  const auto [earlier, is_new] = by_code_.try_emplace(row.code, rows_.size());
  if (is_new) {
    rows_.push_back(std::move(row));
    return;
  }
  auto& known = rows_[earlier->second];
  if (earlier->second >= first_of_file || known.file == file_) {
    diagnostics.error(
        file_, line, 1,
        "the code \"" + row.code + "\" stands twice (first on line " + std::to_string(known.line) + ")");
    return;
  }
  known = std::move(row);
}

void CodeTable::build_index() {
  std::size_t size = 8;
  while (size < rows_.size() * 2) size *= 2;
  slots_.assign(size, 0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    rows_[i].coding = coding_of(rows_[i]);
    auto slot = hash_of(rows_[i].code) & (size - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (size - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

void CodeTable::guard(const std::function<bool(const CodeRow&)>& is_guarded) {
  for (auto& row : rows_) row.is_guarded = is_guarded(row);
}

const CodeRow* CodeTable::find(std::string_view code) const noexcept {
  if (slots_.empty()) return nullptr;
  auto slot = hash_of(code) & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const auto& row = rows_[slots_[slot] - 1];
    if (row.code == code) return &row;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return nullptr;
}

}  // namespace lienthong::convert
