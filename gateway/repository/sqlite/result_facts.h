#pragma once
// What of an Observation decides whether a claims copy is one of it (semantics.md rule 16): codes, value,
// time. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/document/document.h"

namespace lienthong::repository::sqlite {

struct SystemCode {
  std::string system, code;  // both stated
  friend auto operator<=>(const SystemCode&, const SystemCode&) = default;
};

// For the index of copies; not for telling codes apart.
std::uint64_t hash_of(const SystemCode& code) noexcept;

struct ResultValue {
  // A number: its digits as stated, and what stands beside them.
  std::string number, comparator, unit, unit_code;
  // A text, or a coded value: what it is called and its codes.
  std::vector<std::string> texts;
  std::vector<SystemCode> codes;

  bool empty() const { return number.empty() && texts.empty() && codes.empty(); }
};

struct ResultFacts {
  std::vector<SystemCode> codes;  // sorted; empty: it can agree with nothing
  ResultValue value;
  // Moments (microseconds since 1970) that it can be of: one, or those of the day, month or year stated.
  std::int64_t from = 0, to = 0;

  bool usable() const { return !codes.empty(); }
};

// Reads facts; one thread at a time, reuses its memory.
class ResultReader {
 public:
  // `body` as stored. Not usable: no code with a system, no value that can be compared (Quantity, string,
  // CodeableConcept), no dateTime or instant, or a status that says it is none (yet): registered, cancelled,
  // entered-in-error.
  ResultFacts read(std::string_view body, int zone_minutes);

 private:
  fhir::Document document_;
  std::string text_;
};

// Numbers are compared as decimals, without loss ("7.10" is 7.1; a text that is a number is one); comparators
// must be the same, units alike where both are stated: their UCUM codes, else their texts. Texts and codes
// exactly.
bool same_value(const ResultValue& one, const ResultValue& other);

// How far two results lie apart: at least and at most, since a day has many moments.
struct Distance {
  std::int64_t least = 0, most = 0;
};
Distance distance_of(const ResultFacts& one, const ResultFacts& other) noexcept;

inline constexpr std::int64_t kTieSpan = 24LL * 3600 * 1'000'000;

// One code in common, the same value, and 24 hours between them at most, whatever moments are meant.
bool agree(const ResultFacts& copy, const ResultFacts& result);

}  // namespace lienthong::repository::sqlite
