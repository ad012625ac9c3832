#include "fhir-model/path/lexer.h"

#include <algorithm>

#include "fhir-model/path/utf8.h"

namespace fhir::path {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

ExpressionError error_at(std::string_view expression, std::uint32_t offset, ExpressionError::Kind kind,
                         std::string message) {
  ExpressionError error{kind, offset, 1, 1, std::move(message)};
  for (std::size_t i = 0; i < offset && i < expression.size(); ++i) {
    ++error.column;
    if (expression[i] != '\n') continue;
    ++error.line;
    error.column = 1;
  }
  return error;
}

Expected<void> Lexer::skip_blank() {
  for (;;) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '/' && peek(1) == '*') {
      const std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) {
        return tl::unexpected(error_at(text_, static_cast<std::uint32_t>(at_), ExpressionError::Kind::Syntax,
                                       "The comment is not closed with */."));
      }
      at_ = end + 2;
    } else {
      return {};
    }
  }
}

Expected<Token> Lexer::next() {
  if (auto blank = skip_blank(); !blank) return tl::unexpected(blank.error());
  const auto offset = static_cast<std::uint32_t>(at_);
  const char c = peek();
  Expected<Token> token = Token{};
  if (at_ >= text_.size()) {
    token->kind = TokenKind::End;
  } else if (is_digit(c)) {
    token = number();
  } else if (starts_word(c)) {
    token = word(TokenKind::Identifier);
  } else if (c == '\'' || c == '"') {
    token = quoted(TokenKind::String, c);
  } else if (c == '`') {
    token = quoted(TokenKind::Identifier, c);
  } else if (c == '@') {
    token = temporal();
  } else if (c == '$') {
    ++at_;
    token = word(TokenKind::Variable);
  } else if (c == '%') {
    ++at_;
    const char quote = peek();
    token = quote == '`' || quote == '\'' ? quoted(TokenKind::Constant, quote) : word(TokenKind::Constant);
  } else {
    token = symbol();
  }
  if (token) token->offset = offset;
  return token;
}

Token Lexer::number() {
  const std::size_t start = at_;
  while (is_digit(peek())) ++at_;
  if (peek() == '.' && is_digit(peek(1))) {
    ++at_;
    while (is_digit(peek())) ++at_;
  }
  Token token;
  token.kind = TokenKind::Number;
  token.text = text_.substr(start, at_ - start);
  return token;
}

// The characters a date or time can be made of, so far as they continue one: a "-" or "+" behind the zone is
// an operator, and a "." needs a digit behind it.
Token Lexer::temporal() {
  ++at_;
  const std::size_t start = at_;
  const bool time_only = peek() == 'T';
  bool has_time = time_only;
  if (time_only) ++at_;
  while (!time_only && (is_digit(peek()) || (peek() == '-' && is_digit(peek(1)) && at_ - start < 8))) ++at_;
  if (peek() == 'T' && !has_time) {
    has_time = true;
    ++at_;
  }
  while (has_time && (is_digit(peek()) || ((peek() == ':' || peek() == '.') && is_digit(peek(1))))) ++at_;
  const bool zone_follows = has_time && !time_only && at_ > start && is_digit(text_[at_ - 1]);
  if (zone_follows && peek() == 'Z') {
    ++at_;
  } else if (zone_follows && (peek() == '+' || peek() == '-') && is_digit(peek(1)) && is_digit(peek(2)) &&
             peek(3) == ':') {
    at_ += 4;
    while (is_digit(peek())) ++at_;
  }
  Token token;
  token.kind = time_only ? TokenKind::Time : (has_time ? TokenKind::DateTime : TokenKind::Date);
  token.text = text_.substr(start + (time_only ? 1 : 0), at_ - start - (time_only ? 1 : 0));
  return token;
}

Token Lexer::word(TokenKind kind) {
  const std::size_t start = at_;
  // Names of constants may hold dashes (%vs-gender is written with backticks, but much used without).
  while (starts_word(peek()) || is_digit(peek()) ||
         (kind == TokenKind::Constant && peek() == '-' && starts_word(peek(1)) && at_ > start)) {
    ++at_;
  }
  Token token;
  token.kind = kind;
  token.text = text_.substr(start, at_ - start);
  return token;
}

Token Lexer::symbol() {
  Token token;
  token.kind = TokenKind::Symbol;
  const std::string_view two = text_.substr(at_, 2);
  const bool pair = two == "<=" || two == ">=" || two == "!=" || two == "!~";
  token.text = text_.substr(at_, pair ? 2 : character_length(static_cast<unsigned char>(text_[at_])));
  at_ += token.text.size();
  return token;
}

Expected<Token> Lexer::quoted(TokenKind kind, char quote) {
  const auto start = static_cast<std::uint32_t>(at_);
  ++at_;
  Token token;
  token.kind = kind;
  token.delimited = true;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == quote) return token;
    if (c != '\\') {
      token.text.push_back(c);
    } else if (auto done = escape(token.text); !done) {
      return tl::unexpected(done.error());
    }
  }
  return tl::unexpected(error_at(text_, start, ExpressionError::Kind::Syntax,
                                 std::string("The closing ") + quote + " is missing."));
}

Expected<void> Lexer::escape(std::string& out) {
  constexpr std::string_view kFrom = "\\/'\"`frnt";
  constexpr std::string_view kTo = "\\/'\"`\f\r\n\t";
  const char c = peek();
  if (c == 'u') return unicode_escape(out);
  const std::size_t index = kFrom.find(c);
  if (at_ >= text_.size() || index == std::string_view::npos) {
    return tl::unexpected(
        error_at(text_, static_cast<std::uint32_t>(at_ - 1), ExpressionError::Kind::Syntax,
                 "This is no escape sequence of FHIRPath; a backslash itself is written \\\\."));
  }
  out.push_back(kTo[index]);
  ++at_;
  return {};
}

Expected<std::uint32_t> Lexer::four_hex() {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const char c = peek(1 + i);
    const char lower = static_cast<char>(c | 0x20);
    const bool letter = lower >= 'a' && lower <= 'f';
    if (!is_digit(c) && !letter) {
      return tl::unexpected(error_at(text_, static_cast<std::uint32_t>(at_ - 1),
                                     ExpressionError::Kind::Syntax, "\\u needs four hexadecimal digits."));
    }
    value = value * 16 + static_cast<std::uint32_t>(letter ? lower - 'a' + 10 : c - '0');
  }
  at_ += 5;
  return value;
}

Expected<void> Lexer::unicode_escape(std::string& out) {
  auto first = four_hex();
  if (!first) return tl::unexpected(first.error());
  if (*first >= 0xD800 && *first < 0xDC00 && peek() == '\\' && peek(1) == 'u') {
    ++at_;
    const auto second = four_hex();
    if (!second) return tl::unexpected(second.error());
    if (*second >= 0xDC00 && *second < 0xE000) {
      *first = 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
    }
  }
  append_character(out, *first);
  return {};
}

}  // namespace fhir::path
