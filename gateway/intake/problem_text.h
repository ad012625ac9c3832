#pragma once
// Problems as the journal keeps them and as an answer shows them.

#include <string>

#include "gateway/base/problem.h"

namespace lienthong::intake {

// Compact JSON:
// [{"s":"error","n":2103,"c":"hl7v2","i":"PID[1]-7","o":"Patient.birthDate","at":120,"a":["…"]}]. Empty when
// there are none. Values are left out: the raw message is kept beside it.
std::string problems_as_json(const ProblemSink& sink);

}  // namespace lienthong::intake
