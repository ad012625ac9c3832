#include "gateway/app/validation_input.h"

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"

namespace lienthong::app {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Reads one resource from a padded copy, whose memory is reused.
class Reader {
 public:
  InputResource read(std::string_view text, std::uint32_t first_line) {
    padded_.assign(text).append(fhir::kPadding, '\0');
    const std::string_view view(padded_.data(), text.size());
    const auto done = fhir::looks_like_xml(view) ? fhir::read_xml(view, fhir::Definitions::r4(), document_)
                                                 : fhir::read_json(view, document_);
    InputResource resource;
    resource.first_line = first_line;
    if (done) {
      resource.document = &document_;
    } else {
      error_ = done.error();
      resource.error = &error_;
    }
    return resource;
  }

 private:
  std::string padded_;
  fhir::Document document_;
  fhir::ReadError error_;
};

// NDJSON has values in its first two lines; in one value that is laid out over lines, an object stands at the
// start of a line only behind a comma, a colon or a bracket. So a broken first line does not hide the rest.
bool is_lines(std::string_view text) {
  const auto body = trimmed(text);
  const auto end = body.find('\n');
  if (end == std::string_view::npos || body.front() != '{') return false;
  const auto first = trimmed(body.substr(0, end));
  const auto rest = trimmed(body.substr(end));
  return first.size() > 1 && first.find_last_of(",:[{") != first.size() - 1 && rest.front() == '{';
}

}  // namespace

void each_resource(std::string_view text, const std::function<void(const InputResource&)>& call) {
  Reader reader;
  if (!is_lines(text)) return call(reader.read(text, 1));
  std::uint32_t line = 0;
  while (!text.empty()) {
    ++line;
    const auto end = text.find('\n');
    const auto one = trimmed(text.substr(0, end));
    if (!one.empty()) call(reader.read(one, line));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

}  // namespace lienthong::app
