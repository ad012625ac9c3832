#include "gateway/base/catalogue.h"

#include <array>
#include <charconv>
#include <stdexcept>

namespace lienthong {
namespace {

constexpr std::size_t kColumns = 7;

bool split_row(std::string_view line, std::array<std::string_view, kColumns>& columns) {
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto tab = line.find('\t');
    if ((tab == std::string_view::npos) != (i + 1 == kColumns)) return false;
    columns[i] = line.substr(0, tab);
    if (tab != std::string_view::npos) line.remove_prefix(tab + 1);
  }
  return true;
}

bool parse_number(std::string_view text, std::uint16_t& out) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc() && end == text.data() + text.size();
}

// Fills {0}, {1} … and {value} in; anything else in braces stays as it is.
std::string fill(std::string_view text, const Problem& problem, bool with_value) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const auto close = text.find('}');
    if (close == std::string_view::npos) return out += text;
    const auto name = text.substr(1, close - 1);
    std::uint16_t index = 0;
    if (name == "value") {
      out += with_value ? std::string_view(problem.value) : "…";
    } else if (parse_number(name, index)) {
      if (index < problem.arguments.size()) out += problem.arguments[index];
    } else {
      out += text.substr(0, close + 1);
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

const Catalogue& Catalogue::gateway() {
  static const Catalogue catalogue = [] {
    Catalogue made;
    for (const auto* text = catalogue_texts(); !text->empty(); ++text) {
      if (auto added = made.add("", *text); !added) throw std::runtime_error(to_string(added.error()));
    }
    return made;
  }();
  return catalogue;
}

Result<void> Catalogue::add(std::string_view name, std::string_view tsv) {
  std::size_t line_number = 0;
  while (!tsv.empty()) {
    ++line_number;
    const auto end = tsv.find('\n');
    auto line = tsv.substr(0, end);
    tsv = end == std::string_view::npos ? std::string_view() : tsv.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    std::array<std::string_view, kColumns> column;
    std::uint16_t number = 0;
    CatalogueEntry entry;
    if (!split_row(line, column) || !parse_number(column[0], number) ||
        !parse_number(column[2], entry.hl7_error)) {
      return fail(Category::Incorrect, 1001,
                  "catalogue of texts " + std::string(name) + ", line " + std::to_string(line_number) +
                      ": seven tab-separated columns with a number first are expected");
    }
    entry.issue_code = column[1];
    entry.text[0] = column[3];
    entry.text[1] = column[4];
    entry.remedy[0] = column[5];
    entry.remedy[1] = column[6];
    if (!entries_.emplace(std::pair(std::string(name), number), std::move(entry)).second) {
      return fail(
          Category::Incorrect, 1002,
          "catalogue of texts " + std::string(name) + ": number " + std::to_string(number) + " stands twice");
    }
  }
  return {};
}

const CatalogueEntry* Catalogue::find(std::string_view name, std::uint16_t number) const noexcept {
  const auto found = entries_.find(std::pair(std::string(name), number));
  return found == entries_.end() ? nullptr : &found->second;
}

std::string Catalogue::text(const Problem& problem, Language language, bool with_value) const {
  const auto* entry = find(problem.catalogue, problem.number);
  if (entry == nullptr) return code_of(problem);
  return fill(entry->text[static_cast<std::size_t>(language)], problem, with_value);
}

std::string Catalogue::remedy(const Problem& problem, Language language) const {
  const auto* entry = find(problem.catalogue, problem.number);
  return entry == nullptr ? std::string()
                          : fill(entry->remedy[static_cast<std::size_t>(language)], problem, false);
}

std::string code_of(const Problem& problem) {
  const auto number = std::to_string(problem.number);
  return (problem.catalogue.empty() ? std::string("LT") : problem.catalogue) + '-' + number;
}

}  // namespace lienthong
