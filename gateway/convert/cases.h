#pragma once
// The cases beside a mapping: an input and the bundle it must become (`lienthong test`).

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/convert/program.h"

namespace lienthong::convert {
// One file cases/NAME.case: lines "# …" say what is shown and the guide's row or rule it follows; the input,
// one segment a line; a line "----"; then what must come out: one line an entry of the bundle, one line a
// problem.
struct CaseResult {
  std::string file;
  bool passed = false;
  bool rewritten = false;  // the expected side was rewritten because of `accept`
  std::string difference;  // the first differing lines, for people; empty when passed
};

// Runs all cases in the profile's folder (and, for an overlay, only its own). Errors: NotFound (no folder).
Result<std::vector<CaseResult>> run_cases(const std::shared_ptr<const Program>& program, bool accept);

// Runs one file.
Result<CaseResult> run_case(const std::shared_ptr<const Program>& program, const std::string& file,
                            bool accept);

}  // namespace lienthong::convert
