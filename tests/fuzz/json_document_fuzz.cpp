// Feeds the JSON and XML readers, the writers and the splitter; what was read must write and read again the
// same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"
#include "fhir-model/document/top_level_members.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/document/xml_writer.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_json(const fhir::Document& document) {
  std::string once;
  fhir::write_json(document.root(), once);
  const std::size_t size = once.size();
  once.append(fhir::kPadding, '\0');
  fhir::Document again;
  demand(fhir::read_json({once.data(), size}, again).has_value());
  demand(again.node_count() == document.node_count());
  std::string twice;
  fhir::write_json(again.root(), twice);
  demand(twice == std::string_view(once.data(), size));
  std::vector<fhir::TopLevelMember> members;
  const bool split = fhir::split_top_level(twice, members).has_value();
  demand(split == document.root().is_object());
  demand(!split || members.size() == document.root().child_count());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<fhir::TopLevelMember> members;
  static_cast<void>(fhir::split_top_level(text, members).has_value());
  text.append(fhir::kPadding, '\0');
  const std::string_view view(text.data(), size);
  fhir::Document document;
  if (fhir::read_json(view, document)) check_json(document);
  const fhir::Definitions& r4 = fhir::Definitions::r4();
  if (!fhir::read_xml(view, r4, document)) return 0;
  check_json(document);
  std::string xml;
  if (!fhir::write_xml(document.root(), r4, xml)) return 0;
  fhir::Document again;
  demand(fhir::read_xml(xml, r4, again).has_value());
  return 0;
}
