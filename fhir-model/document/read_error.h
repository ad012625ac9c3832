#pragma once
// Why a text could not be read as a document, and the limits of reading.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fhir {

inline constexpr std::size_t kMaxDepth = 1000;

// Bounds on what an input may cost. Breaking one is an error that names the limit.
struct ReadLimits {
  std::size_t bytes = std::size_t{256} << 20;  // of the source; never more than 4 GiB - 1
  std::size_t nodes = std::size_t{16} << 20;   // values in all: 48 bytes each
  std::size_t depth = 500;  // containers (XML: elements) inside one another; never more than kMaxDepth
};

enum class ReadErrorKind : std::uint8_t {
  Empty,
  TooLarge,
  TooDeep,
  TooManyNodes,
  UnexpectedEnd,
  UnexpectedCharacter,
  TrailingContent,
  InvalidNumber,
  InvalidLiteral,
  InvalidEscape,
  LoneSurrogate,
  ControlCharacter,
  InvalidUtf8,
  NameTooLong,
  // XML only:
  XmlDoctype,
  XmlSyntax,
  XmlMismatchedTag,
  XmlNamespace,
  XmlEntity,
  XmlText,
  XmlUnknownRoot,
  XmlElement,
  XmlOrder,
};

// One error; reading stops at the first.
struct ReadError {
  ReadErrorKind kind = ReadErrorKind::Empty;
  std::uint64_t offset = 0;  // bytes from the start of the source
  std::uint32_t line = 1;    // 1-based
  std::uint32_t column = 1;  // 1-based, in bytes
  std::string_view message;  // English sentence without data of the source; static
  std::uint64_t limit = 0;   // the limit broken, for TooLarge, TooDeep, TooManyNodes, NameTooLong
};

// The English sentence of a kind; static.
std::string_view read_error_message(ReadErrorKind kind);

// A complete error: finds line and column of `offset` in `text`.
ReadError make_read_error(ReadErrorKind kind, std::string_view text, std::uint64_t offset,
                          std::uint64_t limit = 0);

}  // namespace fhir
