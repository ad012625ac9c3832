#include "gateway/convert/sensitivity.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/convert/json_text.h"
#include "gateway/convert/like.h"

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

// Where words begin in JSON, one after the other. The letter of an escape ("\n") is none of the word behind
// it.
class WordBegins {
 public:
  explicit WordBegins(std::string_view json) : json_(json) {}

  // npos when there is no other.
  std::size_t next() noexcept {
    while (at_ < json_.size()) {
      const auto here = at_;
      const bool begins = begins_;
      const char c = json_[at_++];
      begins_ = !is_word_letter(c);
      if (c == '\\') ++at_;
      if (begins) return here;
    }
    return std::string_view::npos;
  }

 private:
  std::string_view json_;
  std::size_t at_ = 0;
  bool begins_ = true;
};

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

// Two characters as a number without what tells small letters from capitals; others that become equal are
// told apart later.
std::size_t pair_of(char first, char second) noexcept {
  constexpr unsigned kFold = 0x20;
  const auto high = static_cast<unsigned char>(first) | kFold,
             low = static_cast<unsigned char>(second) | kFold;
  return high << 8 | low;
}
constexpr std::size_t kPairs = std::size_t{1} << 16;

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
  begins_.resize(kPairs / 64);
  const auto pair = pair_of(text[0], text[1]);
  begins_[pair / 64] |= std::uint64_t{1} << pair % 64;
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

// Words are found by their first two characters, because every text of every message is looked through.
bool Sensitivity::may_begin(const char* at) const noexcept {
  const auto pair = pair_of(at[0], at[1]);
  return (begins_[pair / 64] >> pair % 64 & 1) != 0;
}

bool Sensitivity::may_name(std::string_view text) const noexcept {
  return labels_of_words(text) != 0;
}

std::uint32_t Sensitivity::labels_of_words(std::string_view json) const noexcept {
  if (words_.empty()) return 0;
  std::uint32_t labels = 0;
  WordBegins begins(json);
  for (auto at = begins.next(); at != std::string_view::npos; at = begins.next()) {
    if (at + 1 < json.size() && may_begin(json.data() + at)) labels |= labels_of_word(json, at);
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
