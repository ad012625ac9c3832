#include "gateway/convert/sensitivity.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "gateway/convert/json_text.h"
#include "gateway/convert/like.h"
#include "gateway/convert/word_begins.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kMostLabels = 32;
constexpr std::string_view kCode = "\"code\":\"", kSystem = "\"system\":\"";
constexpr auto kWordLetters = [] {
  std::array<bool, 256> letters{};
  for (unsigned c = 0; c < letters.size(); ++c)
    letters[c] = c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  return letters;
}();

bool is_word_letter(char c) noexcept {
  return kWordLetters[static_cast<unsigned char>(c)];
}

char small(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool ends_alone(std::string_view json, std::size_t end) noexcept {
  return end >= json.size() || !is_word_letter(json[end]);
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (small(text[i]) != word[i]) return false;
  }
  return true;
}

// Three characters as a number without what tells small letters from capitals; others that become equal are
// told apart later.
std::size_t mix(char first, char second, char third) noexcept {
  constexpr std::uint32_t kFold = 0x202020;
  const auto together = std::uint32_t{static_cast<unsigned char>(first)} |
                        std::uint32_t{static_cast<unsigned char>(second)} << 8 |
                        std::uint32_t{static_cast<unsigned char>(third)} << 16;
  return ((together | kFold) * 0x9E3779B1U) >> 20;
}
constexpr std::size_t kBegins = std::size_t{1} << 12;

// Whether the system has one of the forms, which stand between blanks.
bool is_one_of(std::string_view system, std::string_view forms) noexcept {
  while (!forms.empty()) {
    const auto end = std::min(forms.find(' '), forms.size());
    if (is_like(system, forms.substr(0, end))) return true;
    forms.remove_prefix(std::min(end + 1, forms.size()));
  }
  return false;
}

// The system of the Coding whose code stands at `at`: the one between its bracket and the code.
std::string_view system_before(std::string_view json, std::size_t at) noexcept {
  const auto open = json.rfind('{', at);
  const auto from = open == std::string_view::npos ? open : json.find(kSystem, open);
  if (from == std::string_view::npos || from > at) return {};
  const auto value = from + kSystem.size();
  return json.substr(value, json.find('"', value) - value);
}

}  // namespace

Sensitivity::Sensitivity(const CodeTable* table) {
  if (table == nullptr) return;
  for (const auto& row : table->rows()) {
    const auto bar = row.code.rfind('|');
    const auto label = label_of(row);
    if (row.code == "*") every_ = label;
    if (bar == std::string::npos || bar + 1 == row.code.size() || label == 0) continue;
    const auto form = row.code.substr(bar + 1);
    if (bar == 0)
      add_word(form, label);
    else
      add_rule({row.code.substr(0, bar), form, label});
  }
  std::sort(words_.begin(), words_.end(), [](const Word& a, const Word& b) { return a.text < b.text; });
}

