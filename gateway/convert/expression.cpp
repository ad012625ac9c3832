#include "gateway/convert/expression.h"

#include <optional>
#include <utility>

namespace lienthong::convert {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_special(char c) noexcept {
  return c == '(' || c == ')' || c == ',' || c == '=' || c == '!' || c == '"' || c == '\'';
}

struct Token {
  enum class Kind : std::uint8_t { End, Word, Quoted, Sign };
  Kind kind = Kind::End;
  std::string text;
  std::size_t offset = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  const Token& peek() const noexcept { return token_; }
  Token take() {
    Token taken = std::move(token_);
    advance();
    return taken;
  }
  bool take_sign(std::string_view sign) {
    if (token_.kind != Token::Kind::Sign || token_.text != sign) return false;
    advance();
    return true;
  }
  bool take_word(std::string_view word) {
    if (token_.kind != Token::Kind::Word || token_.text != word) return false;
    advance();
    return true;
  }

 private:
  void advance() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    token_ = {Token::Kind::End, {}, at_};
    if (at_ >= text_.size()) return;
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      take_quoted(c);
    } else if (is_special(c)) {
      token_.kind = Token::Kind::Sign;
      token_.text = c;
      ++at_;
      if (c == '!' && at_ < text_.size() && text_[at_] == '=') token_.text += text_[at_++];
    } else {
      token_.kind = Token::Kind::Word;
      while (at_ < text_.size() && !is_space(text_[at_]) && !is_special(text_[at_]))
        token_.text += text_[at_++];
    }
  }

  void take_quoted(char quote) {
    token_.kind = Token::Kind::Quoted;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) token_.text += text_[at_];
    if (at_ < text_.size()) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token token_;
};

// Recursive descent; both grammars share the lexer. The first error stops it.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  std::variant<Expression, SyntaxError> expression() {
    auto parsed = read_expression(0);
    if (!error_ && lexer_.peek().kind != Token::Kind::End) fail("nothing may follow here");
    if (error_) return *error_;
    return parsed;
  }

  std::variant<Condition, SyntaxError> condition() {
    auto parsed = read_or(0);
    if (!error_ && lexer_.peek().kind != Token::Kind::End)
      fail("\"and\", \"or\" or the end was expected here");
    if (error_) return *error_;
    return parsed;
  }

 private:
  void fail(std::string message) {
    if (!error_) error_ = SyntaxError{lexer_.peek().offset, std::move(message)};
  }

  Expression read_expression(unsigned depth) {
    Expression result;
    if (depth > kMaxNesting) {
      fail("too many functions within each other");
      return result;
    }
    const auto first = lexer_.take();
    if (first.kind == Token::Kind::Quoted) return {Expression::Kind::Literal, first.text, {}};
    if (first.kind != Token::Kind::Word) {
      error_ = SyntaxError{first.offset, "a source path, a function or = literal was expected here"};
      return result;
    }
    result.text = first.text;
    if (first.text[0] == '$') {
      result.kind = Expression::Kind::Parameter;
      result.text.erase(0, 1);
      return result;
    }
    if (!lexer_.take_sign("(")) return result;
    result.kind = Expression::Kind::Call;
    do {
      result.arguments.push_back(read_expression(depth + 1));
    } while (!error_ && lexer_.take_sign(","));
    if (!error_ && !lexer_.take_sign(")")) fail("\")\" was expected here");
    return result;
  }

  Condition read_or(unsigned depth) { return read_chain(depth, "or", Condition::Kind::Or); }
  Condition read_and(unsigned depth) { return read_chain(depth, "and", Condition::Kind::And); }

  Condition read_chain(unsigned depth, std::string_view word, Condition::Kind kind) {
    auto read_part = [&] { return kind == Condition::Kind::Or ? read_and(depth) : read_not(depth); };
    Condition first = read_part();
    if (lexer_.peek().kind != Token::Kind::Word || lexer_.peek().text != word) return first;
    Condition chain;
    chain.kind = kind;
    chain.parts.push_back(std::move(first));
    while (!error_ && lexer_.take_word(word)) chain.parts.push_back(read_part());
    return chain;
  }

  Condition read_not(unsigned depth) {
    if (depth > kMaxNesting) {
      fail("too many brackets within each other");
      return {};
    }
    if (lexer_.take_word("not")) {
      Condition negated;
      negated.kind = Condition::Kind::Not;
      negated.parts.push_back(read_not(depth + 1));
      return negated;
    }
    if (lexer_.take_sign("(")) {
      auto inner = read_or(depth + 1);
      if (!error_ && !lexer_.take_sign(")")) fail("\")\" was expected here");
      return inner;
    }
    return read_test();
  }

  Condition read_test() {
    Condition test;
    const auto word = lexer_.take();
    if (word.kind != Token::Kind::Word) {
      error_ = SyntaxError{word.offset, "a source path was expected here"};
      return test;
    }
    test.path = word.text;
    if (lexer_.take_sign("(")) return read_call(std::move(test));
    if (lexer_.take_sign("=")) return read_equals(std::move(test));
    if (lexer_.take_sign("!=")) return negated(read_equals(std::move(test)));
    if (lexer_.take_word("in")) return read_in(std::move(test));
    if (lexer_.take_word("not")) {
      if (!lexer_.take_word("in")) fail("\"in\" was expected after \"not\"");
      return negated(read_in(std::move(test)));
    }
    return test;
  }

  static Condition negated(Condition inner) {
    Condition result;
    result.kind = Condition::Kind::Not;
    result.parts.push_back(std::move(inner));
    return result;
  }

  Condition read_equals(Condition test) {
    test.kind = Condition::Kind::Equals;
    test.values.push_back(read_literal());
    return test;
  }

  Condition read_in(Condition test) {
    test.kind = Condition::Kind::In;
    if (!lexer_.take_sign("(")) fail("a list in brackets was expected: in (A, B)");
    read_literals(test);
    return test;
  }

  Condition read_call(Condition test) {
    test.kind = Condition::Kind::Call;
    test.function = std::move(test.path);
    test.path = read_literal();
    if (lexer_.take_sign(",")) {
      read_literals(test);
    } else if (!error_ && !lexer_.take_sign(")")) {
      fail("\")\" was expected here");
    }
    return test;
  }

  // (A, B) or (A B): a list in YAML's { … } would need quotes because of the commas.
  void read_literals(Condition& test) {
    do {
      test.values.push_back(read_literal());
      lexer_.take_sign(",");
    } while (!error_ && !lexer_.take_sign(")") && lexer_.peek().kind != Token::Kind::End);
  }

  std::string read_literal() {
    if (lexer_.peek().kind != Token::Kind::Word && lexer_.peek().kind != Token::Kind::Quoted) {
      fail("a value was expected here");
      return {};
    }
    return lexer_.take().text;
  }

  Lexer lexer_;
  std::optional<SyntaxError> error_;
};

}  // namespace

std::variant<Expression, SyntaxError> parse_expression(std::string_view text) {
  std::size_t start = 0;
  while (start < text.size() && is_space(text[start])) ++start;
  if (start < text.size() && text[start] == '=') {
    std::size_t from = start + 1;
    while (from < text.size() && is_space(text[from])) ++from;
    return Expression{Expression::Kind::Literal, std::string(text.substr(from)), {}};
  }
  return Parser(text).expression();
}

std::variant<Condition, SyntaxError> parse_condition(std::string_view text) {
  return Parser(text).condition();
}

}  // namespace lienthong::convert
