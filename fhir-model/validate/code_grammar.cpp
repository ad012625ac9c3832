#include "fhir-model/validate/code_grammar.h"

#include <algorithm>

#include "fhir-model/path/ucum.h"

namespace fhir::validate {
namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_alpha(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_alpha);
}
bool all_alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alpha(c) || is_digit(c); });
}

// The subtags of a tag, one after the other.
class Subtags {
 public:
  explicit Subtags(std::string_view tag) : rest_(tag) { next(); }
  std::string_view current() const { return current_; }
  bool at_end() const { return at_end_; }
  void next() {
    if (last_) {
      at_end_ = true;
      current_ = {};
      return;
    }
    const auto hyphen = rest_.find('-');
    current_ = rest_.substr(0, hyphen);
    last_ = hyphen == std::string_view::npos;
    rest_ = last_ ? std::string_view() : rest_.substr(hyphen + 1);
  }

 private:
  std::string_view rest_, current_;
  bool last_ = false;
  bool at_end_ = false;
};

bool is_variant(std::string_view subtag) {
  if (!all_alphanumeric(subtag) || subtag.size() > 8) return false;
  return subtag.size() >= 5 || (subtag.size() == 4 && is_digit(subtag[0]));
}

// Subtags of an extension or of private use: 1 at least.
bool take_tail(Subtags& tags, std::size_t minimum) {
  bool any = false;
  while (!tags.at_end() && tags.current().size() >= minimum) {
    if (tags.current().size() > 8 || !all_alphanumeric(tags.current())) return false;
    any = true;
    tags.next();
  }
  return any;
}

bool take_language(Subtags& tags) {
  const auto language = tags.current();
  if (language.size() < 2 || language.size() > 8 || !all_alpha(language)) return false;
  tags.next();
  if (language.size() > 3) return true;
  for (int i = 0; i < 3 && tags.current().size() == 3 && all_alpha(tags.current()); ++i) tags.next();
  return true;
}

bool is_region(std::string_view subtag) {
  return (subtag.size() == 2 && all_alpha(subtag)) ||
         (subtag.size() == 3 && std::all_of(subtag.begin(), subtag.end(), is_digit));
}

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$&-^_.+*'`|~%";
  return !text.empty() && text.size() <= 127 && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alpha(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_parameter(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || !is_token(text.substr(0, equals))) return false;
  const auto value = trimmed(text.substr(equals + 1));
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  // Values with spaces and no quotes ("variant=DICOM WADO-RS") are in use, in R4's own examples too.
  return !value.empty() && (quoted || value.find('"') == std::string_view::npos);
}

// Names that FHIR uses in place of media types (R4 §3.1.0.1.10).
bool is_format_name(std::string_view code) {
  return code == "json" || code == "xml" || code == "ttl" || code == "html";
}

}  // namespace

bool is_language_tag(std::string_view code) {
  Subtags tags(code);
  const bool irregular = tags.current() == "i" || tags.current() == "I";
  if (tags.current() == "x" || tags.current() == "X" || irregular) {
    tags.next();
    return take_tail(tags, 1) && tags.at_end();
  }
  if (!take_language(tags)) return false;
  if (tags.current().size() == 4 && all_alpha(tags.current())) tags.next();
  if (is_region(tags.current())) tags.next();
  while (!tags.at_end() && is_variant(tags.current())) tags.next();
  while (!tags.at_end() && tags.current().size() == 1) {
    const char singleton = tags.current()[0];
    tags.next();
    if (!take_tail(tags, singleton == 'x' || singleton == 'X' ? 1 : 2)) return false;
  }
  return tags.at_end();
}

bool is_media_type(std::string_view code) {
  auto semicolon = code.find(';');
  const auto type = trimmed(code.substr(0, semicolon));
  const auto slash = type.find('/');
  if (slash == std::string_view::npos) return is_format_name(code);
  if (!is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1))) return false;
  while (semicolon != std::string_view::npos) {
    code.remove_prefix(semicolon + 1);
    semicolon = code.find(';');
    if (!is_parameter(trimmed(code.substr(0, semicolon)))) return false;
  }
  return true;
}

bool is_ucum_unit(std::string_view code) {
  return path::parse_unit(code).has_value();
}

}  // namespace fhir::validate
