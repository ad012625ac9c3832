#pragma once
// The inside of parse_values().

#include "fhir-model/search/search_value.h"

namespace fhir::search {

// Reads single values. Every function is false after setting error().
class ValueParser {
 public:
  ValueParser(const SearchModel& model, const ParameterInfo& parameter, Modifier modifier, TypeId target,
              const ValueOptions& options, KeyArena& texts)
      : model_(model),
        parameter_(&parameter),
        modifier_(modifier),
        target_(target),
        options_(options),
        texts_(texts) {}

  // `text` is still escaped.
  bool parse(std::string_view text, SearchValue& out);
  const ValueError& error() const { return error_; }

 private:
  bool composite(std::string_view text, SearchValue& out);
  bool token(std::string_view text, SearchValue& out);
  bool of_type(std::string_view text, SearchValue& out);
  bool string(std::string_view text, SearchValue& out);
  bool date(std::string_view text, SearchValue& out);
  bool number(std::string_view text, SearchValue& out);
  bool quantity(std::string_view text, SearchValue& out);
  bool reference(std::string_view text, SearchValue& out);
  bool identifier(std::string_view text, SearchValue& out);
  bool near(std::string_view text, SearchValue& out);
  bool missing(std::string_view text, SearchValue& out);
  void approximate(const path::Decimal& value, NumberKey& key) const;
  bool fail(std::string_view expected);
  std::string_view unescape(std::string_view text);

  const SearchModel& model_;
  const ParameterInfo* parameter_;
  Modifier modifier_;
  TypeId target_;
  const ValueOptions& options_;
  KeyArena& texts_;
  ValueError error_;
};

// "ge2020" → Ge, and `text` becomes "2020". Only for the types that have prefixes.
Prefix take_prefix(std::string_view& text);

}  // namespace fhir::search
