// Finds the identifier by which a mentioned resource is looked up, in JSON that the machine has just written:
// compact, well-formed, without duplicate members.
#include <string>

#include "gateway/convert/conversion_run.h"
#include "gateway/convert/namespace_uri.h"

namespace lienthong::convert {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view json) : json_(json) {}

  bool done() const noexcept { return at_ >= json_.size(); }
  char peek() const noexcept { return done() ? '\0' : json_[at_]; }
  void step() noexcept { ++at_; }
  std::size_t at() const noexcept { return at_; }

  // The text between the quotes at the cursor, escapes kept.
  std::string_view take_string() noexcept {
    const auto from = ++at_;
    for (;; ++at_) {
      at_ = json_.find('"', at_);
      if (at_ == std::string_view::npos) at_ = json_.size();
      std::size_t backslashes = 0;
      while (at_ > from + backslashes && json_[at_ - 1 - backslashes] == '\\') ++backslashes;
      if (done() || backslashes % 2 == 0) break;
    }
    const auto text = json_.substr(from, at_ - from);
    ++at_;
    return text;
  }
  // Steps over one value of any kind.
  std::string_view take_value() noexcept {
    const auto from = at_;
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        take_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') {
        if (depth == 0) break;
        --depth;
      }
      if (c == ',' && depth == 0) break;
      step();
    } while (!done() && (depth > 0 || (peek() != ',' && peek() != '}' && peek() != ']')));
    return json_.substr(from, at_ - from);
  }

 private:
  std::string_view json_;
  std::size_t at_ = 0;
};

// The value of a member of the object `json`; empty when there is none.
std::string_view member_of(std::string_view json, std::string_view name) {
  Scanner in(json);
  in.step();
  while (!in.done() && in.peek() == '"') {
    const auto key = in.take_string();
    in.step();  // ':'
    const auto value = in.take_value();
    if (key == name) return value;
    if (in.peek() != ',') break;
    in.step();
  }
  return {};
}

// The machine's strings hold only these escapes: \" \\ \n \r \t.
std::string plain(std::string_view quoted) {
  std::string out;
  if (quoted.size() < 2) return out;
  quoted = quoted.substr(1, quoted.size() - 2);
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '\\' || i + 1 == quoted.size()) {
      out += quoted[i];
      continue;
    }
    const char c = quoted[++i];
    out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
  }
  return out;
}

// Whether a quoted string says `text`; most hold no escape, so that nothing is copied.
bool says(std::string_view quoted, std::string_view text) {
  if (quoted.find('\\') != std::string_view::npos) return plain(quoted) == text;
  return quoted.size() == text.size() + 2 && quoted.substr(1, text.size()) == text;
}

}  // namespace

bool identifier_condition(std::string_view resource_json, std::string_view preferred, std::string& out) {
  const auto list = member_of(resource_json, "identifier");
  if (list.empty()) return false;
  std::string_view best_system, best_value;  // with their quotes
  Scanner in(list);
  in.step();
  while (!in.done() && in.peek() == '{') {
    const auto one = in.take_value();
    const auto system = member_of(one, "system");
    const auto value = member_of(one, "value");
    const bool usable = system.size() > 2 && value.size() > 2;
    const bool is_preferred = usable && says(value, preferred);
    if (usable && (best_value.empty() || is_preferred)) {
      best_system = system;
      best_value = value;
      if (is_preferred) break;
    }
    if (in.peek() != ',') break;
    in.step();
  }
  if (best_value.empty()) return false;
  out = "identifier=";
  append_percent_encoded(plain(best_system), out);
  out += "%7C";
  // "," "|" "$" and "\" have a meaning of their own in token parameters (R4 §3.1.1.3.2.3)
  std::string escaped;
  for (const char c : plain(best_value)) {
    if (c == ',' || c == '|' || c == '$' || c == '\\') escaped += '\\';
    escaped += c;
  }
  append_percent_encoded(escaped, out);
  return true;
}

}  // namespace lienthong::convert
