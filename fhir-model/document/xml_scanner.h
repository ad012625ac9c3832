#pragma once
// Tags of XML text, one after the other. For the XML reader of this room.

#include <cstdint>
#include <string_view>
#include <vector>

#include "fhir-model/document/read_error.h"

namespace fhir {

struct XmlAttribute {
  std::string_view name;   // with prefix
  std::string_view value;  // encoded
};

// Finds tags and the character data between them; comments and processing instructions are passed over.
// Checks syntax within tags, not their nesting. Never reads past the text.
class XmlScanner {
 public:
  enum class Token : std::uint8_t { StartTag, EmptyTag, EndTag, End, Failed };

  explicit XmlScanner(std::string_view text) : text_(text) {}

  // The next tag. What stood before it, white space or not, is text().
  Token next();

  std::string_view name() const { return name_; }  // with prefix
  const std::vector<XmlAttribute>& attributes() const { return attributes_; }
  std::size_t tag_start() const { return tag_start_; }
  std::size_t at() const { return at_; }  // behind the tag
  // There was character data other than white space before the tag, at text_start().
  bool has_text() const { return has_text_; }
  std::size_t text_start() const { return text_start_; }

  ReadErrorKind error() const { return error_; }
  std::size_t error_at() const { return error_at_; }

 private:
  Token fail(ReadErrorKind kind, std::size_t at);
  bool refuse(ReadErrorKind kind, std::size_t at);  // fail(), as false
  bool pass_text(std::size_t end);
  Token pass_markup();
  bool pass_until(std::string_view mark, std::size_t from);
  Token read_start_tag();
  Token read_end_tag();
  bool read_attribute();
  std::string_view read_name();
  bool skip_space();
  bool starts(std::string_view mark) const { return text_.substr(at_, mark.size()) == mark; }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t tag_start_ = 0;
  std::size_t text_start_ = 0;
  bool has_text_ = false;
  std::string_view name_;
  std::vector<XmlAttribute> attributes_;
  ReadErrorKind error_ = ReadErrorKind::XmlSyntax;
  std::size_t error_at_ = 0;
};

}  // namespace fhir
