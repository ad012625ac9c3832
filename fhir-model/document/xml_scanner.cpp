#include "fhir-model/document/xml_scanner.h"

#include <algorithm>

#include "fhir-model/document/xml_text.h"

namespace fhir {
namespace {

constexpr std::size_t kMostAttributes = 64;  // of one element: FHIR has three, xhtml a few

bool is_name_character(char c, bool first) {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  if (letter || byte >= 0x80 || byte == '_' || byte == ':') return true;
  return !first && ((byte >= '0' && byte <= '9') || byte == '-' || byte == '.');
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && !is_xml_space(c);
}

}  // namespace

XmlScanner::Token XmlScanner::fail(ReadErrorKind kind, std::size_t at) {
  error_ = at >= text_.size() ? ReadErrorKind::UnexpectedEnd : kind;
  error_at_ = std::min(at, text_.size());
  return Token::Failed;
}

bool XmlScanner::refuse(ReadErrorKind kind, std::size_t at) {
  return fail(kind, at) != Token::Failed;
}

XmlScanner::Token XmlScanner::next() {
  has_text_ = false;
  for (;;) {
    const std::size_t tag = std::min(text_.find('<', at_), text_.size());
    if (!pass_text(tag)) return Token::Failed;
    if (tag == text_.size()) return Token::End;
    tag_start_ = tag;
    if (starts("</")) return read_end_tag();
    if (!starts("<!") && !starts("<?")) return read_start_tag();
    if (pass_markup() == Token::Failed) return Token::Failed;
  }
}

// Character data up to `end`, with its references checked.
bool XmlScanner::pass_text(std::size_t end) {
  const std::string_view text = text_.substr(at_, end - at_);
  const auto first = std::find_if_not(text.begin(), text.end(), is_xml_space);
  if (first != text.end()) {
    const std::size_t start = at_ + static_cast<std::size_t>(first - text.begin());
    if (!has_text_) text_start_ = start;
    has_text_ = true;
    std::size_t wrong = 0;
    const auto control = std::find_if(text.begin(), text.end(), is_control);
    if (control != text.end() || text.find("]]>") != std::string_view::npos) {
      return refuse(ReadErrorKind::XmlSyntax, start);
    }
    if (!has_valid_references(text, wrong)) {
      return refuse(ReadErrorKind::XmlEntity, at_ + wrong);
    }
  }
  at_ = end;
  return true;
}

// A comment, CDATA section, processing instruction or declaration.
XmlScanner::Token XmlScanner::pass_markup() {
  const std::size_t start = at_;
  if (starts("<!--"))
    return pass_until("-->", at_ + 4) ? Token::End : fail(ReadErrorKind::XmlSyntax, text_.size());
  if (starts("<?"))
    return pass_until("?>", at_ + 2) ? Token::End : fail(ReadErrorKind::XmlSyntax, text_.size());
  if (starts("<!DOCTYPE")) return fail(ReadErrorKind::XmlDoctype, start);
  if (!starts("<![CDATA[")) return fail(ReadErrorKind::XmlSyntax, start);
  if (!has_text_) text_start_ = start;
  has_text_ = true;
  return pass_until("]]>", at_ + 9) ? Token::End : fail(ReadErrorKind::XmlSyntax, text_.size());
}

bool XmlScanner::pass_until(std::string_view mark, std::size_t from) {
  const std::size_t end = text_.find(mark, from);
  if (end == std::string_view::npos) return false;
  at_ = end + mark.size();
  return true;
}

XmlScanner::Token XmlScanner::read_end_tag() {
  at_ += 2;
  name_ = read_name();
  skip_space();
  if (name_.empty() || !starts(">")) return fail(ReadErrorKind::XmlSyntax, at_);
  ++at_;
  return Token::EndTag;
}

XmlScanner::Token XmlScanner::read_start_tag() {
  ++at_;
  attributes_.clear();
  name_ = read_name();
  if (name_.empty()) return fail(ReadErrorKind::XmlSyntax, at_);
  for (;;) {
    const bool spaced = skip_space();
    const bool empty = starts("/>");
    if (empty || starts(">")) {
      at_ += empty ? 2 : 1;
      return empty ? Token::EmptyTag : Token::StartTag;
    }
    if (!spaced || attributes_.size() == kMostAttributes) return fail(ReadErrorKind::XmlSyntax, at_);
    if (!read_attribute()) return Token::Failed;
  }
}

bool XmlScanner::read_attribute() {
  const std::size_t start = at_;
  const std::string_view name = read_name();
  skip_space();
  const auto same = [name](const XmlAttribute& other) { return other.name == name; };
  const bool repeated = std::any_of(attributes_.begin(), attributes_.end(), same);
  if (name.empty() || repeated || !starts("=")) return refuse(ReadErrorKind::XmlSyntax, start);
  ++at_;
  skip_space();
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  if (quote != '"' && quote != '\'') return refuse(ReadErrorKind::XmlSyntax, at_);
  const std::size_t end = text_.find(quote, at_ + 1);
  if (end == std::string_view::npos) return refuse(ReadErrorKind::XmlSyntax, text_.size());
  const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
  const bool wrong =
      value.find('<') != std::string_view::npos || std::any_of(value.begin(), value.end(), is_control);
  if (wrong) return refuse(ReadErrorKind::XmlSyntax, at_);
  std::size_t reference = 0;
  if (!has_valid_references(value, reference)) {
    return refuse(ReadErrorKind::XmlEntity, at_ + 1 + reference);
  }
  attributes_.push_back({name, value});
  at_ = end + 1;
  return true;
}

std::string_view XmlScanner::read_name() {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_name_character(text_[at_], at_ == start)) ++at_;
  return text_.substr(start, at_ - start);
}

bool XmlScanner::skip_space() {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_xml_space(text_[at_])) ++at_;
  return at_ != start;
}

}  // namespace fhir
