#include "gateway/convert/sensitivity.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>

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

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) noexcept {
  const bool before = at > 0 && is_word_letter(text[at - 1]);
  const bool behind = at + size < text.size() && is_word_letter(text[at + size]);
  return !before && !behind;
}

constexpr std::size_t kTogether = 16;  // how many beginnings of words one pass looks for
constexpr std::size_t kBlock = 16;

struct Begins {
  __m128i first[kTogether], second[kTogether];
  std::size_t count = 0;
};

// Which of the 16 characters from `at` on may begin a word, one bit each: words are found by their first two
// characters, all in one pass, because every resource of every message is looked through.
unsigned starts_in(const char* at, const Begins& begins) noexcept {
  const auto here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const auto next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
  auto any = _mm_setzero_si128();
  for (std::size_t i = 0; i < begins.count; ++i) {
    const auto first = _mm_cmpeq_epi8(here, begins.first[i]);
    any = _mm_or_si128(any, _mm_and_si128(first, _mm_cmpeq_epi8(next, begins.second[i])));
  }
  return static_cast<unsigned>(_mm_movemask_epi8(any));
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
    if (bar == 0) {
      add_word(form, label);
    } else {
      rules_.push_back({row.code.substr(0, bar), form, label});
      first_[static_cast<unsigned char>(form[0])] = true;
    }
  }
}

void Sensitivity::add_word(const std::string& text, std::uint32_t label) {
  if (text.size() < 2) return;
  const std::string begin = text.substr(0, 2);
  if (std::find(begins_.begin(), begins_.end(), begin) == begins_.end()) begins_.push_back(begin);
  words_.push_back({text, label});
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

std::uint32_t Sensitivity::labels_of_code(std::string_view json, std::size_t at,
                                          std::string_view code) const noexcept {
  std::uint32_t labels = 0;
  std::string_view system;
  for (const auto& rule : rules_) {
    if (!is_like(code, rule.form)) continue;
    if (system.empty()) system = system_before(json, at);
    if (system == rule.system) labels |= rule.label;
  }
  return labels;
}

std::uint32_t Sensitivity::labels_of(std::string_view json) const noexcept {
  std::uint32_t labels = 0;
  for (std::size_t from = 0; from < json.size();) {
    const void* found = ::memmem(json.data() + from, json.size() - from, kCode.data(), kCode.size());
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - json.data());
    from = at + kCode.size();
    if (from >= json.size() || !first_[static_cast<unsigned char>(json[from])]) continue;
    labels |= labels_of_code(json, at, json.substr(from, json.find('"', from) - from));
  }
  return labels | labels_of_words(json);
}

std::uint32_t Sensitivity::labels_of_words(std::string_view json) const noexcept {
  std::uint32_t labels = 0;
  for (std::size_t from = 0; from < begins_.size(); from += kTogether) {
    Begins begins;
    begins.count = std::min(kTogether, begins_.size() - from);
    for (std::size_t i = 0; i < begins.count; ++i) {
      begins.first[i] = _mm_set1_epi8(begins_[from + i][0]);
      begins.second[i] = _mm_set1_epi8(begins_[from + i][1]);
    }
    std::size_t at = 0;
    for (; at + kBlock < json.size(); at += kBlock) {
      for (auto starts = starts_in(json.data() + at, begins); starts != 0; starts &= starts - 1)
        labels |= labels_of_word(json, at + static_cast<std::size_t>(std::countr_zero(starts)));
    }
    for (; at < json.size(); ++at) labels |= labels_of_word(json, at);
  }
  return labels;
}

std::uint32_t Sensitivity::labels_of_word(std::string_view json, std::size_t at) const noexcept {
  std::uint32_t labels = 0;
  for (const auto& word : words_) {
    const bool same = json.substr(at, word.text.size()) == word.text;
    if (same && stands_alone(json, at, word.text.size())) labels |= word.label;
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
