#include "fhir-model/validate/outcome.h"

#include "fhir-model/document/json_writer.h"

namespace fhir::validate {
namespace {

constexpr std::string_view kStructureDefinition = "http://hl7.org/fhir/StructureDefinition/";

void append_position(std::string_view name, std::uint32_t value, std::string& out) {
  out += "{\"url\":\"";
  out += kStructureDefinition;
  out += name;
  out += "\",\"valueInteger\":";
  out += std::to_string(value);
  out += '}';
}

void append_details(const Issue& issue, std::string& out) {
  out += R"("details":{"coding":[{"system":"urn:lienthong:validator","code":")";
  out += message_of(issue.message).key;
  out += R"("}],"text":)";
  append_json_string(english_text(issue), out);
  out +=
      R"(,"_text":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/translation","extension":[)";
  out += R"({"url":"lang","valueCode":"vi"},{"url":"content","valueString":)";
  append_json_string(vietnamese_text(issue), out);
  out += "}]}]}}";
}

void append_issue(const Issue& issue, std::string& out) {
  out += '{';
  if (issue.line != 0) {
    out += "\"extension\":[";
    append_position("operationoutcome-issue-line", issue.line, out);
    out += ',';
    append_position("operationoutcome-issue-col", issue.column, out);
    out += "],";
  }
  out += "\"severity\":\"";
  out += severity_code(issue.severity);
  out += "\",\"code\":\"";
  out += message_of(issue.message).issue_type;
  out += "\",";
  append_details(issue, out);
  if (!issue.expression.empty()) {
    out += ",\"expression\":[";
    append_json_string(issue.expression, out);
    out += ']';
  }
  out += '}';
}

constexpr std::string_view kAllWell =
    R"({"severity":"information","code":"informational","details":{"text":"No issues found",)"
    R"("_text":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/translation","extension":[)"
    R"({"url":"lang","valueCode":"vi"},{"url":"content","valueString":"Không phát hiện vấn đề nào"}]}]}}})";

}  // namespace

void append_outcome(const std::vector<Issue>& issues, std::string& out, std::string_view file) {
  out += R"({"resourceType":"OperationOutcome",)";
  if (!file.empty()) {
    out +=
        R"("extension":[{"url":"http://hl7.org/fhir/StructureDefinition/operationoutcome-file","valueString":)";
    append_json_string(file, out);
    out += "}],";
  }
  out += R"("issue":[)";
  if (issues.empty()) out += kAllWell;
  for (std::size_t i = 0; i < issues.size(); ++i) {
    if (i != 0) out += ',';
    append_issue(issues[i], out);
  }
  out += "]}";
}

Issue issue_of(const ReadError& error) {
  Issue issue;
  issue.severity = Severity::Fatal;
  issue.message = MessageId::NotReadable;
  issue.line = error.line;
  issue.column = error.column;
  issue.arguments = {std::string(error.message)};
  if (error.limit != 0) issue.arguments[0] += " (" + std::to_string(error.limit) + ")";
  return issue;
}

}  // namespace fhir::validate
