#pragma once
// What FHIRPath collections hold.

#include <cstdint>
#include <string_view>

#include "fhir-model/definitions/type.h"
#include "fhir-model/document/node.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/path/temporal.h"

namespace fhir::path {

// Node: an element of a resource. The others are FHIRPath system types; TypeInfo is the answer of type().
enum class ValueKind : std::uint8_t {
  Node,
  Boolean,
  String,
  Integer,
  Decimal,
  Date,
  DateTime,
  Time,
  Quantity,
  TypeInfo
};

// A computed quantity. `unit` is a UCUM code, or the word of a calendar duration ("year", "days").
struct QuantityValue {
  Decimal value;
  std::string_view unit;
  bool is_calendar = false;
};

// One item. 24 bytes, freely copied; it refers to the document, the program or the evaluator's memory and is
// valid as long as these: see Evaluator. Read `kind` first: it says which members of the unions count.
struct Value {
  union {
    const Node* node;  // Node: the JSON value; null when the element has only id or extensions
    const char* text;  // String, TypeInfo
    std::int64_t integer;
    bool boolean;
    const Decimal* decimal;
    const Temporal* temporal;  // Date, DateTime, Time
    const QuantityValue* quantity;
  };
  union {
    const Node* extension;  // Node: "_name" with id and extensions of a primitive; usually null
    std::size_t length;     // String, TypeInfo
  };
  ValueKind kind;
  bool is_fhir_type;  // TypeInfo: namespace FHIR, else System
  TypeId type;        // Node: the FHIR type; kNoType when the document's type is not known

  std::string_view string() const { return {text, length}; }

  static Value of_node(const Node* value, const Node* extension, TypeId type) {
    Value v(ValueKind::Node);
    v.node = value;
    v.extension = extension;
    v.type = type;
    return v;
  }
  static Value of_boolean(bool boolean) {
    Value v(ValueKind::Boolean);
    v.boolean = boolean;
    return v;
  }
  static Value of_integer(std::int64_t integer) {
    Value v(ValueKind::Integer);
    v.integer = integer;
    return v;
  }
  // The caller keeps the characters.
  static Value of_string(std::string_view text) {
    Value v(ValueKind::String);
    v.text = text.data();
    v.length = text.size();
    return v;
  }
  static Value of_type_info(std::string_view name, bool fhir) {
    Value v = of_string(name);
    v.kind = ValueKind::TypeInfo;
    v.is_fhir_type = fhir;
    return v;
  }
  // The caller keeps the pointed-to values.
  static Value of_decimal(const Decimal* decimal) {
    Value v(ValueKind::Decimal);
    v.decimal = decimal;
    return v;
  }
  static Value of_temporal(const Temporal* temporal) {
    Value v(static_cast<ValueKind>(static_cast<int>(ValueKind::Date) + static_cast<int>(temporal->kind)));
    v.temporal = temporal;
    return v;
  }
  static Value of_quantity(const QuantityValue* quantity) {
    Value v(ValueKind::Quantity);
    v.quantity = quantity;
    return v;
  }

  Value() : Value(ValueKind::Node) {}

 private:
  explicit Value(ValueKind k)
      : node(nullptr), extension(nullptr), kind(k), is_fhir_type(false), type(kNoType) {}
};

}  // namespace fhir::path
