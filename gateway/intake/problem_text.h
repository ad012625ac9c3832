#pragma once
// Problems as the journal keeps them and as an answer shows them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/problem.h"
#include "gateway/journal/waiting_codes.h"

namespace lienthong::intake {

// Compact JSON:
// [{"s":"error","n":2103,"c":"hl7v2","i":"PID[1]-7","o":"Patient.birthDate","at":120,"a":["…"]}]. Empty when
// there are none. Values are left out: the raw message is kept beside it.
std::string problems_as_json(const ProblemSink& sink);

// Those of problems_as_json() again, without values; nothing of a text that is not its own. `dropped`: how
// many more there were. Any thread.
struct KeptProblems {
  std::vector<Problem> problems;
  std::uint64_t dropped = 0;
};
KeptProblems problems_from_json(std::string_view json);

// The codes and units that no table had a row for (LT-2101, LT-2119). Views `sink`.
std::vector<journal::UnmappedCode> unmapped_codes(const ProblemSink& sink);

// "hl7v2 1.4" of a mapping's identity "hl7v2 1.4 #8f3c…": what a person knows it by.
std::string_view name_of_mapping(std::string_view identity) noexcept;

}  // namespace lienthong::intake
