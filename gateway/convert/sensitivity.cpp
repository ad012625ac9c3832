#include "gateway/convert/sensitivity.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "gateway/convert/json_text.h"
#include "gateway/convert/like.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kMostLabels = 32;
constexpr std::string_view kCode = "\"code\":\"", kSystem = "\"system\":\"";
bool is_word_letter(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

char small(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// The letter of an escape ("\n") is none of the word behind it.
bool is_escape_letter(std::string_view json, std::size_t at) noexcept {
  std::size_t backslashes = 0;
  while (backslashes < at && json[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

bool stands_alone(std::string_view json, std::size_t at, std::size_t size) noexcept {
  const bool before = at > 0 && is_word_letter(json[at - 1]) && !is_escape_letter(json, at - 1);
  const bool behind = at + size < json.size() && is_word_letter(json[at + size]);
  return !before && !behind;
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (small(text[i]) != word[i]) return false;
  }
  return true;
}

constexpr std::size_t kBlock = 16;
constexpr char kFold = 0x20;  // sets what capitals lack; others that become equal are told apart later

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
}

void Sensitivity::add_rule(Rule rule) {
  const char begin = rule.form[0];
  for (unsigned c = 0; c < rules_of_.size(); ++c) {
    const bool is_digit = c >= '0' && c <= '9';
    if (begin == '?' || begin == '*' || (begin == '#' && is_digit) || static_cast<char>(c) == begin)
      rules_of_[c].push_back(static_cast<std::uint16_t>(rules_.size()));
  }
  rules_.push_back(std::move(rule));
}

void Sensitivity::add_word(std::string text, std::uint32_t label) {
  if (text.size() < 2) return;
  std::transform(text.begin(), text.end(), text.begin(), small);
  Begin begin;
  begin.first.fill(static_cast<char>(text[0] | kFold));
  begin.second.fill(static_cast<char>(text[1] | kFold));
  if (std::find(begins_.begin(), begins_.end(), begin) == begins_.end()) begins_.push_back(begin);
  words_.push_back({std::move(text), label});
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
  return std::any_of(rules.begin(), rules.end(), [&](auto i) { return is_like(code, rules_[i].form); });
}

std::uint32_t Sensitivity::labels_of_code(std::string_view json, std::size_t at,
                                          std::string_view code) const noexcept {
  std::uint32_t labels = 0;
  std::string_view system;
  for (const auto number : rules_of_[static_cast<unsigned char>(code[0])]) {
    const auto& rule = rules_[number];
    if (!is_like(code, rule.form)) continue;
    if (system.empty()) system = system_before(json, at);
    if (system == rule.system) labels |= rule.label;
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

// Which of the 16 characters from `at` on may begin a word, one bit each: words are found by their first two
// characters, all in one pass, because every text of every message is looked through.
unsigned Sensitivity::starts_in(const char* at) const noexcept {
  const auto load = [](const char* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); };
  const auto fold = _mm_set1_epi8(kFold);
  const auto here = _mm_or_si128(load(at), fold), next = _mm_or_si128(load(at + 1), fold);
  auto any = _mm_setzero_si128();
  for (const auto& begin : begins_) {
    const auto first = _mm_cmpeq_epi8(here, load(begin.first.data()));
    any = _mm_or_si128(any, _mm_and_si128(first, _mm_cmpeq_epi8(next, load(begin.second.data()))));
  }
  return static_cast<unsigned>(_mm_movemask_epi8(any));
}

bool Sensitivity::may_name(std::string_view text) const noexcept {
  for (std::size_t from = 0; from < text.size(); from += kBlock) {
    for (auto starts = starts_in(text.data() + from); starts != 0; starts &= starts - 1) {
      const auto at = from + static_cast<std::size_t>(std::countr_zero(starts));
      if (at >= text.size()) break;
      for (const auto& word : words_) {
        if (is_word(text.substr(at), word.text)) return true;
      }
    }
  }
  return false;
}

std::uint32_t Sensitivity::labels_of_words(std::string_view json) const noexcept {
  std::uint32_t labels = 0;
  std::size_t at = 0;
  for (; at + kBlock < json.size(); at += kBlock) {
    for (auto starts = starts_in(json.data() + at); starts != 0; starts &= starts - 1)
      labels |= labels_of_word(json, at + static_cast<std::size_t>(std::countr_zero(starts)));
  }
  for (; at < json.size(); ++at) labels |= labels_of_word(json, at);
  return labels;
}

std::uint32_t Sensitivity::labels_of_word(std::string_view json, std::size_t at) const noexcept {
  std::uint32_t labels = 0;
  for (const auto& word : words_) {
    if (is_word(json.substr(at), word.text) && stands_alone(json, at, word.text.size())) labels |= word.label;
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
