#include "fhir-model/document/json_writer.h"

#include <vector>

namespace fhir {
namespace {

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// The letter of the short escape of `c`; 0 when it has none.
char short_escape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

void append_escaped(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  if (const char letter = short_escape(c)) {
    out += letter;
    return;
  }
  out += "u00";
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 15];
}

// Walks the subtree in document order without recursion; the ends of open containers are on a stack.
class JsonWriter {
 public:
  JsonWriter(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void write(const Node& root) {
    const Node* const end = &root + root.span();
    for (const Node* at = &root; at != end; ++at) {
      close_until(at);
      if (at != &root) write_name(*at);
      write_value(*at);
    }
    close_until(end);
  }

 private:
  struct Open {
    const Node* container;
    const Node* end;
  };

  // Closes all containers that end before `at`.
  void close_until(const Node* at) {
    while (!open_.empty() && open_.back().end == at) {
      const Node& container = *open_.back().container;
      open_.pop_back();
      if (container.child_count() > 0) break_line();
      out_ += container.is_object() ? '}' : ']';
    }
  }

  void write_name(const Node& node) {
    const Node& container = *open_.back().container;
    if (&node != &container + 1) out_ += ',';
    break_line();
    if (!container.is_object()) return;
    append_json_string(node.json_name(), out_);
    out_ += ':';
    if (pretty_) out_ += ' ';
  }

  void write_value(const Node& node) {
    if (node.is_string()) {
      append_json_string(node.text(), out_);
    } else if (node.is_object() || node.is_array()) {
      out_ += node.is_object() ? '{' : '[';
      open_.push_back({&node, &node + node.span()});
    } else {
      out_ += node.text();
    }
  }

  void break_line() {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(2 * open_.size(), ' ');
  }

  std::string& out_;
  const bool pretty_;
  std::vector<Open> open_;
};

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!needs_escape(text[at])) continue;
    out += text.substr(from, at - from);
    append_escaped(text[at], out);
    from = at + 1;
  }
  out += text.substr(from);
  out += '"';
}

void write_json(const Node& node, std::string& out, JsonStyle style) {
  JsonWriter(out, style.pretty).write(node);
}

}  // namespace fhir
