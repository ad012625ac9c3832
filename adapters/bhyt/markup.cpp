#include "adapters/bhyt/markup.h"

#include <algorithm>

namespace lienthong::bhyt {
namespace {

bool begins_name(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  return letter || c == '_' || c == ':' || byte >= 0x80;
}
bool ends_name(char c) noexcept {
  return is_blank(c) || c == '>' || c == '/' || c == '<' || c == '\0';
}

std::string_view without_prefix(std::string_view name) noexcept {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// The '>' that ends a tag: one within quotes does not. `end` when it is not there yet; null when another '<'
// comes first, so that bytes are looked at once however many tags are left open.
const char* find_tag_end(const char* p, const char* end) noexcept {
  char quote = '\0';
  for (; p < end; ++p) {
    if (*p == '<') return nullptr;
    if (quote != '\0') {
      if (*p == quote) quote = '\0';
    } else if (*p == '"' || *p == '\'') {
      quote = *p;
    } else if (*p == '>') {
      return p;
    }
  }
  return end;
}

Tag until(const char* p, const char* end, std::string_view close, Mark mark) noexcept {
  const char* found = find_text(p, end, close);
  Tag tag;
  tag.mark = found == end ? Mark::Incomplete : mark;
  tag.end = found == end ? end : found + close.size();
  return tag;
}

bool matches(const char* p, const char* end, std::string_view text) noexcept {
  return static_cast<std::size_t>(end - p) >= text.size() && std::memcmp(p, text.data(), text.size()) == 0;
}

// Whether what stands before `end` may still become `text`.
bool may_become(const char* p, const char* end, std::string_view text) noexcept {
  const auto size = std::min(static_cast<std::size_t>(end - p), text.size());
  return std::memcmp(p, text.data(), size) == 0;
}

Tag read_declaration(const char* at, const char* end) noexcept {
  constexpr std::string_view kComment = "<!--", kCdata = "<![CDATA[";
  if (matches(at, end, kComment)) return until(at + kComment.size(), end, "-->", Mark::Comment);
  Tag tag;
  tag.end = end;
  if (matches(at, end, kCdata)) {
    tag.mark = Mark::Cdata;
    tag.end = at + kCdata.size();
    return tag;
  }
  if (may_become(at, end, kComment) || may_become(at, end, kCdata)) {
    tag.mark = Mark::Incomplete;
    return tag;
  }
  const char next = at[2];  // "<!D" at least: shorter ones may still become the others
  tag.mark = next >= 'A' && next <= 'Z' ? Mark::Doctype : Mark::Text;
  tag.end = tag.mark == Mark::Doctype ? at + 3 : at + 1;
  return tag;
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

const char* find_text(const char* p, const char* end, std::string_view wanted) noexcept {
  if (p >= end) return end;
  const void* found = ::memmem(p, static_cast<std::size_t>(end - p), wanted.data(), wanted.size());
  return found == nullptr ? end : static_cast<const char*>(found);
}

Tag read_tag(const char* at, const char* end) noexcept {
  Tag tag;
  tag.end = at + 1;
  if (end - at < 2) {
    tag.mark = Mark::Incomplete;
    return tag;
  }
  if (at[1] == '!') return read_declaration(at, end);
  if (at[1] == '?') return until(at + 2, end, "?>", Mark::Instruction);
  const bool closes = at[1] == '/';
  const char* name = closes ? at + 2 : at + 1;
  if (name == end) {
    tag.mark = Mark::Incomplete;
    return tag;
  }
  if (!begins_name(*name)) return tag;
  const char* p = name;
  while (p < end && !ends_name(*p)) ++p;
  const char* limit = end - at > static_cast<std::ptrdiff_t>(kLongestTag) ? at + kLongestTag : end;
  const char* close = p > limit ? limit : find_tag_end(p, limit);
  if (close == nullptr) return tag;
  if (close == limit) {
    if (limit != end) return tag;  // so long that it is no tag
    tag.mark = Mark::Incomplete;
    return tag;
  }
  tag.mark = closes ? Mark::End : Mark::Start;
  tag.is_empty = !closes && close > p && close[-1] == '/';
  tag.name = without_prefix({name, static_cast<std::size_t>(p - name)});
  tag.end = close + 1;
  return tag;
}

}  // namespace lienthong::bhyt
