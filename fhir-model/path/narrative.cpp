#include "fhir-model/path/narrative.h"

#include <algorithm>
#include <array>
#include <vector>

namespace fhir::path {
namespace {

constexpr std::size_t kMaxDepth = 200;

// Sorted.
constexpr std::array<std::string_view, 57> kElements = {
    "a",    "abbr",   "acronym",  "address", "b",     "big",   "blockquote", "br",    "caption", "cite",
    "code", "col",    "colgroup", "dd",      "del",   "dfn",   "div",        "dl",    "dt",      "em",
    "h1",   "h2",     "h3",       "h4",      "h5",    "h6",    "hr",         "i",     "img",     "ins",
    "kbd",  "li",     "map",      "ol",      "p",     "pre",   "q",          "s",     "samp",    "small",
    "span", "strong", "sub",      "sup",     "table", "tbody", "td",         "tfoot", "th",      "thead",
    "tr",   "tt",     "u",        "ul",      "var",   "area",  "bdo"};

constexpr std::array<std::string_view, 52> kAttributes = {
    "title",    "style",       "class",       "id",       "lang",     "xml:lang", "dir",     "accesskey",
    "tabindex", "span",        "width",       "align",    "valign",   "char",     "charoff", "abbr",
    "axis",     "headers",     "scope",       "rowspan",  "colspan",  "summary",  "border",  "frame",
    "rules",    "cellspacing", "cellpadding", "href",     "name",     "rel",      "rev",     "type",
    "hreflang", "charset",     "src",         "alt",      "longdesc", "height",   "usemap",  "ismap",
    "shape",    "coords",      "cite",        "datetime", "xmlns",    "start",    "value",   "compact",
    "clear",    "nowrap",      "bgcolor",     "vspace"};

template <class List>
bool contains(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool read() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    if (!rest_.starts_with("<div")) return false;
    while (!rest_.empty()) {
      const bool done = rest_.front() == '<' ? markup() : text();
      if (!done) return false;
      if (open_.empty()) return has_content_ && std::all_of(rest_.begin(), rest_.end(), is_blank);
    }
    return false;
  }

 private:
  bool text() {
    const std::string_view part = rest_.substr(0, rest_.find('<'));
    if (!std::all_of(part.begin(), part.end(), is_blank)) has_content_ = true;
    rest_.remove_prefix(part.size());
    return true;
  }

  bool markup() {
    if (rest_.starts_with("<!--")) return skip_behind("-->");
    if (rest_.starts_with("</")) return end_tag();
    return start_tag();
  }

  bool skip_behind(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  std::string_view name() {
    std::size_t length = 0;
    while (length < rest_.size() && !is_blank(rest_[length]) && rest_[length] != '>' &&
           rest_[length] != '/' && rest_[length] != '=' && rest_[length] != '<') {
      ++length;
    }
    const std::string_view result = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return result;
  }

  void blank() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }

  bool end_tag() {
    rest_.remove_prefix(2);
    const std::string_view closed = name();
    blank();
    if (open_.empty() || open_.back() != closed || !rest_.starts_with(">")) return false;
    open_.pop_back();
    rest_.remove_prefix(1);
    return true;
  }

  bool start_tag() {
    rest_.remove_prefix(1);
    const std::string_view element = name();
    if (!contains(kElements, element)) return false;
    if (element == "img") has_content_ = true;
    for (;;) {
      blank();
      if (rest_.starts_with("/>")) {
        rest_.remove_prefix(2);
        return true;
      }
      if (rest_.starts_with(">")) {
        rest_.remove_prefix(1);
        open_.push_back(element);
        return open_.size() <= kMaxDepth;
      }
      if (!attribute()) return false;
    }
  }

  bool attribute() {
    const std::string_view attribute = name();
    blank();
    if (!contains(kAttributes, attribute) || !rest_.starts_with("=")) return false;
    rest_.remove_prefix(1);
    blank();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    if (quote != '"' && quote != '\'') return false;
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) return false;
    const std::string_view value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return value.find('<') == std::string_view::npos && !value.starts_with("javascript:");
  }

  std::string_view rest_;
  std::vector<std::string_view> open_;
  bool has_content_ = false;
};

}  // namespace

bool is_safe_narrative(std::string_view div) {
  return Reader(div).read();
}

}  // namespace fhir::path