void Sensitivity::add_rule(Rule rule) {
  rule.is_of_system = rule.form.size() == 1 && rule.systems.find_first_of("*?#") == std::string::npos;
  for (auto rest = std::string_view(rule.systems); rule.is_of_system && !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (end > 0) systems_.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const char begin = rule.form[0];
  for (unsigned c = 0; c < rules_of_.size(); ++c) {
    const bool is_digit = c >= '0' && c <= '9';
    if (begin == '?' || begin == '*' || (begin == '#' && is_digit) || static_cast<char>(c) == begin)
      rules_of_[c].push_back(static_cast<std::uint16_t>(rules_.size()));
  }
  rules_.push_back(std::move(rule));
}

void Sensitivity::add_word(std::string text, std::uint32_t label) {
  const bool is_open = text.ends_with('*');
  if (is_open) text.pop_back();
  if (text.size() < 2) return;
  std::transform(text.begin(), text.end(), text.begin(), small);
  begins_.resize(kBegins / 64);
  for (unsigned any = 0; any < 256; ++any) {
    const auto begin = mix(text[0], text[1], text.size() > 2 ? text[2] : static_cast<char>(any));
    begins_[begin / 64] |= std::uint64_t{1} << begin % 64;
  }
  begins_with_sign_ = begins_with_sign_ || !is_word_letter(text[0]);
  words_.push_back({std::move(text), label, is_open});
}

std::uint32_t Sensitivity::label_of(const CodeRow& row) {
  if (row.target_code.empty()) return 0;
  auto json = R"({"system":)" + json_string(row.target_system) + R"(,"code":)" + json_string(row.target_code);
  if (!row.target_display.empty()) json += R"(,"display":)" + json_string(row.target_display);
  json += '}';
  auto found = std::find(labels_.begin(), labels_.end(), json);
  if (found == labels_.end()) {
    if (labels_.size() == kMostLabels) return 0;
    found = labels_.insert(labels_.end(), std::move(json));
  }
  return std::uint32_t{1} << (found - labels_.begin());
}

bool Sensitivity::may_be_code(std::string_view code) const noexcept {
  if (code.empty()) return false;
  const auto& rules = rules_of_[static_cast<unsigned char>(code[0])];
  return std::any_of(rules.begin(), rules.end(),
                     [&](auto i) { return !rules_[i].is_of_system && is_like(code, rules_[i].form); });
}

bool Sensitivity::may_be_system(std::string_view text) const noexcept {
  if (systems_.empty() || text.find(':') == std::string_view::npos) return false;
  return std::any_of(systems_.begin(), systems_.end(),
                     [&](const auto& system) { return text.find(system) != std::string_view::npos; });
}

bool Sensitivity::may_name(std::string_view json) const noexcept {
  return may_have_word(json) || may_be_system(json);
}

std::uint32_t Sensitivity::labels_of_code(std::string_view json, std::size_t at,
                                          std::string_view code) const noexcept {
  std::uint32_t labels = 0;
  std::string_view system;
  for (const auto number : rules_of_[static_cast<unsigned char>(code[0])]) {
    const auto& rule = rules_[number];
    if (!is_like(code, rule.form)) continue;
    if (system.empty()) system = system_before(json, at);
    if (is_one_of(system, rule.systems)) labels |= rule.label;
  }
  return labels;
}

std::uint32_t Sensitivity::labels_of(std::string_view json) const noexcept {
  std::uint32_t labels = 0;
  for (std::size_t from = 0; from < json.size();) {
    const auto at = json.find(kCode, from);
    if (at == std::string_view::npos) break;
    from = at + kCode.size();
    const auto code = json.substr(from, json.find('"', from) - from);
    if (!code.empty()) labels |= labels_of_code(json, at, code);
  }
  return labels | labels_of_words(json);
}

// Words are found by their first characters, because every text of every message is looked through.
inline bool Sensitivity::may_begin(const char* at) const noexcept {
  const auto begin = mix(at[0], at[1], at[2]);
  return (begins_[begin / 64] >> begin % 64 & 1) != 0;
}

// The first look finds nothing in almost all texts.
bool Sensitivity::may_have_word(std::string_view json) const noexcept {
  if (words_.empty()) return false;
  unsigned follows_letter = 0;
  for (std::size_t at = 0; at < json.size(); at += kTextBlock) {
    const auto* const text = json.data() + at;
    const auto bytes = load_block(text, kTextBlock);
    const auto inside = first_bits(std::min(json.size() - at, kTextBlock));
    const auto letters = WordBegins::letters_of(bytes) & inside;
    const auto escapes = bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))) & inside;
    if (escapes != 0 || begins_with_sign_) return labels_of_words(json) != 0;
    for (auto begins = letters & ~(letters << 1 | follows_letter); begins != 0; begins &= begins - 1) {
      if (may_begin(text + std::countr_zero(begins))) return labels_of_words(json) != 0;
    }
    follows_letter = letters >> (kTextBlock - 1);
  }
  return false;
}

std::uint32_t Sensitivity::labels_of_words(std::string_view json) const noexcept {
  if (words_.empty()) return 0;
  std::uint32_t labels = 0;
  WordBegins block(json);
  while (block.next()) {
    auto begins = begins_with_sign_ ? block.begins() : block.begins() & block.letters();
    for (; begins != 0; begins &= begins - 1) {
      const auto at = block.at() + static_cast<std::size_t>(std::countr_zero(begins));
      const auto left = json.size() - at;
      if (left == 2 || (left > 2 && may_begin(json.data() + at))) labels |= labels_of_word(json, at);
    }
  }
  return labels;
}

std::uint32_t Sensitivity::labels_of_word(std::string_view json, std::size_t at) const noexcept {
  const char begin[] = {small(json[at]), small(json[at + 1])};
  const std::string_view first(begin, sizeof begin);
  auto word = std::lower_bound(words_.begin(), words_.end(), first,
                               [](const Word& w, std::string_view text) { return w.text < text; });
  std::uint32_t labels = 0;
  for (; word != words_.end() && word->text.starts_with(first); ++word) {
    if (!is_word(json.substr(at), word->text)) continue;
    if (word->is_open || ends_alone(json, at + word->text.size())) labels |= word->label;
  }
  return labels;
}

std::string Sensitivity::security(std::uint32_t labels) const {
  labels |= every_;
  std::string json;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if ((labels >> i & 1) != 0) json += (json.empty() ? "" : ",") + labels_[i];
  }
  return json;
}

}  // namespace lienthong::convert
