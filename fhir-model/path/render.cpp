#include "fhir-model/path/render.h"

#include <array>

#include "fhir-model/document/json_writer.h"

namespace fhir::path {
namespace {

void append_value(const Value& value, std::string& out) {
  switch (value.kind) {
    case ValueKind::Node:
      if (value.node == nullptr) {
        out += "null";
      } else {
        write_json(*value.node, out);
      }
      break;
    case ValueKind::Boolean:
    case ValueKind::Integer:
    case ValueKind::Decimal:
      out += simple_text(value);
      break;
    case ValueKind::Quantity:
      out += "{\"value\":" + value.quantity->value.to_string() + ",\"unit\":";
      append_json_string(value.quantity->unit, out);
      out += '}';
      break;
    case ValueKind::TypeInfo:
      out += value.is_fhir_type ? "{\"namespace\":\"FHIR\",\"name\":" : "{\"namespace\":\"System\",\"name\":";
      append_json_string(value.string(), out);
      out += '}';
      break;
    default:
      append_json_string(simple_text(value), out);
      break;
  }
}

}  // namespace

std::string_view type_name(const Definitions& definitions, const Value& value) {
  constexpr std::array<std::string_view, 10> kNames = {"",     "boolean",  "string", "integer",  "decimal",
                                                       "date", "dateTime", "time",   "Quantity", "TypeInfo"};
  if (value.kind != ValueKind::Node) return kNames[static_cast<std::size_t>(value.kind)];
  const std::string_view name = definitions.type(value.type).name;
  return name.find('.') == std::string_view::npos ? name : "BackboneElement";
}

std::string simple_text(const Value& value) {
  switch (value.kind) {
    case ValueKind::Node:
      return value.node != nullptr ? std::string(value.node->text()) : std::string();
    case ValueKind::Boolean:
      return value.boolean ? "true" : "false";
    case ValueKind::String:
      return std::string(value.string());
    case ValueKind::Integer:
      return std::to_string(value.integer);
    case ValueKind::Decimal:
      return value.decimal->to_string();
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::Time:
      return value.temporal->to_string();
    case ValueKind::Quantity: {
      const std::string_view quote = value.quantity->is_calendar ? "" : "'";
      return value.quantity->value.to_string()
          .append(" ")
          .append(quote)
          .append(value.quantity->unit)
          .append(quote);
    }
    default:
      return {};
  }
}

void render_json(const Definitions& definitions, std::span<const Value> items, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    out += i == 0 ? "{\"type\":" : ",{\"type\":";
    append_json_string(type_name(definitions, items[i]), out);
    out += ",\"value\":";
    append_value(items[i], out);
    out += '}';
  }
  out += ']';
}

}  // namespace fhir::path
