#pragma once
// FHIRPath text → tokens (grammar: FHIRPath 2.0 appendix A).

#include <cstdint>
#include <string>
#include <string_view>

#include "fhir-model/path/error.h"

namespace fhir::path {

enum class TokenKind : std::uint8_t {
  End,
  Identifier,  // also keywords; `delimited` for `…`
  String,      // text without quotes, escapes resolved
  Number,      // 1 or 1.5
  Date,        // without "@"
  DateTime,
  Time,      // without "@T"
  Symbol,    // operators and brackets, one or two characters
  Variable,  // $this, $index, $total: text without "$"
  Constant,  // %name, %`name`, %'name': text without "%"
};

struct Token {
  TokenKind kind = TokenKind::End;
  bool delimited = false;    // Identifier in backticks: never a keyword
  std::uint32_t offset = 0;  // in the expression
  std::string text;

  bool is_symbol(std::string_view symbol) const { return kind == TokenKind::Symbol && text == symbol; }
  bool is_word(std::string_view word) const {
    return kind == TokenKind::Identifier && !delimited && text == word;
  }
};

// Gives one token after another. Skips white space and comments. The text must outlive the lexer.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Expected<Token> next();

 private:
  Expected<void> skip_blank();
  Expected<Token> quoted(TokenKind kind, char quote);
  Expected<void> escape(std::string& out);
  Expected<void> unicode_escape(std::string& out);
  Expected<std::uint32_t> four_hex();
  Token number();
  Token temporal();
  Token word(TokenKind kind);
  Token symbol();
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
};

// An error at a place of the expression, with line and column.
ExpressionError error_at(std::string_view expression, std::uint32_t offset, ExpressionError::Kind kind,
                         std::string message);

}  // namespace fhir::path
