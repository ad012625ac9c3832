// The CapabilityStatement: what this server does, from the same tables that do it (FHIR R4 §3.1.0.14).
#include <utility>

#include "fhir-model/definitions/definitions.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/api/http_time.h"
#include "gateway/api/outcome.h"
#include "gateway/base/json_text.h"

namespace lienthong::api {
namespace {

constexpr std::string_view kInteractions[] = {
    "read", "vread", "update", "delete", "history-instance", "history-type", "create", "search-type"};

void append_resource(std::string& out, std::string_view type,
                     const std::vector<repository::SupportedParameter>& parameters) {
  out += "{\"type\":\"" + std::string(type) + "\",\"interaction\":[";
  bool first = true;
  for (const auto interaction : kInteractions) {
    if (!first) out += ',';
    first = false;
    out += "{\"code\":\"" + std::string(interaction) + "\"}";
  }
  out +=
      R"(],"versioning":"versioned-update","readHistory":true,"updateCreate":true,"conditionalCreate":true,)"
      R"("conditionalRead":"not-match","conditionalUpdate":true,"conditionalDelete":"single")";
  if (!parameters.empty()) out += ",\"searchParam\":[";
  first = true;
  for (const auto& parameter : parameters) {
    if (!first) out += ',';
    first = false;
    out += "{\"name\":";
    append_json_string(out, parameter.name);
    out += ",\"definition\":";
    append_json_string(out, parameter.url);
    out += ",\"type\":";
    append_json_string(out, parameter.type);
    out += '}';
  }
  out += parameters.empty() ? "}" : "]}";
}

std::string all_resources(const repository::Repository& repository) {
  std::string out;
  for (const auto& type : fhir::Definitions::r4().types()) {
    if (type.kind != fhir::TypeKind::Resource || type.is_abstract) continue;
    if (!out.empty()) out += ',';
    append_resource(out, type.name, repository.search_parameters(type.name));
  }
  return out;
}

}  // namespace

void FhirHandler::capabilities(Exchange exchange) const {
  std::string out = R"({"resourceType":"CapabilityStatement","status":"active","date":")";
  out += fhir_instant(services_.clock.now());
  out += R"(","kind":"instance","software":{"name":"liên thông","version":)";
  append_json_string(out, services_.version);
  out += R"(},"implementation":{"description":"liên thông: FHIR interoperability gateway","url":)";
  append_json_string(out, exchange.base);
  out +=
      R"(},"fhirVersion":"4.0.1","format":["application/fhir+json"],"rest":[{"mode":"server","resource":[)";
  std::call_once(listed_, [this] { resources_ = all_resources(services_.repository); });
  out += resources_;
  out += R"(],"interaction":[{"code":"transaction"},{"code":"batch"},{"code":"history-system"}]}]})";
  answer(exchange, json_response(200, std::move(out)));
}

}  // namespace lienthong::api
