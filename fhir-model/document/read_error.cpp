#include "fhir-model/document/read_error.h"

#include "fhir-model/document/source_position.h"

namespace fhir {

std::string_view read_error_message(ReadErrorKind kind) {
  switch (kind) {
    case ReadErrorKind::Empty:
      return "There is no content.";
    case ReadErrorKind::TooLarge:
      return "The text has more bytes than the limit allows.";
    case ReadErrorKind::TooDeep:
      return "Values are nested deeper than the limit allows.";
    case ReadErrorKind::TooManyNodes:
      return "There are more values than the limit allows.";
    case ReadErrorKind::UnexpectedEnd:
      return "The text ends in the middle of a value.";
    case ReadErrorKind::UnexpectedCharacter:
      return "This character may not stand here.";
    case ReadErrorKind::TrailingContent:
      return "There is more text behind the value.";
    case ReadErrorKind::InvalidNumber:
      return "This is not a number as JSON writes it.";
    case ReadErrorKind::InvalidLiteral:
      return "Only true, false and null may be written without quotes.";
    case ReadErrorKind::InvalidEscape:
      return "This escape sequence does not exist.";
    case ReadErrorKind::LoneSurrogate:
      return "Half of a surrogate pair stands here without the other half.";
    case ReadErrorKind::ControlCharacter:
      return "Control characters must be escaped in strings.";
    case ReadErrorKind::InvalidUtf8:
      return "These bytes are not UTF-8.";
    case ReadErrorKind::NameTooLong:
      return "A name is longer than the limit allows.";
    case ReadErrorKind::XmlDoctype:
      return "A document type declaration (DOCTYPE) is not allowed.";
    case ReadErrorKind::XmlSyntax:
      return "This is not well-formed XML.";
    case ReadErrorKind::XmlMismatchedTag:
      return "The end tag does not fit the open element.";
    case ReadErrorKind::XmlNamespace:
      return "The element is not in the namespace http://hl7.org/fhir.";
    case ReadErrorKind::XmlEntity:
      return "This entity does not exist or its character is not allowed.";
    case ReadErrorKind::XmlText:
      return "FHIR has no text between elements here.";
    case ReadErrorKind::XmlUnknownRoot:
      return "The outermost element is no resource of FHIR R4.";
    case ReadErrorKind::XmlElement:
      return "FHIR does not allow this element or attribute here.";
    case ReadErrorKind::XmlOrder:
      return "The element stands outside of the order that FHIR defines.";
  }
  return {};
}

ReadError make_read_error(ReadErrorKind kind, std::string_view text, std::uint64_t offset,
                          std::uint64_t limit) {
  const SourcePosition position = source_position(text, offset);
  return {kind, offset, position.line, position.column, read_error_message(kind), limit};
}

}  // namespace fhir
