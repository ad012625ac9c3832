#include "fhir-model/document/top_level_members.h"

#include "fhir-model/document/byte_scan.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace fhir {
namespace {

// The first of the bytes '"', '{', '}', '[', ']' from `at` on; `end` when there is none.
const char* find_structure(const char* at, const char* end) {
#if defined(__SSE2__)
  // '[' and '{', ']' and '}' differ in bit 0x20 only.
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i brackets =
        _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), _mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
    const __m128i hits = _mm_or_si128(brackets, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + __builtin_ctz(mask);
  }
#endif
  while (at != end && *at != '"' && (*at | 0x20) != '{' && (*at | 0x20) != '}') ++at;
  return at;
}

// The first '"' or '\\' from `at` on; `end` when there is none.
const char* find_quote(const char* at, const char* end) {
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hits =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + __builtin_ctz(mask);
  }
#endif
  while (at != end && *at != '"' && *at != '\\') ++at;
  return at;
}

class Splitter {
 public:
  Splitter(std::string_view json, std::vector<TopLevelMember>& members)
      : end_(json.data() + json.size()), at_(json.data()), members_(members) {}

  bool split() {
    skip_space();
    if (at_ == end_ || *at_ != '{') return false;
    ++at_;
    skip_space();
    if (at_ != end_ && *at_ == '}') return ends();
    for (;;) {
      if (!read_member()) return false;
      skip_space();
      if (at_ == end_) return false;
      if (*at_ == '}') return ends();
      if (*at_ != ',') return false;
      ++at_;
      skip_space();
    }
  }
  const char* at() const { return at_; }

 private:
  void skip_space() {
    while (at_ != end_ && is_json_space(*at_)) ++at_;
  }

  bool ends() {
    ++at_;
    skip_space();
    return at_ == end_;
  }

  bool read_member() {
    const char* const name = at_;
    if (at_ == end_ || *at_ != '"' || !skip_string()) return false;
    const std::string_view between(name + 1, static_cast<std::size_t>(at_ - name) - 2);
    skip_space();
    if (at_ == end_ || *at_ != ':') return false;
    ++at_;
    skip_space();
    const char* const value = at_;
    if (at_ == end_ || !skip_value() || at_ == value) return false;
    members_.push_back({between, {value, static_cast<std::size_t>(at_ - value)}});
    return true;
  }

  // From the opening quote to behind the closing one.
  bool skip_string() {
    const char* at = at_ + 1;
    for (;;) {
      at = find_quote(at, end_);
      if (at == end_) return false;
      if (*at == '"') break;
      if (end_ - at < 2) return false;
      at += 2;
    }
    at_ = at + 1;
    return true;
  }

  bool skip_value() {
    if (*at_ == '"') return skip_string();
    if (*at_ == '{' || *at_ == '[') return skip_container();
    while (at_ != end_ && *at_ != ',' && *at_ != '}' && !is_json_space(*at_)) ++at_;
    return true;
  }

  bool skip_container() {
    std::size_t depth = 0;
    for (;;) {
      at_ = find_structure(at_, end_);
      if (at_ == end_) return false;
      if (*at_ == '"') {
        if (!skip_string()) return false;
        continue;
      }
      const bool opens = *at_ == '{' || *at_ == '[';
      ++at_;
      depth += opens ? 1 : static_cast<std::size_t>(-1);
      if (depth == 0) return true;
    }
  }

  const char* const end_;
  const char* at_;
  std::vector<TopLevelMember>& members_;
};

}  // namespace

tl::expected<void, ReadError> split_top_level(std::string_view json, std::vector<TopLevelMember>& members) {
  members.clear();
  Splitter splitter(json, members);
  if (splitter.split()) return {};
  members.clear();
  const auto offset = static_cast<std::size_t>(splitter.at() - json.data());
  const auto kind = offset >= json.size() ? ReadErrorKind::UnexpectedEnd : ReadErrorKind::UnexpectedCharacter;
  return tl::unexpected(make_read_error(kind, json, offset));
}

}  // namespace fhir
